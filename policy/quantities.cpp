// SPDX-License-Identifier: GPL-2.0-only
#include "policy/values.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

namespace pasid::policy {

namespace {

constexpr std::uint32_t last_pasid = (1u << 20) - 1;
constexpr std::uint64_t second_ns = 1'000'000'000;

struct Unit {
    std::string_view name;
    std::uint64_t ns;
};
constexpr Unit units[] = {{"s", second_ns}, {"m", 60 * second_ns}, {"h", 3600 * second_ns}};

ParseResult not_allowed(const TreeNode &node, const Key &key, std::string help = {})
{
    return wrong(fmt::format("`{}` must be {}, found {}", key.name, key.allowed, quoted(node.text)),
                 help.empty() ? fmt::format("allowed: {}", key.allowed) : std::move(help));
}

std::string_view trimmed(std::string_view text)
{
    while (text.starts_with(' '))
        text.remove_prefix(1);
    while (text.ends_with(' '))
        text.remove_suffix(1);
    return text;
}

// Decimal, without a sign or a leading 0; hexadecimal where @hexadecimal says so.
std::optional<std::uint64_t> number_of(std::string_view text, bool hexadecimal = false)
{
    int base = 10;
    if (hexadecimal && (text.starts_with("0x") || text.starts_with("0X"))) {
        text.remove_prefix(2);
        base = 16;
    } else if (text.size() > 1 && text[0] == '0') {
        return std::nullopt;
    }
    return to_number(text, base);
}

const Unit *unit_of(std::string_view name)
{
    const auto *found =
        std::find_if(std::begin(units), std::end(units), [&](auto &u) { return u.name == name; });
    return found == std::end(units) ? nullptr : found;
}

// "sec" for "s": for units that are spelled differently.
std::string unit_help(std::string_view count, std::string_view given, const Key &key)
{
    const Unit *meant = given.empty() ? nullptr : unit_of(given.substr(0, 1));
    static constexpr struct {
        std::string_view prefix, name;
        std::uint64_t hours;
    } longer[] = {{"d", "a day", 24}, {"w", "a week", 7 * 24}, {"mo", "a month", 30 * 24}};

    if (given.empty())
        return fmt::format("the period is missing: did you mean `{}/s`?", count);
    for (const auto &unit : longer)
        if (given.starts_with(unit.prefix))
            return fmt::format(
                "{} is too long a period: write `{}/h`", unit.name,
                std::max<std::uint64_t>(number_of(count).value_or(1) / unit.hours, 1));
    if (meant && given != "ms")
        return fmt::format("did you mean `{}/{}`?", count, meant->name);
    return fmt::format("allowed: {}", key.allowed);
}

// "0.5/s" is 30/m: the same rate as a whole number of a longer time; empty: there is none.
std::string whole_rate_help(std::string_view digits, const Unit *unit)
{
    const std::optional<double> count = plain_number(digits);
    if (!count || !unit || *count <= 0 || *count > 1e9)
        return {};
    for (const Unit &longer : units) {
        const double whole =
            *count * static_cast<double>(longer.ns) / static_cast<double>(unit->ns);
        if (longer.ns >= unit->ns && whole >= 1 && whole <= 1e9 && whole == std::floor(whole))
            return fmt::format("write `{:.0f}/{}`", whole, longer.name);
    }
    return "the count is a whole number: use a longer period, e.g. 30/m or 1/h";
}

// "256..4095", "256:4095", "256 to 4095": two numbers with something else between them
std::string range_help(std::string_view text)
{
    const std::size_t end = text.find_first_not_of("0123456789abcdefxABCDEFX");
    const std::size_t next = text.find_last_not_of("0123456789abcdefxABCDEFX");
    if (end == text.npos)
        return {};
    const auto first = text.substr(0, end), last = text.substr(next + 1);
    if (!number_of(first, true) || !number_of(last, true))
        return {};
    return fmt::format("write `{}-{}`", first, last);
}

bool means_any_device(std::string_view name)
{
    return name == "all" || name == "any" || name == "*";
}

// A scalar that is there, or what is wrong.
std::optional<ParseResult> missing(const TreeNode &node, const Key &key)
{
    ParseResult text = read_text(node, key);
    if (text.ok)
        return std::nullopt;
    return text;
}

} // namespace

ParseResult read_name(const TreeNode &node, const Key &key)
{
    if (auto problem = missing(node, key))
        return *problem;
    const std::string &name = node.text;
    const std::string allowed = fmt::format("allowed: {}", key.allowed);
    const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-';
    });
    if (name.empty())
        return wrong("the rule's name is empty", allowed);
    if (!plain)
        return wrong(
            fmt::format("the rule's name {} has a character that is not allowed", quoted(name)),
            allowed);
    if (name.size() >= IOASID_RULE_NAME_LEN)
        return wrong(fmt::format("the rule's name is too long: {} characters", name.size()),
                     allowed);
    return {true, {.text = name, .at = node.at}, {}, {}};
}

