// SPDX-License-Identifier: GPL-2.0-only
// Scripts of ioasid-io: one command per line (or separated by ';'), '#' comments, and the blocks
// "fork { ... }", "repeat N { ... }" and "background { ... }". A script file is parsed completely
// before it runs. Standard input is processed command by command, each answered before the next is
// read.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/result.hpp"

namespace pasid::io {

// The memory "buf" of a script.
inline constexpr std::size_t buffer_size = 1u << 20;

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
    spid_attach,
    spid_detach,
    device,
    extension,
    ioas,
    ioas_user,
    ioas_free,
    ranges,
    map,
    unmap,
    store,
    load,
    table_bind,
    table_unbind,
    invalidate,
    attach,
    detach,
    fault,
    respond,
    open,
    close,
    sleep,
    wait,
    fork,
    repeat,
    background,
    join,
    count, // number of verbs
};

// Kinds of arguments.
enum class ArgumentKind {
    number,    // 32 bits
    id,        // a PASID, or '$' for the last one allocated
    dma_id,    // the same, or '-' for requests without PASID
    attach_id, // the same as id, or two words: "spid" and an SPID
    device,    // a name
    direction, // read, write
    access,    // read, write, rw
    iova,      // a number, or buf[+OFFSET]
    place,     // buf[+OFFSET]
    word,      // buf[+OFFSET] of a 64-bit word
    address,   // a number
    span,      // an address, or "all" in place of an address and a length
    length,    // a number of bytes
    value,     // 64 bits
    seconds,   // 0.5
    count,     // times
    ioas,      // an I/O address space, or '@' for the last one allocated
    kind,      // of an I/O address space without parent
    format,    // of a user page table: a name or a number
    extension, // a name or a number
    request,   // a page request, or "last"
    response,  // retry, failure
};

struct Argument {
    std::string text;
    std::uint64_t number = 0; // also the value of a name
    double seconds = 0;
    bool last = false;      // '$', '@', "last"
    bool none = false;      // '-'
    bool is_spid = false;   // @number is an SPID
    bool in_buffer = false; // @number is an offset in the client's buffer
};

// A word that may follow the arguments, with its own arguments.
struct OptionInfo {
    std::string_view name;
    std::span<const ArgumentKind> arguments;
};

struct Option {
    std::string_view name;
    std::vector<Argument> arguments;
};

struct Command {
    Verb verb = Verb::info;
    std::vector<Argument> arguments;
    std::vector<Option> options;
    std::vector<Command> body; // fork, repeat, background

    // nullptr if it is not given.
    const Option *option(std::string_view name) const;
};

// One command of the language. Verbs with the same name differ in the word after it, @form.
struct VerbInfo {
    Verb verb;
    std::string_view name;
    std::string_view form = {}; // empty: any word
    std::string_view synopsis;
    std::string_view help;
    std::span<const ArgumentKind> arguments = {};
    unsigned optional = 0; // number of trailing arguments that are optional
    unsigned repeated = 0; // number of trailing arguments that can be repeated as a group
    std::span<const OptionInfo> options = {};
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
