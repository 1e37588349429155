// SPDX-License-Identifier: GPL-2.0-only
// The commands of ioasid-io.
#include "ioasid-io/script.hpp"

#include <array>

namespace pasid::io {

namespace {

constexpr std::array<ArgumentKind, 0> nothing{};
constexpr std::array alloc_args{ArgumentKind::number, ArgumentKind::number};
constexpr std::array id_args{ArgumentKind::id};
constexpr std::array device_id_args{ArgumentKind::device, ArgumentKind::id};
constexpr std::array dma_args{ArgumentKind::device, ArgumentKind::id, ArgumentKind::direction,
                              ArgumentKind::iova, ArgumentKind::length};
constexpr std::array spid_args{ArgumentKind::action, ArgumentKind::id, ArgumentKind::number};
constexpr std::array seconds_args{ArgumentKind::seconds};
constexpr std::array count_args{ArgumentKind::count};

// In the order of enum Verb.
constexpr std::array verbs{
    VerbInfo{Verb::version, "version", "version", "API version of the device", nothing},
    VerbInfo{Verb::info, "info", "info", "PASID width in bits", nothing},
    VerbInfo{Verb::alloc, "alloc", "alloc MIN MAX", "allocate a PASID in this range", alloc_args},
    VerbInfo{Verb::free, "free", "free ID", "free a PASID", id_args},
    VerbInfo{Verb::bind, "bind", "bind DEVICE ID",
             "bind DEVICE to the PASID, giving it access to this process's memory", device_id_args},
    VerbInfo{Verb::unbind, "unbind", "unbind DEVICE ID", "unbind DEVICE from the PASID",
             device_id_args},
    VerbInfo{Verb::dma, "dma", "dma DEVICE ID read|write IOVA LEN",
             "let DEVICE read or write LEN bytes at IOVA, a number or buf[+OFFSET]; print the "
             "number of bytes moved; with buf, check the contents (EIO)",
             dma_args},
    VerbInfo{Verb::spid, "spid", "spid attach ID SPID | spid detach ID",
             "attach a set-private ID to the PASID, or detach it", spid_args, 1},
    VerbInfo{Verb::open, "open", "open", "open the device (by default the first command does)",
             nothing},
    VerbInfo{Verb::close, "close", "close", "close the device, which frees everything", nothing},
    VerbInfo{Verb::sleep, "sleep", "sleep SECONDS", "wait for this time", seconds_args},
    VerbInfo{Verb::wait, "wait", "wait", "wait for a line or end of file on standard input",
             nothing},
    VerbInfo{Verb::fork, "fork", "fork { ... }",
             "run the commands in a child process and wait for it", nothing, 0, true},
    VerbInfo{Verb::repeat, "repeat", "repeat N { ... }", "run the commands N times", count_args, 0,
             true},
};

constexpr bool in_order()
{
    for (std::size_t i = 0; i < verbs.size(); i++)
        if (static_cast<std::size_t>(verbs[i].verb) != i)
            return false;
    return verbs.size() == static_cast<std::size_t>(Verb::count);
}
static_assert(in_order(), "a row for every verb, in the order of enum Verb");

} // namespace

const VerbInfo &info_of(Verb verb) { return verbs[static_cast<std::size_t>(verb)]; }

std::span<const VerbInfo> all_verbs() { return verbs; }

bool uses(const std::vector<Command> &script, Verb verb)
{
    for (const Command &command : script)
        if (command.verb == verb || uses(command.body, verb))
            return true;
    return false;
}

} // namespace pasid::io
