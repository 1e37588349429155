// SPDX-License-Identifier: GPL-2.0
#include "policy/pattern.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <ioasid/match.h>
#include <ioasid/node.h>

#include "policy/source.hpp"

namespace pasid::policy {

namespace {

constexpr std::size_t longest_pattern = 4095;
constexpr std::size_t longest_name = IOASID_CGROUP_NAME_LEN - 1;
constexpr std::string_view mount_point = "/sys/fs/cgroup";

PatternResult wrong(std::size_t offset, std::string message, std::string help)
{
    return {false, {}, std::move(message), std::move(help), offset};
}

PatternResult check_whole(std::string_view text)
{
    if (text.empty())
        return wrong(0, "the cgroup pattern is empty", "allowed: a path as /machine.slice/*.scope");
    if (text.size() > longest_pattern)
        return wrong(0, "the cgroup pattern is too long",
                     fmt::format("at most {} bytes", longest_pattern));
    if (text[0] != '/')
        return wrong(0, fmt::format("the cgroup pattern {} does not start with `/`", quoted(text)),
                     fmt::format("did you mean {}?", quoted(fmt::format("/{}", text))));
    if (text == "/")
        return wrong(0, "the root cgroup cannot be limited",
                     "`/*` is every cgroup right below it, `/**` every cgroup; its own processes "
                     "are under `defaults`");
    if (text == mount_point || text.starts_with(fmt::format("{}/", mount_point)))
        return wrong(
            0, "the cgroup pattern starts with the place where cgroups are mounted",
            fmt::format("did you mean {}?",
                        quoted(text == mount_point ? "/**" : text.substr(mount_point.size()))));
    return {true, {}, {}, {}, 0};
}

PatternResult check_characters(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); i++) {
        unsigned char c = text[i];
        if (c < 0x20 || c == 0x7F)
            return wrong(i, "the cgroup pattern has a control character", "use * in its place");
        if (c == '?' || c == '[' || c == ']' || c == '{' || c == '}')
            return wrong(i, fmt::format("`{}` is not supported in a cgroup pattern", text[i]),
                         "there is * (any text within a component) and ** (any components); for a "
                         "name that has this character use *");
    }
    return {true, {}, {}, {}, 0};
}

PatternResult parse_component(std::string_view text, std::size_t offset)
{
    using Kind = Component::Kind;
    if (text.empty())
        return wrong(offset, "the cgroup pattern has an empty component", "remove one `/`");
    if (text == "." || text == "..")
        return wrong(offset, fmt::format("`{}` cannot be a cgroup's name", text),
                     "write the path in full");
    if (text == "**")
        return {true, {{{Kind::any_depth, "**", 0}}}, {}, {}, offset};
    if (text.find("**") != text.npos)
        return wrong(offset + text.find("**"), "`**` must be a component of its own",
                     "`*` stands for any text within a component, `/**/` for any components");
    auto stars = static_cast<std::size_t>(std::count(text.begin(), text.end(), '*'));
    auto literals = static_cast<unsigned>(text.size() - stars);
    if (literals > longest_name)
        return wrong(offset, "a component of the cgroup pattern is longer than a cgroup's name",
                     fmt::format("at most {} bytes", longest_name));
    Kind kind = !stars ? Kind::literal : literals ? Kind::glob : Kind::any;
    return {true, {{{kind, std::string(text), literals}}}, {}, {}, offset};
}

} // namespace

std::weak_ordering Component::weight(const Component &other) const
{
    if (kind != other.kind)
        return kind <=> other.kind;
    return kind == Kind::glob ? literals <=> other.literals : std::weak_ordering::equivalent;
}

bool Pattern::literal() const
{
    return std::all_of(components.begin(), components.end(),
                       [](const Component &c) { return c.kind == Component::Kind::literal; });
}

std::weak_ordering Pattern::weight(const Pattern &other) const
{
    static const Component end{Component::Kind::end, "", 0};
    std::size_t length = std::max(components.size(), other.components.size());

    for (std::size_t i = 0; i < length; i++) {
        const Component &a = i < components.size() ? components[i] : end;
        const Component &b = i < other.components.size() ? other.components[i] : end;
        if (auto order = a.weight(b); std::is_neq(order))
            return order;
    }
    return std::weak_ordering::equivalent;
}

PatternResult parse_pattern(std::string_view text)
{
    if (auto whole = check_whole(text); !whole.ok)
        return whole;
    if (auto characters = check_characters(text); !characters.ok)
        return characters;
    if (text.ends_with('/'))
        return wrong(text.size() - 1, "the cgroup pattern ends with `/`",
                     fmt::format("did you mean {}?", quoted(text.substr(0, text.size() - 1))));

    PatternResult result{.ok = true};
    auto &components = result.pattern.components;
    std::size_t levels = 0;
    for (std::size_t start = 1; start <= text.size();) {
        std::size_t end = std::min(text.find('/', start), text.size());
        auto part = parse_component(text.substr(start, end - start), start);
        if (!part.ok)
            return part;
        Component component = std::move(part.pattern.components.front());
        bool deep = component.kind == Component::Kind::any_depth;
        if (deep && !components.empty() && components.back().kind == component.kind)
            return wrong(start, "`**` follows `**`",
                         "one is enough: it is any number of components");
        if (!deep && ++levels > IOASID_MAX_DEPTH)
            return wrong(start, "the cgroup pattern is too deep",
                         fmt::format("at most {} levels", IOASID_MAX_DEPTH));
        components.push_back(std::move(component));
        start = end + 1;
    }
    return result;
}

} // namespace pasid::policy
