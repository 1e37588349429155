// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/number_option.hpp"

#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

namespace pasid {

namespace {

struct Unit {
    std::string_view name;
    double ns;
};
constexpr Unit units[] = {{"", 1e9},  {"ns", 1},   {"us", 1e3},   {"ms", 1e6},
                          {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}, {"d", 86400e9}};

// Parses the number at the start of @text and removes it. Rejects nan and infinity.
std::optional<double> take_number(std::string_view &text)
{
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || !std::isfinite(number))
        return std::nullopt;
    text.remove_prefix(end - text.data());
    return number;
}

std::string to_ns(std::string &text)
{
    std::string_view rest = text;
    const auto number = take_number(rest);
    if (!number || *number < 0)
        return fmt::format("{} is not a duration; use a form like 500ms, 30s or 10m", text);
    for (const Unit &unit : units) {
        if (rest != unit.name)
            continue;
        const double ns = std::round(*number * unit.ns);
        if (ns >= 9.2e18)
            return fmt::format("{} is too long", text);
        text = fmt::format("{}", static_cast<std::uint64_t>(ns));
        return {};
    }
    return fmt::format("{} is not a time unit; use ns, us, ms, s, m, h or d", rest);
}

} // namespace

CLI::Validator whole_number(std::uint64_t min, std::uint64_t max)
{
    const auto check = [=](std::string &text) -> std::string {
        std::uint64_t number = 0;
        const char *last = text.data() + text.size();
        const auto [end, error] = std::from_chars(text.data(), last, number);
        if (text.empty() || end != last || error == std::errc::invalid_argument)
            return fmt::format("{} is not a whole number", text);
        if (error == std::errc{} && number >= min && number <= max)
            return {};
        return max == std::numeric_limits<std::uint64_t>::max() && error == std::errc{}
                   ? fmt::format("{} is less than {}", text, min)
                   : fmt::format("{} is not between {} and {}", text, min, max);
    };
    return CLI::Validator(check, "", "whole number");
}

CLI::Validator seconds_between(double min, double max)
{
    const auto check = [=](std::string &text) -> std::string {
        std::string_view rest = text;
        const auto number = take_number(rest);
        if (!number || !rest.empty())
            return fmt::format("{} is not a number of seconds like 1 or 0.5", text);
        if (*number < min || *number > max)
            return fmt::format("{} is not between {} and {} seconds", text, min, max);
        return {};
    };
    return CLI::Validator(check, "", "seconds");
}

CLI::Validator duration_in_ns() { return CLI::Validator(to_ns, "", "time"); }

} // namespace pasid