ParseResult read_tokens(const TreeNode &node, const Key &key)
{
    ParseResult count = read_count(node, key);
    if (!count.ok || (count.value.number >= 1 && count.value.number <= last_pasid + 1))
        return count;
    return not_allowed(
        node, key,
        count.value.number == 0 ? "this would deny every allocation; use `max: 0` for that" : "");
}

ParseResult read_rate(const TreeNode &node, const Key &key)
{
    if (auto problem = missing(node, key))
        return *problem;
    const std::string_view text = node.text;
    const std::size_t slash = std::min(text.find('/'), text.size());
    const std::string_view digits = trimmed(text.substr(0, slash));
    const std::string_view name =
        slash < text.size() ? trimmed(text.substr(slash + 1)) : std::string_view{};
    const auto count = number_of(digits);
    const Unit *unit = unit_of(name);

    if (!count)
        return not_allowed(node, key, whole_rate_help(digits, unit));
    if (!unit)
        return not_allowed(node, key, unit_help(digits, name, key));
    if (*count == 0)
        return wrong("a rate of 0 would deny every allocation",
                     "to forbid allocations write `max: 0`");
    if (*count > unit->ns)
        return wrong(fmt::format("the rate {} is too high", quoted(text)),
                     "at most one per nanosecond; for no limit, remove the line");
    return {true, {.text = text, .at = node.at, .rate = {*count, unit->ns}}, {}, {}};
}

ParseResult read_range(const TreeNode &node, const Key &key)
{
    if (auto problem = missing(node, key))
        return *problem;
    const std::string_view text = node.text;
    const std::size_t dash = text.find('-');
    if (dash == text.npos) {
        const bool one = number_of(text, true).has_value();
        return not_allowed(node, key,
                           one ? fmt::format("for this one number write `{0}-{0}`", text)
                               : range_help(text));
    }
    const auto first = number_of(trimmed(text.substr(0, dash)), true);
    const auto last = number_of(trimmed(text.substr(dash + 1)), true);
    if (!first || !last)
        return not_allowed(node, key);
    if (*first > *last)
        return wrong(fmt::format("the range {} ends before it starts", quoted(text)),
                     fmt::format("did you mean `{}-{}`?", trimmed(text.substr(dash + 1)),
                                 trimmed(text.substr(0, dash))));
    if (*first == 0)
        return wrong("PASID 0 is never allocated", "start the range at 1");
    if (*last > last_pasid)
        return wrong(fmt::format("the range {} goes beyond the last PASID", quoted(text)),
                     fmt::format("a PASID has 20 bits: {:#x} at most", last_pasid));
    const Range range{static_cast<std::uint32_t>(*first), static_cast<std::uint32_t>(*last)};
    return {true, {.text = text, .at = node.at, .range = range}, {}, {}};
}

