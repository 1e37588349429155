// SPDX-License-Identifier: GPL-2.0
#include "tui/signals.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

namespace pasid::tui {

Signals::Signals()
{
    sigset_t handled;
    sigemptyset(&handled);
    for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT})
        sigaddset(&handled, signal);
    pthread_sigmask(SIG_BLOCK, &handled, &before_);
    fd_ = signalfd(-1, &handled, SFD_NONBLOCK | SFD_CLOEXEC);
}

Signals::~Signals()
{
    if (fd_ >= 0)
        close(fd_);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

std::optional<int> Signals::next()
{
    signalfd_siginfo info{};
    if (read(fd_, &info, sizeof(info)) != static_cast<ssize_t>(sizeof(info)))
        return std::nullopt;
    return static_cast<int>(info.ssi_signo);
}

} // namespace pasid::tui
