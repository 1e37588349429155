// SPDX-License-Identifier: GPL-2.0-only
// Scripts of ioasid-io: one command per line (or separated by ';'), '#' comments, "fork { ... }"
// and "repeat N { ... }". A script file is parsed completely before it runs. Standard input is
// processed command by command, each answered before the next is read.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/result.hpp"

namespace pasid::io {

struct Source {
    std::string name; // for messages: a file, "standard input", "-c 1"
    std::string text;
    unsigned first_line = 1;
};

struct Position {
    std::string_view source;
    unsigned line = 0;
    unsigned column = 0;
};

struct Token {
    std::string text;
    Position position;
};

enum class Verb {
    version,
    info,
    alloc,
    free,
    bind,
    unbind,
    dma,
    spid,
    open,
    close,
    sleep,
    wait,
    fork,
    repeat,
    count, // number of verbs
};

// Kinds of arguments.
enum class ArgumentKind {
    number,    // 32 bits
    id,        // a PASID, or '$' for the last one allocated
    device,    // a name
    direction, // read, write
    iova,      // a number, or buf[+OFFSET]
    length,    // a number of bytes
    seconds,   // 0.5
    action,    // attach, detach
    count,     // times
};

struct Argument {
    std::string text;
    std::uint64_t number = 0;
    double seconds = 0;
    bool last_id = false;   // '$'
    bool in_buffer = false; // iova: @number is an offset in the client's buffer
};

struct Command {
    Verb verb = Verb::info;
    std::vector<Argument> arguments;
    std::vector<Command> body; // fork, repeat
};

// One command of the language.
struct VerbInfo {
    Verb verb;
    std::string_view name;
    std::string_view synopsis;
    std::string_view help;
    std::span<const ArgumentKind> arguments;
    unsigned optional = 0; // number of trailing arguments that are optional
    bool has_body = false;
};

const VerbInfo &info_of(Verb verb);
std::span<const VerbInfo> all_verbs();

// Concatenates the sources. They need not outlive the call, because errors contain positions as
// text.
Result<std::vector<Command>> parse(std::span<const Source> sources);

// Whether every block is closed.
bool balanced(const Source &source);

} // namespace pasid::io
