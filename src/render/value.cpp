// SPDX-License-Identifier: GPL-2.0-only
#include "render/value.hpp"

#include <algorithm>
#include <ctime>
#include <cwchar>

#include <fmt/format.h>

#include "policy/utf8.hpp"

namespace pasid {

namespace {

// Fast path: each byte is one column and none has to be replaced.
bool is_ascii(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

int point_width(char32_t point)
{
    if (point < 0x80)
        return 1;
    const int width = wcwidth(static_cast<wchar_t>(point));
    return width < 0 ? 1 : width; // also -1 in the C locale
}

std::string clock_text(std::uint64_t wall_ns)
{
    const auto seconds = static_cast<std::time_t>(wall_ns / 1'000'000'000);
    std::tm local{};
    localtime_r(&seconds, &local);
    return fmt::format("{:02}:{:02}:{:02}.{:03}", local.tm_hour, local.tm_min, local.tm_sec,
                       wall_ns / 1'000'000 % 1000);
}

std::string number_text(std::uint64_t number, Unit unit)
{
    switch (unit) {
    case Unit::bytes:
        return bytes_text(number);
    case Unit::duration:
        return duration_text(number);
    case Unit::clock:
        return clock_text(number);
    case Unit::seconds:
        return fmt::format("{}.{:09}", number / 1'000'000'000, number % 1'000'000'000);
    default:
        return fmt::format("{}", number);
    }
}

struct ToText {
    Unit unit;

    std::string operator()(Omitted) const { return "-"; }
    std::string operator()(Null) const { return "-"; }
    std::string operator()(bool value) const { return value ? "yes" : "no"; }
    std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
    std::string operator()(std::uint64_t value) const { return number_text(value, unit); }
    std::string operator()(double value) const { return fmt::format("{:.1f}", value); }
    std::string operator()(const std::string &value) const
    {
        return (*this)(std::string_view(value));
    }
    std::string operator()(std::string_view value) const
    {
        return value.empty() ? "-" : printable(value);
    }
    std::string operator()(const std::vector<std::string> &values) const
    {
        if (values.empty())
            return "-";
        return printable(fmt::format("{}", fmt::join(values, ",")));
    }
};

} // namespace

std::string to_text(const Value &value, Unit unit) { return std::visit(ToText{unit}, value); }

std::string counted(std::uint64_t count, std::string_view noun)
{
    return counted(count, noun, std::to_string(count));
}

std::string counted(std::uint64_t count, std::string_view noun, std::string_view number)
{
    return fmt::format("{} {}{}", number, noun, count == 1 ? "" : "s");
}

std::string duration_text(std::uint64_t ns)
{
    const double seconds = static_cast<double>(ns) / 1e9;
    if (ns < 1'000)
        return fmt::format("{}ns", ns);
    if (ns < 1'000'000)
        return fmt::format("{}us", ns / 1'000);
    if (ns < 1'000'000'000)
        return fmt::format("{}ms", ns / 1'000'000);
    if (ns < 60'000'000'000)
        return fmt::format("{:.1f}s",
                           static_cast<double>(static_cast<std::uint64_t>(seconds * 10)) / 10);

    const std::uint64_t total = ns / 1'000'000'000;
    if (total < 3600)
        return fmt::format("{}m{:02}s", total / 60, total % 60);
    if (total < 86400)
        return fmt::format("{}h{:02}m", total / 3600, total / 60 % 60);
    if (total < 100ull * 86400)
        return fmt::format("{}d{:02}h", total / 86400, total / 3600 % 24);
    return fmt::format("{}d", total / 86400);
}

std::string bytes_text(std::uint64_t bytes)
{
    constexpr std::string_view letters = "KMGTPE";
    if (bytes < 1024)
        return fmt::format("{}", bytes);
    std::size_t letter = 0;
    std::uint64_t unit = 1024;
    for (; bytes / 1024 >= unit; unit *= 1024)
        letter++;
    const std::uint64_t tenths = bytes % unit * 10 / unit;
    return bytes % unit == 0 ? fmt::format("{}{}", bytes / unit, letters[letter])
                             : fmt::format("{}.{}{}", bytes / unit, tenths, letters[letter]);
}

namespace {

// False for control characters and for characters that join, reorder or hide others.
bool is_shown(char32_t point)
{
    const bool control = point < 0x20 || (point >= 0x7f && point < 0xa0);
    const bool format = point == 0xad || point == 0x61c || point == 0x180e || point == 0xfeff ||
                        (point >= 0x200b && point <= 0x200f) ||
                        (point >= 0x2028 && point <= 0x202e) ||
                        (point >= 0x2060 && point <= 0x206f) ||
                        (point >= 0xfff9 && point <= 0xfffb) || point >= 0xe0000;
    return !control && !format;
}

} // namespace

int display_width(std::string_view text)
{
    if (is_ascii(text))
        return static_cast<int>(text.size());
    int width = 0;
    while (!text.empty()) {
        char32_t point = 0;
        const auto length = policy::utf8_decode(text, point);
        width += length ? point_width(point) : 1;
        text.remove_prefix(length ? length : 1);
    }
    return width;
}

std::string printable(std::string_view text)
{
    std::string quoted;
    bool plain = true;
    for (std::string_view rest = text; !rest.empty();) {
        char32_t point = 0;
        const auto length = policy::utf8_decode(rest, point);
        const std::string_view bytes = rest.substr(0, length ? length : 1);
        rest.remove_prefix(bytes.size());
        const bool shown = length != 0 && is_shown(point);
        plain = plain && shown;
        if (!shown && length > 1)
            quoted += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(point));
        else if (!shown)
            quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes[0]));
        else if (point == '\\' || point == '\'')
            (quoted += '\\') += bytes;
        else
            quoted += bytes;
    }
    return plain ? std::string(text) : "$'" + quoted + "'";
}

std::string cut_to(std::string_view text, int width, Cut cut, bool ascii)
{
    if (display_width(text) <= width)
        return std::string(text);
    if (width <= 0)
        return {};

    const std::string_view mark = ascii ? "~" : "…";
    if (cut == Cut::start) {
        while (display_width(text) > width - 1) {
            char32_t point = 0;
            const auto length = policy::utf8_decode(text, point);
            text.remove_prefix(length ? length : 1);
        }
        return std::string(mark).append(text);
    }

    std::string out;
    int used = 0;
    while (!text.empty()) {
        char32_t point = 0;
        const auto length = policy::utf8_decode(text, point);
        const int columns = length ? point_width(point) : 1;
        if (used + columns > width - 1)
            break;
        const std::size_t bytes = length ? static_cast<std::size_t>(length) : 1;
        out.append(text.substr(0, bytes));
        text.remove_prefix(bytes);
        used += columns;
    }
    return out.append(mark);
}

} // namespace pasid
