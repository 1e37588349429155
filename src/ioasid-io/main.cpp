// SPDX-License-Identifier: GPL-2.0
// A client of /dev/ioasid for scripts.
#include <csignal>
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
    std::string help = "Commands, one a line or between ';', '#' starts a comment:\n";
    for (const io::VerbInfo &info : io::all_verbs())
        help += fmt::format("  {}\n      {}\n", info.synopsis, info.help);
    return help +
           "Each prints one line, NAME: VALUE or NAME: error ERRNO. $ is the last ID.\n"
           "Example: ioasid-io -c 'alloc 1 0xfffff; bind sim0 $' -c 'dma sim0 $ read buf 64'";
}

Result<std::vector<io::Source>> sources(const std::vector<std::string> &commands,
                                        const std::string &file)
{
    std::vector<io::Source> list;
    for (std::size_t i = 0; i < commands.size(); i++)
        list.push_back({fmt::format("-c {}", i + 1), commands[i]});
    if (!commands.empty() && file.empty())
        return list;
    if (file.empty() || file == "-") {
        list.push_back({"standard input", {std::istreambuf_iterator<char>(std::cin), {}}});
        return list;
    }
    std::ifstream stream(file);
    if (!stream)
        return Error{"cannot read " + file, std::generic_category().message(errno), "", 0,
                     Exit::usage};
    list.push_back({file, {std::istreambuf_iterator<char>(stream), {}}});
    return list;
}

int run(const std::vector<std::string> &commands, const std::string &file, io::Options options)
{
    const auto texts = sources(commands, file);
    if (!texts)
        return complain(texts.error());
    const auto script = io::parse(*texts);
    if (!script)
        return complain(script.error());
    if (commands.empty() && (file.empty() || file == "-") && io::uses(*script, io::Verb::wait))
        return complain({"wait", "the script itself came from standard input",
                         "give the script as a file or by -c", 0, Exit::usage});

    KernelIoasidDevice device;
    Output out(STDOUT_FILENO);
    auto client = io::Client::make(device, out, options);
    if (!client)
        return complain(client.error());
    return client->run(*script) ? 0 : 1;
}

} // namespace

int main(int argc, char **argv)
{
    CLI::App app("Script-friendly client of /dev/ioasid.", "ioasid-io");
    std::vector<std::string> commands;
    std::string file;
    io::Options options;
    app.add_option("-c", commands, "Run this command; may be given several times")
        ->allow_extra_args(false)
        ->type_name("CMD");
    app.add_option("FILE", file, "Script; none or -: standard input");
    app.add_flag("-k,--keep-going", options.keep_going, "Go on after a command that failed");
    app.add_flag("-q,--quiet", options.quiet, "Print failures only");
    app.footer(verbs_help());
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    std::signal(SIGPIPE, SIG_IGN);
    return run(commands, file, options);
}
