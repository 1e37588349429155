// SPDX-License-Identifier: GPL-2.0-only
#include "lib/signals.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

namespace pasid {

Signals::Signals(std::initializer_list<int> handled)
{
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : handled)
        sigaddset(&set, signal);
    pthread_sigmask(SIG_BLOCK, &set, &before_);
    fd_.reset(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
}

Signals::~Signals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

std::optional<int> Signals::next()
{
    signalfd_siginfo info{};
    if (read(fd_.get(), &info, sizeof(info)) != static_cast<ssize_t>(sizeof(info)))
        return std::nullopt;
    return static_cast<int>(info.ssi_signo);
}

Signals::Seen Signals::take()
{
    Seen seen;
    while (const auto signal = next())
        (*signal == SIGWINCH ? seen.resized : seen.stop) = true;
    return seen;
}

} // namespace pasid
