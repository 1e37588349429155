// SPDX-License-Identifier: GPL-2.0-only
#include <clocale>
#include <csignal>

#include "cmd/command.hpp"

int main(int argc, char **argv)
{
    std::setlocale(LC_CTYPE, "");  // not LC_NUMERIC: numbers look the same in every locale
    std::signal(SIGPIPE, SIG_IGN); // Output handles EPIPE
    pasid::Environment environment = pasid::real_environment();
    return pasid::run_command_line(argc, argv, environment);
}
