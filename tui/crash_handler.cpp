// SPDX-License-Identifier: GPL-2.0-only
#include "tui/crash_handler.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>
#include <cstring>

#include <termios.h>
#include <unistd.h>

#include "tui/terminal_restorer.hpp"

namespace pasid::tui {

namespace {

constexpr std::array fatal_signals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

// No allocation or locks, because a signal handler uses it.
struct CrashState {
    bool installed;
    int fd;
    termios settings;
    char restore[256];
    std::size_t length;
    struct sigaction before[fatal_signals.size()];
};
CrashState state;

void restore_handlers()
{
    for (std::size_t i = 0; i < fatal_signals.size(); i++)
        sigaction(fatal_signals[i], &state.before[i], nullptr);
}

void on_fatal(int signal)
{
    restart_output(state.fd);
    if (write(state.fd, state.restore, state.length) < 0) {
        // A handler cannot report the failure.
    }
    tcsetattr(state.fd, TCSANOW, &state.settings);
    TerminalRestorer::cancel_in_handler();
    restore_handlers();
    // The signal is blocked until this handler returns; then the previous action applies.
    raise(signal);
}

} // namespace

bool install_crash_handler(int fd, const std::string &restore)
{
    state.length = std::min(restore.size(), sizeof(state.restore));
    std::memcpy(state.restore, restore.data(), state.length);
    if (state.installed)
        return true;
    if (tcgetattr(fd, &state.settings) != 0)
        return false;
    state.fd = fd;
    struct sigaction action {};
    action.sa_handler = on_fatal;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_ONSTACK;
    for (std::size_t i = 0; i < fatal_signals.size(); i++)
        sigaction(fatal_signals[i], &action, &state.before[i]);
    state.installed = true;
    return true;
}

// TCOON only undoes TCOOFF, not Ctrl-S. Output without flow control is never stopped.
void restart_output(int fd)
{
    termios settings{};
    if (tcgetattr(fd, &settings) != 0)
        return;
    settings.c_iflag &= ~static_cast<tcflag_t>(IXON);
    tcsetattr(fd, TCSANOW, &settings);
}

void remove_crash_handler()
{
    if (!state.installed)
        return;
    restore_handlers();
    state.installed = false;
}

} // namespace pasid::tui
