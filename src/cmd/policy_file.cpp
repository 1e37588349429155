// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/policy_file.hpp"

#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>

namespace pasid {

namespace {

Error unreadable(const std::string &path, int err)
{
    return Error{"cannot read " + path, std::generic_category().message(err), "", 0, Exit::usage};
}

// Reads one byte more than allowed, so that the compiler reports a file that is too large.
Result<std::string> read_stream(std::istream &stream, const std::string &path)
{
    std::string text(policy::max_file_bytes + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad())
        return unreadable(path, errno);
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

} // namespace

Result<std::string> read_policy_file(const std::string &path)
{
    if (path == "-")
        return read_stream(std::cin, "standard input");
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return unreadable(path, errno);
    auto text = read_stream(file, path);
    // open() succeeds on a directory, but read() fails.
    if (text && text->empty() && errno == EISDIR)
        return unreadable(path, EISDIR);
    return text;
}

void print_diagnostics(Context &context, const policy::Compiled &compiled)
{
    std::string text = policy::to_text(compiled.diagnostics);
    if (text.ends_with('\n'))
        text.pop_back();
    if (!text.empty())
        context.messages.line(text);
    context.messages.flush();
}

Result<policy::Compiled> compile_file(Context &context, const std::string &path)
{
    const auto text = read_policy_file(path);
    if (!text)
        return text.error();
    policy::Compiled compiled = policy::compile(*text, path == "-" ? "<stdin>" : path);
    print_diagnostics(context, compiled);
    if (!compiled.ok())
        return Error{path, "the policy has errors", "fix them; nothing was changed", 0,
                     Exit::usage};
    return compiled;
}

Result<InstalledPolicy> need_policy(Context &context)
{
    auto installed = context.environment.open_policies()->installed();
    if (!installed)
        return std::move(installed).error();
    if (!*installed)
        return Error{"policy", "none is active", "apply one: pasidctl policy apply FILE", 0,
                     Exit::negative};
    return std::move(**installed);
}

} // namespace pasid
