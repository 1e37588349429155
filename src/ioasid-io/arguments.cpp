// SPDX-License-Identifier: GPL-2.0-only
// One word -> one argument of the kind that the verb's row wants.
#include "ioasid-io/arguments.hpp"

#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

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

Error wrong(const Word &word, std::string_view wanted)
{
    return error_at(word.place, fmt::format("'{}' is not {}", word.text, wanted),
                    "numbers are decimal or 0x...");
}

Result<Argument> number_argument(const Word &word, std::string_view wanted, std::uint64_t most)
{
    const auto number = to_number(word.text);
    if (!number || *number > most)
        return wrong(word, wanted);
    return Argument{.text = word.text, .number = *number};
}

Result<Argument> iova_argument(const Word &word)
{
    if (word.text.rfind("buf", 0) != 0)
        return number_argument(word, "an address (a number or buf[+OFFSET])", UINT64_MAX);
    if (word.text == "buf")
        return Argument{.text = word.text, .in_buffer = true};
    const auto offset = word.text[3] == '+' ? to_number(word.text.substr(4)) : std::nullopt;
    if (!offset)
        return wrong(word, "an address (a number or buf[+OFFSET])");
    return Argument{.text = word.text, .number = *offset, .in_buffer = true};
}

Result<Argument> seconds_argument(const Word &word)
{
    double seconds = 0;
    const char *end = word.text.data() + word.text.size();
    const auto parsed = std::from_chars(word.text.data(), end, seconds);
    if (parsed.ec != std::errc{} || parsed.ptr != end || !std::isfinite(seconds) || seconds < 0 ||
        seconds > 1e6)
        return error_at(word.place, fmt::format("'{}' is not a time in seconds", word.text),
                        "write it like 2 or 0.5");
    return Argument{.text = word.text, .seconds = seconds};
}

Result<Argument> choice(const Word &word, std::string_view one, std::string_view other)
{
    if (word.text != one && word.text != other)
        return error_at(word.place, fmt::format("'{}' is neither {} nor {}", word.text, one, other),
                        fmt::format("write {} or {}", one, other));
    return Argument{.text = word.text};
}

} // namespace

Error error_at(const Place &place, std::string why, std::string remedy)
{
    return Error{fmt::format("{}:{}:{}", place.source, place.line, place.column), std::move(why),
                 std::move(remedy), 0, Exit::usage};
}

Result<Argument> parse_argument(Kind kind, const Word &word)
{
    switch (kind) {
    case Kind::id:
        if (word.text == "$")
            return Argument{.text = word.text, .last_id = true};
        return number_argument(word, "a PASID (a number below 2^32, or $ for the last one)",
                               UINT32_MAX);
    case Kind::number:
        return number_argument(word, "a number below 2^32", UINT32_MAX);
    case Kind::length:
    case Kind::count:
        return number_argument(word, "a number", UINT64_MAX);
    case Kind::iova:
        return iova_argument(word);
    case Kind::seconds:
        return seconds_argument(word);
    case Kind::direction:
        return choice(word, "read", "write");
    case Kind::action:
        return choice(word, "attach", "detach");
    case Kind::device:
        break;
    }
    return Argument{.text = word.text};
}

} // namespace pasid::io
