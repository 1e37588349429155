// SPDX-License-Identifier: GPL-2.0-only
#include "ioasid-io/calls.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace pasid::io {

namespace {

constexpr double default_wait = 10; // seconds
constexpr std::uint32_t no_id = UINT32_MAX;

// --- Arguments --------------------------------------------------------------

const Argument *argument(const Call &call, std::size_t index)
{
    const auto &arguments = call.command.arguments;
    return index < arguments.size() ? &arguments[index] : nullptr;
}

const std::string &text(const Call &call, std::size_t index)
{
    return call.command.arguments[index].text;
}

std::uint64_t number(const Call &call, std::size_t index)
{
    return call.command.arguments[index].number;
}

std::uint32_t number32(const Call &call, std::size_t index)
{
    return static_cast<std::uint32_t>(number(call, index));
}

// A number, or the value of a variable that the argument names.
template <class Number>
Result<Number> value(const Argument &argument, const std::optional<Number> &variable)
{
    if (!argument.last)
        return static_cast<Number>(argument.number);
    if (!variable)
        return system_error(argument.text, ENOENT);
    return *variable;
}

Result<std::uint32_t> id(const Call &call, std::size_t index)
{
    return value(call.command.arguments[index], call.variables.id);
}

Result<std::uint32_t> ioas(const Call &call, std::size_t index)
{
    return value(call.command.arguments[index], call.variables.ioas);
}

std::uint64_t address(const Call &call, const Argument &argument)
{
    const auto buffer = reinterpret_cast<std::uintptr_t>(call.buffer.data());
    return argument.number + (argument.in_buffer ? buffer : 0);
}

// Calls @method with the PASID of this argument.
template <class Method> Answer with_id(const Call &call, std::size_t index, const Method &method)
{
    const auto pasid = id(call, index);
    return pasid ? Answer(method(*pasid)) : Answer(pasid.error());
}

// Calls @method with the I/O address space of this argument.
template <class Method> Answer with_ioas(const Call &call, std::size_t index, const Method &method)
{
    const auto space = ioas(call, index);
    return space ? Answer(method(*space)) : Answer(space.error());
}

// --- Values -----------------------------------------------------------------

struct Bit {
    std::uint32_t bit;
    std::string_view name;
};

constexpr std::array caps{Bit{IOASID_CAP_PASID, "pasid"}, Bit{IOASID_CAP_PRI, "pri"},
                          Bit{IOASID_CAP_NESTING, "nesting"}, Bit{IOASID_CAP_SNOOP, "snoop"},
                          Bit{IOASID_CAP_DMA, "dma"}};

constexpr std::array formats{
#define X(number, constant, name) Bit{1u << (number), #name},
    IOASID_FORMATS(X)
#undef X
};

// "pasid,dma"; "-" if there is none. Bits without a name are one number.
std::string names_of(std::uint32_t bits, std::span<const Bit> names)
{
    std::string list;
    for (const Bit &known : names) {
        if (bits & known.bit)
            list += fmt::format("{}{}", list.empty() ? "" : ",", known.name);
        bits &= ~known.bit;
    }
    if (bits)
        list += fmt::format("{}{:#x}", list.empty() ? "" : ",", bits);
    return list.empty() ? "-" : list;
}

// "4K,2M"
std::string page_sizes(std::uint64_t sizes)
{
    std::string list;
    for (; sizes; sizes &= sizes - 1) {
        const auto shift = static_cast<unsigned>(std::countr_zero(sizes));
        list += fmt::format("{}{}{}", list.empty() ? "" : ",", 1u << shift % 10,
                            std::string_view(" KMGTPE").substr(shift / 10, shift >= 10));
    }
    return list.empty() ? "-" : list;
}

std::string_view reason_name(std::uint32_t reason)
{
    switch (reason) {
#define X(number, constant, name, help)                                                            \
    case number:                                                                                   \
        return #name;
        IOASID_FAULT_REASONS(X)
#undef X
    default:
        return "?";
    }
}

std::string_view access_name(std::uint32_t access)
{
    return access == IOASID_MAP_READ ? "read" : access == IOASID_MAP_WRITE ? "write" : "?";
}

// A name from the kernel, which may be without NUL.
template <std::size_t size> std::string_view name_of(const char (&name)[size])
{
    return {name, strnlen(name, size)};
}

// Test pattern that differs by position and by @seed, so that misplaced DMA data is detected.
void fill(std::span<std::byte> memory, std::uint8_t seed)
{
    for (std::size_t i = 0; i < memory.size(); i++)
        memory[i] = static_cast<std::byte>((i * 31 + i / 251 + seed * 97ul + 1) & 0xff);
}

// --- PASIDs -----------------------------------------------------------------

Answer version(Call &call) { return call.device.api_version(); }

Answer info(Call &call)
{
    const auto info = call.device.info();
    return info ? Answer(info->ioasid_bits) : Answer(info.error());
}

Answer alloc(Call &call)
{
    const auto pasid = call.device.alloc(number32(call, 0), number32(call, 1));
    if (pasid)
        call.variables.id = *pasid;
    return pasid;
}

Answer free(Call &call)
{
    return with_id(call, 0, [&](std::uint32_t pasid) { return call.device.free(pasid); });
}

Answer bind(Call &call)
{
    return with_id(call, 1,
                   [&](std::uint32_t pasid) { return call.device.bind(text(call, 0), pasid); });
}

Answer unbind(Call &call)
{
    return with_id(call, 1,
                   [&](std::uint32_t pasid) { return call.device.unbind(text(call, 0), pasid); });
}

Answer spid_attach(Call &call)
{
    return with_id(call, 0, [&](std::uint32_t pasid) {
        return call.device.spid_attach(pasid, number32(call, 1));
    });
}

Answer spid_detach(Call &call)
{
    return with_id(call, 0, [&](std::uint32_t pasid) { return call.device.spid_detach(pasid); });
}

// --- Devices ----------------------------------------------------------------

// Checks that the device accessed this place in the buffer.
Answer checked(const Call &call, std::uint64_t offset, std::uint64_t moved)
{
    if (offset > buffer_size || moved > buffer_size - offset)
        return system_error("dma", EIO); // the device cannot reach past the buffer
    if (std::memcmp(call.buffer.data() + offset, call.data.data(), moved) != 0)
        return system_error("dma", EIO);
    return moved;
}

Answer dma(Call &call)
{
    const bool no_pasid = call.command.arguments[1].none;
    const auto pasid = id(call, 1);
    if (!pasid)
        return pasid.error();
    const auto direction = number32(call, 2);
    const Argument &iova = call.command.arguments[3];
    const std::uint64_t length = number(call, 4);

    const auto data = call.data.first(std::min<std::uint64_t>(length, buffer_size));
    std::uint8_t &pattern = call.variables.pattern;
    // For a read, data that differs from the buffer.
    fill(data, direction == IOASID_DMA_WRITE ? ++pattern : pattern + 101);

    const auto moved =
        call.device.dma(text(call, 0), *pasid, direction | (no_pasid ? IOASID_DMA_NO_PASID : 0),
                        address(call, iova), length, data.data());
    const Argument *place = argument(call, 5) ? argument(call, 5) : &iova;
    if (!moved || !place->in_buffer)
        return moved;
    return checked(call, place->number, *moved);
}

Answer device(Call &call)
{
    const auto info = call.device.device_info(text(call, 0));
    if (!info)
        return info.error();
    return fmt::format("{} backend={} pasid_bits={} iova_bits={} caps={} formats={} page_sizes={}",
                       name_of(info->device), name_of(info->backend), info->pasid_bits,
                       info->iova_bits, names_of(info->caps, caps),
                       names_of(info->formats, formats), page_sizes(info->page_sizes));
}

Answer extension(Call &call) { return call.device.check_extension(number32(call, 0)); }

// --- I/O address spaces -----------------------------------------------------

Answer ioas_alloc(Call &call, ioasid_ioas_alloc request)
{
    const Command &command = call.command;
    if (command.option("faults"))
        request.flags |= IOASID_IOAS_FAULTS;
    if (command.option("snoop"))
        request.flags |= IOASID_IOAS_SNOOP;
    if (const Option *format = command.option("format"))
        request.format = static_cast<std::uint32_t>(format->arguments[0].number);
    if (const Option *range = command.option("range")) {
        request.base_iova = range->arguments[0].number;
        request.highest_iova = range->arguments[1].number;
    }
    const auto space = call.device.ioas_alloc(request);
    if (space)
        call.variables.ioas = *space;
    return space;
}

Answer ioas_of_kind(Call &call)
{
    ioasid_ioas_alloc request{};
    request.kind = number32(call, 0);
    return ioas_alloc(call, request);
}

Answer ioas_user(Call &call)
{
    return with_ioas(call, 0, [&](std::uint32_t parent) {
        ioasid_ioas_alloc request{};
        request.kind = IOASID_KIND_USER;
        request.format = IOASID_FORMAT_X86_64;
        request.parent = parent;
        return ioas_alloc(call, request);
    });
}

Answer ioas_free(Call &call)
{
    return with_ioas(call, 0, [&](std::uint32_t space) { return call.device.ioas_free(space); });
}

Answer ranges_of(Call &call, std::uint32_t space)
{
    std::vector<ioasid_iova_range> ranges(8);
    std::uint32_t count = 0;
    auto sizes = call.device.ioas_ranges(space, ranges, count);
    while (!sizes && sizes.error().err == EMSGSIZE && count > ranges.size()) {
        ranges.resize(count);
        sizes = call.device.ioas_ranges(space, ranges, count);
    }
    if (!sizes)
        return sizes.error();
    ranges.resize(std::min<std::size_t>(count, ranges.size()));
    std::string list;
    for (const ioasid_iova_range &range : ranges)
        list += fmt::format("{:#x}-{:#x} ", range.start, range.last);
    return fmt::format("{}page_sizes={}", list, page_sizes(*sizes));
}

Answer ranges(Call &call)
{
    return with_ioas(call, 0, [&](std::uint32_t space) { return ranges_of(call, space); });
}

Answer map(Call &call)
{
    const Argument *memory = argument(call, 4);
    const std::uint64_t start =
        memory ? address(call, *memory) : reinterpret_cast<std::uintptr_t>(call.buffer.data());
    return with_ioas(call, 0, [&](std::uint32_t space) {
        return call.device.map(space, number32(call, 3), number(call, 1), number(call, 2), start);
    });
}

Answer unmap(Call &call)
{
    return with_ioas(call, 0, [&](std::uint32_t space) {
        return call.device.unmap(space, number(call, 1), number(call, 2));
    });
}

Answer table_bind(Call &call)
{
    return with_ioas(call, 0, [&](std::uint32_t space) {
        return call.device.table_bind(space, number(call, 1));
    });
}

Answer table_unbind(Call &call)
{
    return with_ioas(call, 0, [&](std::uint32_t space) { return call.device.table_unbind(space); });
}

Answer invalidate(Call &call)
{
    std::vector<ioasid_invalidate_entry> entries;
    for (std::size_t i = 1; i + 1 < call.command.arguments.size(); i += 2)
        entries.push_back({number(call, i), number(call, i + 1)});
    return with_ioas(call, 0, [&](std::uint32_t space) {
        std::uint32_t done = 0;
        const auto invalidated = call.device.invalidate(space, entries, done);
        if (invalidated)
            return Answer(done);
        return Answer(invalidated.error(), done ? fmt::format("done={}", done) : "");
    });
}

// One word of the buffer, which a device may be reading as an entry of its page table.
std::atomic_ref<std::uint64_t> word(const Call &call)
{
    return std::atomic_ref(
        *reinterpret_cast<std::uint64_t *>(call.buffer.data() + number(call, 0)));
}

Answer store(Call &call)
{
    word(call).store(number(call, 1));
    return 0;
}

Answer load(Call &call) { return fmt::format("{:#x}", word(call).load()); }

// --- Attachments ------------------------------------------------------------

// The PASID or SPID of the argument; its absence means requests without PASID.
struct Target {
    std::uint32_t flags = 0;
    std::uint32_t pasid = 0;
};

Result<Target> target(const Call &call, std::size_t index)
{
    const Argument *given = argument(call, index);
    if (!given)
        return Target{};
    const auto pasid = id(call, index);
    if (!pasid)
        return pasid.error();
    return Target{given->is_spid ? IOASID_ATTACH_SPID : IOASID_ATTACH_PASID, *pasid};
}

Answer attach(Call &call)
{
    const auto to = target(call, 2);
    if (!to)
        return to.error();
    const std::uint32_t replace = call.command.option("replace") ? IOASID_ATTACH_REPLACE : 0;
    return with_ioas(call, 1, [&](std::uint32_t space) {
        return call.device.attach(text(call, 0), space, to->flags | replace, to->pasid);
    });
}

Answer detach(Call &call)
{
    const auto from = target(call, 1);
    return from ? Answer(call.device.detach(text(call, 0), from->flags, from->pasid))
                : Answer(from.error());
}

// --- Faults -----------------------------------------------------------------

Answer fault(Call &call)
{
    const Argument *given = argument(call, 0);
    const std::chrono::duration<double> wait(given ? given->seconds : default_wait);
    const auto record =
        call.device.read_fault(std::chrono::duration_cast<std::chrono::milliseconds>(wait));
    if (!record)
        return record.error();

    std::string line = record->type == IOASID_FAULT_TYPE_DMA            ? "dma"
                       : record->type == IOASID_FAULT_TYPE_PAGE_REQUEST ? "page_request"
                                                                        : "?";
    if (record->type == IOASID_FAULT_TYPE_PAGE_REQUEST) {
        call.variables.request = record->id;
        line += fmt::format(" id={}", record->id);
    }
    line += fmt::format(" device={} ioas={} pasid={}", name_of(record->device), record->ioas_id,
                        record->pasid == no_id ? "-" : std::to_string(record->pasid));
    if (record->spid != no_id)
        line += fmt::format(" spid={}", record->spid);
    return line + fmt::format(" address={:#x} access={} reason={} lost={}", record->address,
                              access_name(record->access), reason_name(record->reason),
                              record->lost);
}

Answer respond(Call &call)
{
    const auto request = value(call.command.arguments[0], call.variables.request);
    if (!request)
        return request.error();
    return call.device.respond(*request, static_cast<ioasid_response>(number32(call, 1)));
}

// --- Table ------------------------------------------------------------------

struct Handler {
    Verb verb;
    Answer (*function)(Call &call);
};

constexpr std::array handlers{
    Handler{Verb::version, version},
    Handler{Verb::info, info},
    Handler{Verb::alloc, alloc},
    Handler{Verb::free, free},
    Handler{Verb::bind, bind},
    Handler{Verb::unbind, unbind},
    Handler{Verb::dma, dma},
    Handler{Verb::spid_attach, spid_attach},
    Handler{Verb::spid_detach, spid_detach},
    Handler{Verb::device, device},
    Handler{Verb::extension, extension},
    Handler{Verb::ioas, ioas_of_kind},
    Handler{Verb::ioas_user, ioas_user},
    Handler{Verb::ioas_free, ioas_free},
    Handler{Verb::ranges, ranges},
    Handler{Verb::map, map},
    Handler{Verb::unmap, unmap},
    Handler{Verb::store, store},
    Handler{Verb::load, load},
    Handler{Verb::table_bind, table_bind},
    Handler{Verb::table_unbind, table_unbind},
    Handler{Verb::invalidate, invalidate},
    Handler{Verb::attach, attach},
    Handler{Verb::detach, detach},
    Handler{Verb::fault, fault},
    Handler{Verb::respond, respond},
};

const Handler *find_handler(Verb verb)
{
    const auto found = std::ranges::find(handlers, verb, &Handler::verb);
    return found == handlers.end() ? nullptr : &*found;
}

} // namespace

bool needs_device(Verb verb)
{
    return find_handler(verb) && verb != Verb::store && verb != Verb::load;
}

Answer call(Call &call) { return find_handler(call.command.verb)->function(call); }

} // namespace pasid::io