ParseResult read_percent(const TreeNode &node, const Key &key)
{
    if (auto problem = missing(node, key))
        return *problem;
    std::string_view digits = node.text;
    const bool percent = digits.ends_with('%');
    if (percent)
        digits = trimmed(digits.substr(0, digits.size() - 1));
    const auto number = number_of(digits);
    if (!number || !percent)
        return not_allowed(node, key, number ? fmt::format("did you mean `{}%`?", digits) : "");
    if (*number < 1 || *number > 100)
        return wrong(fmt::format("{} is not between 1% and 100%", quoted(node.text)),
                     *number == 0 ? "remove the line for no warning"
                                  : "requests above `max` are denied");
    return {true, {.number = *number, .text = node.text, .at = node.at}, {}, {}};
}

ParseResult read_devices(const TreeNode &node, const Key &key)
{
    if (node.kind == TreeNode::Kind::scalar && read_text(node, key).ok)
        return wrong(fmt::format("`{}` must be a list, found one value", key.name),
                     means_any_device(node.text) ? "to allow any device, remove the line"
                     : node.text == "none"       ? "to forbid all devices write `max_bindings: 0`"
                                                 : fmt::format("did you mean `[{}]`?", node.text));
    if (node.kind != TreeNode::Kind::sequence)
        return wrong(node.kind == TreeNode::Kind::mapping
                         ? fmt::format("`{}` must be a list, found {}", key.name, node.kind_name())
                         : fmt::format("`{}` has no value", key.name),
                     fmt::format("allowed: {}", key.allowed));
    if (node.items.empty())
        return wrong("the list of devices is empty",
                     "to forbid all devices write `max_bindings: 0`; for any, remove the line");
    if (node.items.size() > IOASID_RULE_DEVICES)
        return wrong(fmt::format("too many devices: {}", node.items.size()),
                     fmt::format("at most {} in one rule", IOASID_RULE_DEVICES));
    ParseResult reading{true, {.at = node.at}, {}, {}};
    auto wrong_item = [](const TreeNode &item, std::string message, std::string help) {
        return ParseResult{false, {.at = item.at}, std::move(message), std::move(help)};
    };
    for (const TreeNode &item : node.items) {
        ParseResult name = read_text(item, key);
        if (!name.ok)
            return wrong_item(item, "a device must be a name",
                              name.help.starts_with("write") ? name.help
                                                             : "as shown by pasidctl list");
        const bool plain = std::all_of(item.text.begin(), item.text.end(),
                                       [](char c) { return c > ' ' && c < 0x7f; });
        if (item.text.empty() || !plain || item.text.size() >= IOASID_DEVICE_NAME_LEN)
            return wrong_item(
                item, fmt::format("{} is not a device name", quoted(item.text)),
                fmt::format("1 to {} letters, digits and signs; no *", IOASID_DEVICE_NAME_LEN - 1));
        if (means_any_device(item.text))
            return wrong_item(item, fmt::format("{} is not a device name", quoted(item.text)),
                              "to allow any device, remove the line");
        if (item.text.find_first_of("*?[]{}") != std::string::npos)
            return wrong_item(item, fmt::format("{} has a wildcard", quoted(item.text)),
                              "list each device by name");
        auto &list = reading.value.list;
        if (std::find(list.begin(), list.end(), item.text) != list.end())
            return wrong_item(item, fmt::format("device {} is listed twice", quoted(item.text)),
                              "remove one of the two");
        list.push_back(item.text);
    }
    return reading;
}

std::string rate_text(const Rate &rate)
{
    for (const Unit &unit : units)
        if (unit.ns == rate.period_ns)
            return fmt::format("{}/{}", rate.count, unit.name);
    return fmt::format("{}/?", rate.count); // no image that is readable has such a rate
}

std::string range_text(const Range &range)
{
    return fmt::format("{:#x}-{:#x}", range.first, range.last);
}

} // namespace pasid::policy
