// SPDX-License-Identifier: GPL-2.0-only
#include "tui/replay.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>

namespace pasid::tui {

namespace {

constexpr std::uint64_t second = 1'000'000'000;

// Parses all of @text as a number.
std::optional<double> number(std::string_view text)
{
    double value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size() || !(value >= 0) || value > 1e9)
        return std::nullopt;
    return value;
}

// The last frame not after this time.
std::size_t frame_at(const Player &player, std::uint64_t wall_ns)
{
    std::size_t low = 0, high = player.count();
    while (high - low > 1) {
        const std::size_t middle = (low + high) / 2;
        (player.wall_ns(middle) <= wall_ns ? low : high) = middle;
    }
    return low;
}

std::optional<std::size_t> by_distance(const Player &player, std::string_view text)
{
    const bool back = text.front() == '-';
    text.remove_prefix(1);
    double unit = 1;
    if (!text.empty() && text.back() >= 'a') {
        const char letter = text.back();
        unit = letter == 's' ? 1 : letter == 'm' ? 60 : letter == 'h' ? 3600 : 0;
        text.remove_suffix(1);
    }
    const auto amount = number(text);
    if (!amount || unit == 0)
        return std::nullopt;
    const auto far = static_cast<std::uint64_t>(*amount * unit * static_cast<double>(second));
    const std::uint64_t now = player.wall_ns(player.position());
    if (!back)
        return frame_at(player, now + far);
    return frame_at(player, now > far ? now - far : 0);
}

// The time of day, on the day of the current frame.
std::optional<std::size_t> by_clock(const Player &player, std::string_view text)
{
    int fields[3] = {0, 0, 0};
    int count = 0;
    while (!text.empty() && count < 3) {
        const std::string_view part = text.substr(0, text.find(':'));
        const auto value = number(part);
        if (!value || *value != std::floor(*value) || *value > (count == 0 ? 23 : 59))
            return std::nullopt;
        fields[count++] = static_cast<int>(*value);
        text.remove_prefix(std::min(text.size(), part.size() + 1));
    }
    if (count < 2 || !text.empty())
        return std::nullopt;
    const auto now = static_cast<std::time_t>(player.wall_ns(player.position()) / second);
    std::tm local{};
    localtime_r(&now, &local);
    local.tm_hour = fields[0];
    local.tm_min = fields[1];
    local.tm_sec = fields[2];
    const std::time_t wanted = std::mktime(&local);
    return wanted < 0 ? std::nullopt
                      : std::optional(frame_at(player, static_cast<std::uint64_t>(wanted) * second +
                                                           second - 1));
}

} // namespace

std::optional<std::size_t> jump_target(const Player &player, const std::string &text)
{
    if (text.empty())
        return std::nullopt;
    const std::size_t last = player.count() - 1;
    if (text.front() == '+' || text.front() == '-')
        return by_distance(player, text);
    if (text.front() == '#') {
        const auto value = number(std::string_view(text).substr(1));
        return value && *value >= 1
                   ? std::optional(std::min(static_cast<std::size_t>(*value) - 1, last))
                   : std::nullopt;
    }
    if (text.back() == '%') {
        const auto value = number(std::string_view(text).substr(0, text.size() - 1));
        return value && *value <= 100 ? std::optional(static_cast<std::size_t>(
                                            std::lround(*value / 100 * static_cast<double>(last))))
                                      : std::nullopt;
    }
    return by_clock(player, text);
}

} // namespace pasid::tui
