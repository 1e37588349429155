// SPDX-License-Identifier: GPL-2.0
#include "policy/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace pasid::policy {

namespace {

std::string lower(std::string_view text)
{
    std::string out(text);
    for (char &c : out)
        if (c >= 'A' && c <= 'Z')
            c += 'a' - 'A';
    return out;
}

template <std::size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N> &words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_truth_value(std::string_view text)
{
    static constexpr std::array<std::string_view, 8> words = {"yes", "no",  "true", "false",
                                                              "on",  "off", "y",    "n"};
    return one_of(lower(text), words);
}

bool is_null(std::string_view text)
{
    std::string word = lower(text);
    return word.empty() || word == "~" || word == "null";
}

bool all_digits(std::string_view text, std::string_view digits = "0123456789")
{
    return !text.empty() && text.find_first_not_of(digits) == std::string_view::npos;
}

std::optional<std::uint64_t> to_number(std::string_view digits, int base)
{
    std::uint64_t number;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
    if (error != std::errc{} || end != digits.data() + digits.size())
        return std::nullopt;
    return number;
}

Reading wrong(std::string message, std::string help)
{
    return {false, {}, std::move(message), std::move(help)};
}

Reading wrong_kind(const Node &node, const Key &key)
{
    if (node.kind == Node::Kind::null)
        return wrong(fmt::format("`{}` has no value", key.name),
                     fmt::format("allowed: {}", key.allowed));
    return wrong(fmt::format("`{}` must be a single value, found {}", key.name, node.kind_name()),
                 fmt::format("allowed: {}", key.allowed));
}

// What YAML makes numbers of besides plain decimal ones.
std::string count_help(std::string_view text, const Key &key)
{
    std::string allowed = fmt::format("allowed: {}", key.allowed);
    std::optional<std::uint64_t> number;
    std::string_view kind;

    std::string word = lower(text);
    std::string_view view = word;
    if (view.starts_with("0x")) {
        kind = "hexadecimal";
        number = to_number(view.substr(2), 16);
    } else if (view.starts_with("0o")) {
        kind = "octal";
        number = to_number(view.substr(2), 8);
    } else if (view.starts_with("0b")) {
        kind = "binary";
        number = to_number(view.substr(2), 2);
    } else if (view.starts_with("0") && all_digits(view, "01234567")) {
        return fmt::format("a leading 0 makes it octal for some and decimal for others: write {}",
                           *to_number(view, 10));
    } else if (view.starts_with("0") && all_digits(view)) {
        return "write it without the leading 0";
    } else if (all_digits(view)) {
        return "write `max` for no limit";
    } else if (view.starts_with("-")) {
        return view == "-1" ? "write `max` for no limit" : allowed;
    } else if (is_truth_value(view)) {
        return fmt::format("`{}` is a truth value in YAML; {}", text, allowed);
    } else if (view.find('_') != view.npos || view.find(',') != view.npos) {
        std::string digits(view);
        std::erase_if(digits, [](char c) { return c == '_' || c == ','; });
        if (all_digits(digits))
            return fmt::format("write {}", digits);
    } else if (view == "unlimited" || view == "infinity" || view == ".inf" || view == "none") {
        return "write `max` for no limit";
    } else if (closest(view, {"max"}) == "max") {
        return fmt::format("did you mean `max`? {}", allowed);
    }
    if (number)
        return fmt::format("numbers are decimal: instead of {} write {}", kind, *number);
    return allowed;
}

std::size_t edit_distance(std::string_view a, std::string_view b)
{
    // Three rows: a swap of neighbours counts as one edit.
    std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); j++)
        above[j] = j;
    for (std::size_t i = 1; i <= a.size(); i++) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); j++) {
            row[j] =
                std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1])});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before.swap(above);
        above.swap(row);
    }
    return above[b.size()];
}

} // namespace

bool needs_quotes(std::string_view text) { return is_truth_value(text) || is_null(text); }

std::string_view closest(std::string_view word, const std::vector<std::string_view> &candidates)
{
    constexpr std::size_t longest = 32;
    std::string_view best;
    std::size_t best_distance = 0;

    if (word.size() > longest)
        return {};
    std::string folded = lower(word);
    for (std::string_view candidate : candidates) {
        std::size_t distance = edit_distance(folded, candidate);
        std::size_t allowed = std::max<std::size_t>(1, candidate.size() / 3);
        if (distance <= allowed && distance < candidate.size() &&
            (best.empty() || distance < best_distance)) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

Reading read_count(const Node &node, const Key &key)
{
    if (node.kind != Node::Kind::scalar)
        return wrong_kind(node, key);
    const std::string &text = node.text;
    if (text == "max")
        return {true, {IOASID_UNLIMITED, text, node.at}, {}, {}};
    if (!node.quoted && is_null(text))
        return wrong(fmt::format("`{}` has no value", key.name),
                     fmt::format("allowed: {}", key.allowed));
    if (node.quoted && all_digits(text))
        return wrong(fmt::format("`{}` must be {}, found text", key.name, key.allowed),
                     "remove the quotes");
    auto number = all_digits(text) ? to_number(text, 10) : std::nullopt;
    bool padded = text.size() > 1 && text[0] == '0';
    if (number && *number != IOASID_UNLIMITED && !padded)
        return {true, {*number, text, node.at}, {}, {}};
    if (all_digits(text) && !padded)
        return wrong(fmt::format("{} is too large", quoted(text)), count_help(text, key));
    return wrong(fmt::format("`{}` must be {}, found {}", key.name, key.allowed, quoted(text)),
                 count_help(text, key));
}

Reading read_choice(const Node &node, const Key &key)
{
    if (node.kind != Node::Kind::scalar || (!node.quoted && is_null(node.text)))
        return wrong_kind(node.kind == Node::Kind::scalar ? Node{} : node, key);
    std::vector<std::string_view> names;
    for (const Choice &choice : key.choices) {
        names.push_back(choice.name);
        if (choice.name != node.text)
            continue;
        if (!choice.supported)
            return wrong(fmt::format("`{}: {}` is not supported yet", key.name, choice.name),
                         fmt::format("it would be ignored, so it is refused; write `{}` or remove "
                                     "the line",
                                     key.choices.front().name));
        return {true, {choice.value, node.text, node.at}, {}, {}};
    }
    std::string_view meant = closest(node.text, names);
    return wrong(fmt::format("`{}` must be {}, found {}", key.name, key.allowed, quoted(node.text)),
                 meant.empty() ? fmt::format("allowed: {}", key.allowed)
                               : fmt::format("did you mean `{}`?", meant));
}

Reading read_text(const Node &node, const Key &key)
{
    if (node.kind != Node::Kind::scalar)
        return wrong_kind(node, key);
    if (!node.quoted && is_null(node.text))
        return wrong_kind(Node{}, key);
    if (!node.quoted && is_truth_value(node.text))
        return wrong(
            fmt::format("`{}` must be text, found the truth value {}", key.name, quoted(node.text)),
            fmt::format("write \"{}\" in quotes if that is what you mean", node.text));
    return {true, {0, node.text, node.at}, {}, {}};
}

} // namespace pasid::policy
