// SPDX-License-Identifier: GPL-2.0-only
// The commands of ioasid-io.
#include "ioasid-io/script.hpp"

#include <algorithm>
#include <array>

namespace pasid::io {

namespace {

using Kind = ArgumentKind;

constexpr std::array alloc_args{Kind::number, Kind::number};
constexpr std::array id_args{Kind::id};
constexpr std::array device_args{Kind::device};
constexpr std::array device_id_args{Kind::device, Kind::id};
constexpr std::array dma_args{Kind::device, Kind::dma_id, Kind::direction,
                              Kind::iova,   Kind::length, Kind::place};
constexpr std::array spid_args{Kind::id, Kind::number};
constexpr std::array extension_args{Kind::extension};
constexpr std::array kind_args{Kind::kind};
constexpr std::array ioas_args{Kind::ioas};
constexpr std::array map_args{Kind::ioas, Kind::address, Kind::length, Kind::access, Kind::iova};
constexpr std::array span_args{Kind::ioas, Kind::span, Kind::length};
constexpr std::array store_args{Kind::word, Kind::value};
constexpr std::array load_args{Kind::word};
constexpr std::array table_args{Kind::ioas, Kind::address};
constexpr std::array attach_args{Kind::device, Kind::ioas, Kind::attach_id};
constexpr std::array detach_args{Kind::device, Kind::attach_id};
constexpr std::array respond_args{Kind::request, Kind::response};
constexpr std::array seconds_args{Kind::seconds};
constexpr std::array count_args{Kind::count};

constexpr std::array format_args{Kind::format};
constexpr std::array range_args{Kind::address, Kind::address};
constexpr std::array ioas_options{OptionInfo{"faults", {}}, OptionInfo{"snoop", {}},
                                  OptionInfo{"format", format_args},
                                  OptionInfo{"range", range_args}};
constexpr std::array attach_options{OptionInfo{"replace", {}}};

// In the order of enum Verb.
constexpr std::array verbs{
    VerbInfo{.verb = Verb::version,
             .name = "version",
             .synopsis = "version",
             .help = "API version of the device"},
    VerbInfo{.verb = Verb::info, .name = "info", .synopsis = "info", .help = "PASID width in bits"},
    VerbInfo{.verb = Verb::alloc,
             .name = "alloc",
             .synopsis = "alloc MIN MAX",
             .help = "allocate a PASID in this range",
             .arguments = alloc_args},
    VerbInfo{.verb = Verb::free,
             .name = "free",
             .synopsis = "free ID",
             .help = "free a PASID",
             .arguments = id_args},
    VerbInfo{.verb = Verb::bind,
             .name = "bind",
             .synopsis = "bind DEVICE ID",
             .help = "bind DEVICE to the PASID, giving it access to this process's memory",
             .arguments = device_id_args},
    VerbInfo{.verb = Verb::unbind,
             .name = "unbind",
             .synopsis = "unbind DEVICE ID",
             .help = "unbind DEVICE from the PASID",
             .arguments = device_id_args},
    VerbInfo{.verb = Verb::dma,
             .name = "dma",
             .synopsis = "dma DEVICE ID read|write IOVA LEN [buf[+OFFSET]]",
             .help = "let DEVICE read or write LEN bytes at IOVA, a number or buf[+OFFSET]; ID -: "
                     "without PASID; print the number of bytes moved; with buf as IOVA or as the "
                     "last argument, which says where IOVA is mapped, check the contents (EIO)",
             .arguments = dma_args,
             .optional = 1},
    VerbInfo{.verb = Verb::spid_attach,
             .name = "spid",
             .form = "attach",
             .synopsis = "spid attach ID SPID",
             .help = "attach a set-private ID to the PASID",
             .arguments = spid_args},
    VerbInfo{.verb = Verb::spid_detach,
             .name = "spid",
             .form = "detach",
             .synopsis = "spid detach ID",
             .help = "detach the set-private ID from the PASID",
             .arguments = id_args},
    VerbInfo{.verb = Verb::device,
             .name = "device",
             .synopsis = "device DEVICE",
             .help = "print the abilities of DEVICE",
             .arguments = device_args},
    VerbInfo{.verb = Verb::extension,
             .name = "extension",
             .synopsis = "extension kinds|faults|replace|NUMBER",
             .help = "print the value of an extension; 0: the kernel does not have it",
             .arguments = extension_args},
    VerbInfo{.verb = Verb::ioas,
             .name = "ioas",
             .synopsis = "ioas kernel|process|kvm [faults] [snoop] [format FORMAT] "
                         "[range BASE HIGHEST]",
             .help = "allocate an I/O address space and print its ID; faults: report faults to "
                     "this process; snoop: enforce snooping; range: addresses that will be mapped",
             .arguments = kind_args,
             .options = ioas_options},
    VerbInfo{.verb = Verb::ioas_user,
             .name = "ioas",
             .form = "user",
             .synopsis = "ioas user PARENT [faults] [snoop] [format FORMAT] [range BASE HIGHEST]",
             .help = "the same, with a page table in memory of PARENT; the default format is "
                     "x86_64",
             .arguments = ioas_args,
             .options = ioas_options},
    VerbInfo{.verb = Verb::ioas_free,
             .name = "ioas-free",
             .synopsis = "ioas-free IOAS",
             .help = "free an I/O address space",
             .arguments = ioas_args},
    VerbInfo{.verb = Verb::ranges,
             .name = "ranges",
             .synopsis = "ranges IOAS",
             .help = "print the usable addresses of a space, and its page sizes",
             .arguments = ioas_args},
    VerbInfo{.verb = Verb::map,
             .name = "map",
             .synopsis = "map IOAS IOVA LENGTH read|write|rw [buf[+OFFSET]|ADDRESS]",
             .help = "map memory of this process at IOVA; the default is buf",
             .arguments = map_args,
             .optional = 1},
    VerbInfo{.verb = Verb::unmap,
             .name = "unmap",
             .synopsis = "unmap IOAS IOVA LENGTH | unmap IOAS all",
             .help = "remove the mappings in this range and print their length",
             .arguments = span_args},
    VerbInfo{.verb = Verb::store,
             .name = "store",
             .synopsis = "store buf[+OFFSET] VALUE",
             .help = "write a 64-bit word, like an entry of a page table",
             .arguments = store_args},
    VerbInfo{.verb = Verb::load,
             .name = "load",
             .synopsis = "load buf[+OFFSET]",
             .help = "print a 64-bit word",
             .arguments = load_args},
    VerbInfo{.verb = Verb::table_bind,
             .name = "table",
             .form = "bind",
             .synopsis = "table bind IOAS ROOT",
             .help = "bind the page table at address ROOT of the parent space",
             .arguments = table_args},
    VerbInfo{.verb = Verb::table_unbind,
             .name = "table",
             .form = "unbind",
             .synopsis = "table unbind IOAS",
             .help = "unbind the page table",
             .arguments = ioas_args},
    VerbInfo{.verb = Verb::invalidate,
             .name = "invalidate",
             .synopsis = "invalidate IOAS IOVA LENGTH [IOVA LENGTH]... | invalidate IOAS all",
             .help = "invalidate what devices cached of the page table; print the number of "
                     "ranges that are done, also after an error if there are any",
             .arguments = span_args,
             .repeated = 2},
    VerbInfo{.verb = Verb::attach,
             .name = "attach",
             .synopsis = "attach DEVICE IOAS [ID | spid SPID] [replace]",
             .help = "attach DEVICE to a space, for requests with this PASID, with the PASID of "
                     "this set-private ID, or without PASID; replace: in place of another space",
             .arguments = attach_args,
             .optional = 1,
             .options = attach_options},
    VerbInfo{.verb = Verb::detach,
             .name = "detach",
             .synopsis = "detach DEVICE [ID | spid SPID]",
             .help = "detach DEVICE from its space",
             .arguments = detach_args,
             .optional = 1},
    VerbInfo{.verb = Verb::fault,
             .name = "fault",
             .synopsis = "fault [SECONDS]",
             .help = "wait for a fault or page request, by default 10 seconds, and print it",
             .arguments = seconds_args,
             .optional = 1},
    VerbInfo{.verb = Verb::respond,
             .name = "respond",
             .synopsis = "respond REQUEST|last retry|failure",
             .help = "answer a page request: translate again, or fail; last: the one that 'fault' "
                     "printed last",
             .arguments = respond_args},
    VerbInfo{.verb = Verb::open,
             .name = "open",
             .synopsis = "open",
             .help = "open the device (by default the first command does)"},
    VerbInfo{.verb = Verb::close,
             .name = "close",
             .synopsis = "close",
             .help = "close the device, which frees everything"},
    VerbInfo{.verb = Verb::sleep,
             .name = "sleep",
             .synopsis = "sleep SECONDS",
             .help = "wait for this time",
             .arguments = seconds_args},
    VerbInfo{.verb = Verb::wait,
             .name = "wait",
             .synopsis = "wait",
             .help = "wait for a line or end of file on standard input"},
    VerbInfo{.verb = Verb::fork,
             .name = "fork",
             .synopsis = "fork { ... }",
             .help = "run the commands in a child process and wait for it; EBUSY while background "
                     "blocks are not joined",
             .has_body = true},
    VerbInfo{.verb = Verb::repeat,
             .name = "repeat",
             .synopsis = "repeat N { ... }",
             .help = "run the commands N times",
             .arguments = count_args,
             .has_body = true},
    VerbInfo{.verb = Verb::background,
             .name = "background",
             .synopsis = "background { ... }",
             .help = "run the commands in a thread, with their own $, @ and last, while the script "
                     "continues; 'join' prints their output",
             .has_body = true},
    VerbInfo{.verb = Verb::join,
             .name = "join",
             .synopsis = "join",
             .help = "wait for the background blocks of this script or block, and print how many "
                     "there were; the end of the script waits for them too"},
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

const Option *Command::option(std::string_view name) const
{
    const auto found = std::ranges::find(options, name, &Option::name);
    return found == options.end() ? nullptr : &*found;
}

} // namespace pasid::io
