// SPDX-License-Identifier: GPL-2.0-only
#include "tui/guardian.hpp"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pasid::tui {

namespace {

constexpr char good_bye = 'q';
volatile sig_atomic_t lifeline_of_all = -1; // there is one terminal, and one guardian

// What the terminal and its user send is not for the guardian, and setting the terminal from the
// background would stop it.
void ignore_signals()
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, nullptr);
}

[[noreturn]] void guard(int lifeline, int fd, const std::string &restore, const termios &settings)
{
    ignore_signals();
    // What the view opened must not stay open because of us.
    const auto kept = static_cast<unsigned>(lifeline);
    if (kept > 3)
        close_range(3, kept - 1, 0);
    close_range(kept + 1, ~0u, 0);
    prctl(PR_SET_NAME, "pasidctl-guard");
    char word = 0;
    ssize_t got = 0;
    do
        got = read(lifeline, &word, 1);
    while (got < 0 && errno == EINTR);
    if (got == 1 && word == good_bye)
        _exit(0);
    tcsetattr(fd, TCSANOW, &settings);
    if (write(fd, restore.data(), restore.size()) < 0)
        _exit(1);
    _exit(0);
}

} // namespace

void Guardian::post(int fd, const termios &before, const std::string &restore)
{
    int ends[2];
    if (pid_ > 0 || pipe2(ends, O_CLOEXEC) != 0)
        return;
    Fd read_end(ends[0]), write_end(ends[1]);
    const pid_t child = fork();
    if (child == 0) {
        write_end.reset();
        guard(read_end.get(), fd, restore, before);
    }
    if (child < 0)
        return;
    pid_ = child;
    lifeline_ = std::move(write_end);
    lifeline_of_all = lifeline_.get();
}

void Guardian::dismiss_in_handler()
{
    if (lifeline_of_all >= 0 && write(lifeline_of_all, &good_bye, 1) < 0) {
        // Nothing can be done about it here.
    }
}

void Guardian::dismiss()
{
    if (pid_ <= 0)
        return;
    dismiss_in_handler();
    lifeline_of_all = -1;
    lifeline_.reset();
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
}

} // namespace pasid::tui
