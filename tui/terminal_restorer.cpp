// SPDX-License-Identifier: GPL-2.0-only
#include "tui/terminal_restorer.hpp"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pasid::tui {

namespace {

constexpr char cancel_byte = 'q';
volatile sig_atomic_t active_write_end = -1; // there is one terminal and one restorer

// Signals from the terminal are meant for the view, and setting the terminal from the background
// would stop this process.
void ignore_signals()
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, nullptr);
}

[[noreturn]] void wait_and_restore(int read_end, int fd, const std::string &restore,
                                   const termios &settings)
{
    ignore_signals();
    // Close the view's other file descriptors.
    const auto kept = static_cast<unsigned>(read_end);
    if (kept > 3)
        close_range(3, kept - 1, 0);
    close_range(kept + 1, ~0u, 0);
    prctl(PR_SET_NAME, "pasidctl-guard");
    char word = 0;
    ssize_t got = 0;
    do
        got = read(read_end, &word, 1);
    while (got < 0 && errno == EINTR);
    if (got == 1 && word == cancel_byte)
        _exit(0);
    tcsetattr(fd, TCSANOW, &settings);
    if (write(fd, restore.data(), restore.size()) < 0)
        _exit(1);
    _exit(0);
}

} // namespace

void TerminalRestorer::start(int fd, const termios &before, const std::string &restore)
{
    int ends[2];
    if (pid_ > 0 || pipe2(ends, O_CLOEXEC) != 0)
        return;
    Fd read_end(ends[0]), write_end(ends[1]);
    const pid_t child = fork();
    if (child == 0) {
        write_end.reset();
        wait_and_restore(read_end.get(), fd, restore, before);
    }
    if (child < 0)
        return;
    pid_ = child;
    write_end_ = std::move(write_end);
    active_write_end = write_end_.get();
}

void TerminalRestorer::cancel_in_handler()
{
    if (active_write_end >= 0 && write(active_write_end, &cancel_byte, 1) < 0) {
        // A handler cannot report the failure.
    }
}

void TerminalRestorer::cancel()
{
    if (pid_ <= 0)
        return;
    cancel_in_handler();
    active_write_end = -1;
    write_end_.reset();
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
}

} // namespace pasid::tui
