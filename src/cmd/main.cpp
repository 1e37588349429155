// SPDX-License-Identifier: GPL-2.0
#include <clocale>
#include <csignal>

#include "cmd/command.hpp"

int main(int argc, char **argv)
{
    std::setlocale(LC_ALL, "");
    std::signal(SIGPIPE, SIG_IGN); // Output sees EPIPE
    pasid::Environment environment = pasid::real_environment();
    return pasid::run_command_line(argc, argv, environment);
}
