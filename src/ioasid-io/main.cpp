// SPDX-License-Identifier: GPL-2.0-only
// A client of /dev/ioasid for scripts.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "ioasid-io/client.hpp"

namespace {

using namespace pasid;

int complain(const Error &error)
{
    fmt::print(stderr, "ioasid-io: {}\n", describe(error));
    return static_cast<int>(error.exit);
}

std::string verbs_help()
{
    std::string help = "Commands, one per line or separated by ';'; '#' starts a comment:\n";
    for (const io::VerbInfo &info : io::all_verbs())
        help += fmt::format("  {}\n      {}\n", info.synopsis, info.help);
    return help +
           "Each command prints one line: NAME: VALUE or NAME: error ERRNO. $ is the last PASID, "
           "@\n"
           "the last I/O address space, buf memory of this process (1 MiB, page-aligned). A "
           "script\n"
           "that stops at an error ends its background blocks.\n"
           "Example: ioasid-io -c 'alloc 1 0xfffff; bind sim0 $' -c 'dma sim0 $ read buf 64'";
}

// Reads one line byte by byte, because the rest of the input belongs to the next command or to
// "wait". Returns false at end of file.
bool read_line(std::string &text)
{
    const std::size_t before = text.size();
    char c = 0;
    while (c != '\n' && read(STDIN_FILENO, &c, 1) == 1)
        text.push_back(c);
    return text.size() > before;
}

// Answers each command of standard input before reading the next one.
int run_standard_input(io::Client &client, bool keep_going)
{
    io::Source source{"standard input", "", 1};
    bool good = true;
    while (read_line(source.text)) {
        while (!io::balanced(source) && read_line(source.text)) {
        }
        const auto script = io::parse({&source, 1});
        if (!script)
            return complain(script.error());
        good = client.run(*script) && good;
        if (!good && !keep_going)
            return 1;
        source.first_line += static_cast<unsigned>(std::ranges::count(source.text, '\n'));
        source.text.clear();
    }
    return good ? 0 : 1;
}

Result<std::vector<io::Source>> sources(const std::vector<std::string> &commands,
                                        const std::string &file)
{
    std::vector<io::Source> list;
    for (std::size_t i = 0; i < commands.size(); i++)
        list.push_back({fmt::format("-c {}", i + 1), commands[i]});
    if (file.empty())
        return list;
    std::ifstream stream(file);
    if (!stream)
        return Error{"cannot read " + file, std::generic_category().message(errno), "", 0,
                     Exit::usage};
    list.push_back({file, {std::istreambuf_iterator<char>(stream), {}}});
    return list;
}

// Waits for background blocks. After an error it does not, because they may wait for what the
// script did not do.
int finish(io::Client &client, Output &out, int status, bool stopped)
{
    if (stopped && client.has_background()) {
        out.flush();
        _exit(status);
    }
    return client.join() ? status : std::max(status, 1);
}

int run(const std::vector<std::string> &commands, const std::string &file, io::Options options)
{
    const bool from_input = file == "-" || (file.empty() && commands.empty());
    const auto texts = sources(commands, file == "-" ? "" : file);
    if (!texts)
        return complain(texts.error());
    const auto script = io::parse(*texts);
    if (!script)
        return complain(script.error());

    KernelIoasidDevice device;
    Output out(STDOUT_FILENO);
    auto client = io::Client::make(device, out, options);
    if (!client)
        return complain(client.error());
    int status = client->run(*script) ? 0 : 1;
    if (from_input && (!status || options.keep_going))
        status = std::max(status, run_standard_input(*client, options.keep_going));
    const bool stopped = status == static_cast<int>(Exit::usage) || !options.keep_going;
    return finish(*client, out, status, status && stopped);
}

int run_command_line(int argc, char **argv)
{
    CLI::App app("Script-friendly client of /dev/ioasid.", "ioasid-io");
    std::vector<std::string> commands;
    std::string file;
    io::Options options;
    app.add_option("-c", commands, "Run this command; can be repeated")
        ->allow_extra_args(false)
        ->type_name("CMD");
    app.add_option("FILE", file, "Script file; default or -: standard input");
    app.add_flag("-k,--keep-going", options.keep_going, "Continue after a failed command");
    app.add_flag("-q,--quiet", options.quiet, "Print only failures");
    app.footer(verbs_help());
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    std::signal(SIGPIPE, SIG_IGN);
    return run(commands, file, options);
}

} // namespace

int main(int argc, char **argv)
{
    try {
        return run_command_line(argc, argv);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "ioasid-io: %s\n", error.what());
        return 1;
    }
}
