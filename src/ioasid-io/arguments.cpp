// SPDX-License-Identifier: GPL-2.0-only
// Parses a token as an argument of the required kind.
#include "ioasid-io/arguments.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <span>

#include <fmt/format.h>
#include <uapi/ioasid.h>

namespace pasid::io {

namespace {

std::optional<std::uint64_t> to_number(std::string_view text)
{
    int base = 10;
    if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text.remove_prefix(2);
    }
    std::uint64_t number = 0;
    const auto [end, status] =
        std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (status != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

Error wrong(const Token &word, std::string_view wanted)
{
    return error_at(word.position, fmt::format("'{}' is not {}", word.text, wanted),
                    "use a decimal or 0x... number");
}

Result<Argument> number_argument(const Token &word, std::string_view wanted, std::uint64_t max)
{
    const auto number = to_number(word.text);
    if (!number || *number > max)
        return wrong(word, wanted);
    return Argument{.text = word.text, .number = *number};
}

// buf[+OFFSET]; nothing if it is not.
std::optional<Argument> in_buffer(const Token &word)
{
    if (word.text == "buf")
        return Argument{.text = word.text, .in_buffer = true};
    const auto offset =
        word.text.rfind("buf+", 0) == 0 ? to_number(word.text.substr(4)) : std::nullopt;
    if (!offset)
        return std::nullopt;
    return Argument{.text = word.text, .number = *offset, .in_buffer = true};
}

Result<Argument> iova_argument(const Token &word)
{
    if (auto place = in_buffer(word))
        return *place;
    return number_argument(word, "an address (a number or buf[+OFFSET])", UINT64_MAX);
}

// A place inside the buffer. @align: also the number of bytes that must be there.
Result<Argument> place_argument(const Token &word, std::size_t align, std::string_view wanted)
{
    const auto place = in_buffer(word);
    if (!place || place->number % align || place->number > buffer_size - align)
        return error_at(word.position, fmt::format("'{}' is not {}", word.text, wanted),
                        fmt::format("use buf or buf+OFFSET; buf has {} bytes", buffer_size));
    return *place;
}

// A number, or @last for the one that a command printed last.
Result<Argument> last_or_number(const Token &word, std::string_view last, std::string_view wanted,
                                std::uint64_t max)
{
    if (word.text == last)
        return Argument{.text = word.text, .last = true};
    return number_argument(word, wanted, max);
}

Result<Argument> pasid_argument(const Token &word)
{
    return last_or_number(word, "$", "a PASID (a number below 2^32, or $ for the last one)",
                          UINT32_MAX);
}

Result<Argument> seconds_argument(const Token &word)
{
    double seconds = 0;
    const char *end = word.text.data() + word.text.size();
    const auto parsed = std::from_chars(word.text.data(), end, seconds);
    if (parsed.ec != std::errc{} || parsed.ptr != end || !std::isfinite(seconds) || seconds < 0 ||
        seconds > 1e6)
        return error_at(word.position, fmt::format("'{}' is not a number of seconds", word.text),
                        "use a form like 2 or 0.5");
    return Argument{.text = word.text, .seconds = seconds};
}

struct Name {
    std::string_view name;
    std::uint64_t number;
};

constexpr std::array directions{Name{"read", IOASID_DMA_READ}, Name{"write", IOASID_DMA_WRITE}};
constexpr std::array accesses{Name{"read", IOASID_MAP_READ}, Name{"write", IOASID_MAP_WRITE},
                              Name{"rw", IOASID_MAP_READ | IOASID_MAP_WRITE}};
constexpr std::array kinds{Name{"kernel", IOASID_KIND_KERNEL}, Name{"user", IOASID_KIND_USER},
                           Name{"process", IOASID_KIND_PROCESS}, Name{"kvm", IOASID_KIND_KVM}};
constexpr std::array formats{
#define X(number, constant, name) Name{#name, number},
    IOASID_FORMATS(X)
#undef X
};
constexpr std::array extensions{Name{"kinds", IOASID_EXT_KINDS}, Name{"faults", IOASID_EXT_FAULTS},
                                Name{"replace", IOASID_EXT_REPLACE}};
constexpr std::array responses{Name{"retry", IOASID_RESPONSE_RETRY},
                               Name{"failure", IOASID_RESPONSE_FAILURE}};

// "read or write", "kernel, user or kvm"
std::string list_of(std::span<const Name> names)
{
    std::string list;
    for (std::size_t i = 0; i < names.size(); i++)
        list += fmt::format("{}{}",
                            i == 0                  ? ""
                            : i + 1 == names.size() ? " or "
                                                    : ", ",
                            names[i].name);
    return list;
}

Result<Argument> choice(const Token &word, std::span<const Name> names, bool or_number = false)
{
    const auto found = std::ranges::find(names, word.text, &Name::name);
    if (found != names.end())
        return Argument{.text = word.text, .number = found->number};
    if (const auto number = to_number(word.text); or_number && number && *number <= UINT32_MAX)
        return Argument{.text = word.text, .number = *number};
    return error_at(word.position, fmt::format("'{}' is not {}", word.text, list_of(names)),
                    fmt::format("write {}{}", list_of(names), or_number ? ", or a number" : ""));
}

} // namespace

Error error_at(const Position &position, std::string why, std::string remedy)
{
    return Error{fmt::format("{}:{}:{}", position.source, position.line, position.column),
                 std::move(why), std::move(remedy), 0, Exit::usage};
}

Result<Argument> parse_argument(ArgumentKind kind, const Token &word)
{
    switch (kind) {
    case ArgumentKind::dma_id:
        if (word.text == "-")
            return Argument{.text = word.text, .none = true};
        return pasid_argument(word);
    case ArgumentKind::id:
    case ArgumentKind::attach_id:
        return pasid_argument(word);
    case ArgumentKind::ioas:
        return last_or_number(word, "@",
                              "an I/O address space (a number below 2^32, or @ for the last one)",
                              UINT32_MAX);
    case ArgumentKind::request:
        return last_or_number(word, "last", "a page request (a number, or last)", UINT64_MAX);
    case ArgumentKind::number:
        return number_argument(word, "a number below 2^32", UINT32_MAX);
    case ArgumentKind::length:
    case ArgumentKind::count:
    case ArgumentKind::value:
        return number_argument(word, "a number", UINT64_MAX);
    case ArgumentKind::address:
        return number_argument(word, "an address (a number)", UINT64_MAX);
    case ArgumentKind::span:
        return number_argument(word, "an address (a number) or all", UINT64_MAX);
    case ArgumentKind::iova:
        return iova_argument(word);
    case ArgumentKind::place:
        return place_argument(word, 1, "a place in the buffer");
    case ArgumentKind::word:
        return place_argument(word, sizeof(std::uint64_t),
                              "the place of a 64-bit word in the buffer");
    case ArgumentKind::seconds:
        return seconds_argument(word);
    case ArgumentKind::direction:
        return choice(word, directions);
    case ArgumentKind::access:
        return choice(word, accesses);
    case ArgumentKind::kind:
        return choice(word, kinds);
    case ArgumentKind::format:
        return choice(word, formats, true);
    case ArgumentKind::extension:
        return choice(word, extensions, true);
    case ArgumentKind::response:
        return choice(word, responses);
    case ArgumentKind::device:
        break;
    }
    return Argument{.text = word.text};
}

} // namespace pasid::io
