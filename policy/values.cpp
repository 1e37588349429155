// SPDX-License-Identifier: GPL-2.0-only
#include "policy/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

namespace pasid::policy {

ParseResult wrong(std::string message, std::string help)
{
    return {false, {}, std::move(message), std::move(help)};
}

std::optional<std::uint64_t> to_number(std::string_view digits, int base)
{
    std::uint64_t number;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
    if (error != std::errc{} || end != digits.data() + digits.size())
        return std::nullopt;
    return number;
}

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

ParseResult wrong_kind(const TreeNode &node, const Key &key)
{
    if (node.kind == TreeNode::Kind::null)
        return wrong(fmt::format("`{}` has no value", key.name),
                     fmt::format("allowed: {}", key.allowed));
    return wrong(fmt::format("`{}` must be a single value, found {}", key.name, node.kind_name()),
                 fmt::format("allowed: {}", key.allowed));
}

// The number in a notation that YAML knows besides the decimal one; empty: in none of them.
std::string decimal_help(std::string_view text)
{
    static constexpr struct {
        std::string_view prefix, name;
        int base;
    } notations[] = {{"0x", "hexadecimal", 16}, {"0o", "octal", 8}, {"0b", "binary", 2}};

    for (const auto &notation : notations)
        if (text.starts_with(notation.prefix))
            if (auto number = to_number(text.substr(2), notation.base))
                return fmt::format("use decimal, not {}: write {}", notation.name, *number);
    if (text.starts_with("0") && all_digits(text))
        return fmt::format("a leading 0 means octal to some YAML parsers: write {}",
                           text.substr(std::min(text.find_first_not_of('0'), text.size() - 1)));
    if (text.find_first_of("_,") != text.npos) {
        std::string digits(text);
        std::erase_if(digits, [](char c) { return c == '_' || c == ','; });
        if (all_digits(digits))
            return fmt::format("write {}", digits);
    }
    if (auto number = plain_number(text)) {
        if (*number < 0 || *number >= 1e15)
            return {};
        if (*number == std::floor(*number))
            return fmt::format("write {:.0f}", *number);
        return "a count is a whole number";
    }
    return {};
}

// What to write in place of a count that is none.
std::string count_help(std::string_view text, const Key &key)
{
    static constexpr std::array<std::string_view, 5> no_limit = {"unlimited", "infinity", ".inf",
                                                                 "none", "-1"};
    std::string allowed = fmt::format("allowed: {}", key.allowed);
    std::string word = lower(text);

    if (std::string help = decimal_help(word); !help.empty())
        return help;
    if (all_digits(word) || one_of(word, no_limit))
        return "write `max` for no limit";
    if (is_truth_value(word))
        return fmt::format("`{}` is a truth value in YAML; {}", text, allowed);
    if (!closest(word, {"max"}).empty())
        return fmt::format("did you mean `max`? {}", allowed);
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

std::optional<double> plain_number(std::string_view text)
{
    static constexpr struct {
        std::string_view suffix;
        double factor;
    } units[] = {{"", 1},      {"k", 1e3},      {"m", 1e6},          {"g", 1e9},
                 {"ki", 1024}, {"mi", 1048576}, {"gi", 1073741824.0}};

    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || !std::isfinite(number))
        return std::nullopt;
    const std::string suffix = lower(text.substr(end - text.data()));
    for (const auto &unit : units)
        if (suffix == unit.suffix)
            return number * unit.factor;
    return std::nullopt;
}

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

ParseResult read_count(const TreeNode &node, const Key &key)
{
    if (node.kind != TreeNode::Kind::scalar)
        return wrong_kind(node, key);
    const std::string &text = node.text;
    if (text == "max")
        return {true, {.number = IOASID_UNLIMITED, .text = text, .at = node.at}, {}, {}};
    if (!node.quoted && is_null(text))
        return wrong(fmt::format("`{}` has no value", key.name),
                     fmt::format("allowed: {}", key.allowed));
    if (node.quoted && all_digits(text))
        return wrong(fmt::format("`{}` must be {}, found text", key.name, key.allowed),
                     "remove the quotes");
    auto number = all_digits(text) ? to_number(text, 10) : std::nullopt;
    bool padded = text.size() > 1 && text[0] == '0';
    if (number && *number != IOASID_UNLIMITED && !padded)
        return {true, {.number = *number, .text = text, .at = node.at}, {}, {}};
    if (all_digits(text) && !padded)
        return wrong(fmt::format("{} is too large", quoted(text)), count_help(text, key));
    return wrong(fmt::format("`{}` must be {}, found {}", key.name, key.allowed, quoted(text)),
                 count_help(text, key));
}

ParseResult read_choice(const TreeNode &node, const Key &key)
{
    if (node.kind != TreeNode::Kind::scalar || (!node.quoted && is_null(node.text)))
        return wrong_kind(node.kind == TreeNode::Kind::scalar ? TreeNode{} : node, key);
    std::vector<std::string_view> names;
    for (const Choice &choice : key.choices) {
        names.push_back(choice.name);
        if (choice.name != node.text)
            continue;
        return {true, {.number = choice.value, .text = node.text, .at = node.at}, {}, {}};
    }
    std::string_view meant = closest(node.text, names);
    return wrong(fmt::format("`{}` must be {}, found {}", key.name, key.allowed, quoted(node.text)),
                 meant.empty() ? fmt::format("allowed: {}", key.allowed)
                               : fmt::format("did you mean `{}`?", meant));
}

ParseResult read_text(const TreeNode &node, const Key &key)
{
    if (node.kind != TreeNode::Kind::scalar)
        return wrong_kind(node, key);
    if (!node.quoted && is_null(node.text))
        return wrong_kind(TreeNode{}, key);
    if (!node.quoted && is_truth_value(node.text))
        return wrong(
            fmt::format("`{}` must be text, found the truth value {}", key.name, quoted(node.text)),
            fmt::format("write \"{}\" in quotes if that is what you mean", node.text));
    return {true, {.text = node.text, .at = node.at}, {}, {}};
}

} // namespace pasid::policy
