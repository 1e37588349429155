// SPDX-License-Identifier: GPL-2.0
#include "lib/signals.hpp"

#include <sys/signalfd.h>

namespace pasid {

Signals::Signals()
{
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGWINCH})
        sigaddset(&set, signal);
    sigprocmask(SIG_BLOCK, &set, &before_);
    fd_.reset(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
}

Signals::~Signals() { sigprocmask(SIG_SETMASK, &before_, nullptr); }

Signals::Seen Signals::take()
{
    Seen seen;
    signalfd_siginfo info{};
    while (read(fd_.get(), &info, sizeof(info)) == sizeof(info)) {
        if (info.ssi_signo == SIGWINCH)
            seen.resized = true;
        else
            seen.stop = true;
    }
    return seen;
}

} // namespace pasid
