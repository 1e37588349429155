// SPDX-License-Identifier: GPL-2.0-only
#include <algorithm>

#include <fmt/format.h>

#include "policy/lookalike.hpp"
#include "policy/passes.hpp"
#include "policy/values.hpp"

namespace pasid::policy {

namespace {

class Reader {
  public:
    explicit Reader(Context &context) : diagnostics_(context.diagnostics), policy_(context.policy)
    {
    }

    void read(const TreeNode &node, Where where, Rule *rule, std::string_view what)
    {
        if (node.kind != TreeNode::Kind::mapping) {
            if (node.kind != TreeNode::Kind::refused)
                diagnostics_.error(
                    node.at,
                    fmt::format("{} must be keys with values, found {}", what, node.kind_name()),
                    help_for_text(node.text, where));
            return;
        }
        std::vector<const Key *> given; // or meant, but misspelt
        for (const auto &[name, value] : node.entries) {
            const Key *key = known_key(name, where);
            if (key)
                read_value(*key, name, value, rule);
            else if (name.kind == TreeNode::Kind::scalar)
                key = find_key(where, meant_key(name.text, where));
            given.push_back(key);
        }
        for (const Key *key : keys())
            if (key->where == where && key->required &&
                std::find(given.begin(), given.end(), key) == given.end())
                diagnostics_.error(node.at, fmt::format("{} lacks `{}`", what, key->name),
                                   fmt::format("add `{}`; allowed: {}", key->name, key->allowed));
    }

  private:
    const Key *known_key(const TreeNode &name, Where where)
    {
        if (name.kind != TreeNode::Kind::scalar) {
            if (name.kind != TreeNode::Kind::refused)
                diagnostics_.error(name.at,
                                   fmt::format("a key must be a word, found {}", name.kind_name()),
                                   fmt::format("keys: {}", names_in(where)));
            return nullptr;
        }
        if (const Key *key = find_key(where, name.text))
            return key;
        diagnostics_.error(name.at,
                           fmt::format("unknown key {} in {}", quoted(name.text), name_of(where)),
                           help_for_unknown(name.text, where));
        return nullptr;
    }

    // "max = 5" and "max 5", as YAML has it; empty: it is not of this kind.
    static std::string as_key_and_value(std::string_view text, Where where)
    {
        const std::size_t end = text.find_first_of(" =");
        if (end == text.npos || !find_key(where, text.substr(0, end)))
            return {};
        const std::size_t value = text.find_first_not_of(" =", end);
        return fmt::format("{}: {}", text.substr(0, end),
                           value == text.npos ? "VALUE" : text.substr(value));
    }

    static std::string_view meant_key(std::string_view name, Where where)
    {
        return closest_key(name, [where](const Key &key) { return key.where == where; });
    }

    template <class Wanted>
    static std::string_view closest_key(std::string_view name, const Wanted &wanted)
    {
        std::vector<std::string_view> names;
        for (const Key *key : keys())
            if (wanted(*key))
                names.push_back(key->name);
        return closest(name, names);
    }

    static std::string help_for_unknown(std::string_view name, Where where)
    {
        if (name == "<<")
            return "merge keys are not supported: write the keys out";
        if (const Lookalike *odd = find_lookalike(name))
            return describe(*odd);
        if (const std::string line = as_key_and_value(name, where); !line.empty())
            return fmt::format("did you mean `{}`?", line);
        const std::string here = names_in(where);
        if (const std::string places = places_of(name); !places.empty())
            return fmt::format("`{}` belongs {}; keys here: {}", name, places, here);
        if (const std::string_view meant = meant_key(name, where); !meant.empty())
            return fmt::format("did you mean `{}`? keys: {}", meant, here);
        const auto any = closest_key(name, [](const Key &) { return true; });
        if (!any.empty())
            return fmt::format("did you mean `{}`? it belongs {}; keys here: {}", any,
                               places_of(any), here);
        return fmt::format("keys: {}", here);
    }

    void read_value(const Key &key, const TreeNode &name, const TreeNode &value, Rule *rule)
    {
        if (value.kind == TreeNode::Kind::refused)
            return;
        if (key.read)
            return store(key, name, rule, key.read(value, key), &value);
        if (key.name == "version")
            return read_version(key, name, value);
        if (key.name == "defaults")
            return read(at_least(value, name), Where::defaults, nullptr, "`defaults`");
        return read_rules(at_least(value, name));
    }

    static std::string help_for_text(std::string_view text, Where where)
    {
        if (text.find(':') != text.npos)
            return "a space is missing after `:`";
        if (const std::string line = as_key_and_value(text, where); !line.empty())
            return fmt::format("did you mean `{}`?", line);
        return fmt::format("keys: {}", names_in(where));
    }

    // An empty value has no position: use that of its key.
    static TreeNode at_least(const TreeNode &value, const TreeNode &name)
    {
        return value.kind == TreeNode::Kind::null ? TreeNode{.at = name.at} : value;
    }

    void store(const Key &key, const TreeNode &name, Rule *rule, const ParseResult &reading,
               const TreeNode *value = nullptr)
    {
        if (reading.ok)
            return key.store(policy_, rule, reading.value);
        bool empty = !value || value->kind == TreeNode::Kind::null;
        Position at = empty ? name.at : value->at;
        // Report look-alike characters before giving other advice.
        const Lookalike *odd = value ? find_lookalike(value->text) : nullptr;
        // A reader of a list knows which entry it is.
        diagnostics_.error(reading.value.at.line ? reading.value.at : at, reading.message,
                           odd ? describe(*odd) : reading.help);
    }

    void read_version(const Key &key, const TreeNode &name, const TreeNode &value)
    {
        ParseResult reading = read_count(value, key);
        if (reading.ok && reading.value.number == 1)
            return;
        if (!reading.ok && value.kind != TreeNode::Kind::scalar)
            return store(key, name, nullptr, reading, &value);
        diagnostics_.error(value.at, fmt::format("unknown version {}", quoted(value.text)),
                           value.quoted && value.text == "1"
                               ? "remove the quotes"
                               : "the only supported version is `version: 1`");
    }

    void read_rules(const TreeNode &value)
    {
        if (value.kind != TreeNode::Kind::sequence) {
            bool one = value.kind == TreeNode::Kind::mapping;
            diagnostics_.error(value.at,
                               fmt::format("`rules` must be a list, found {}", value.kind_name()),
                               one ? "put `- ` before the first key of each rule"
                                   : "write `- name: …` for each rule, or `rules: []` for none");
            return;
        }
        for (std::size_t i = 0; i < value.items.size(); i++) {
            if (i == IOASID_MAX_RULES) {
                diagnostics_.error(
                    value.items[i].at, fmt::format("too many rules: {}", value.items.size()),
                    fmt::format("at most {}; use a pattern with * for several cgroups",
                                IOASID_MAX_RULES));
                return;
            }
            Rule rule;
            rule.at = value.items[i].at;
            read(value.items[i], Where::rule, &rule, fmt::format("rule {}", i + 1));
            policy_.rules.push_back(std::move(rule));
        }
    }

    Diagnostics &diagnostics_;
    Policy &policy_;
};

} // namespace

bool read_keys(Context &context)
{
    Reader(context).read(context.tree, Where::top, nullptr, "the policy");
    return true;
}

} // namespace pasid::policy
