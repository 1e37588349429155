// SPDX-License-Identifier: GPL-2.0-only
#include "policy/pattern.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <span>

#include <fnmatch.h>

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

std::string did_you_mean(std::string_view path)
{
    return fmt::format("did you mean {}?", quoted(path.size() > 1 ? path : "/**"));
}

constexpr std::string_view only_version_2 =
    "that is a cgroup version 1 hierarchy; a policy applies to version 2, to a path such as "
    "/user.slice";

// The mount points below the mount point: where both versions are in use, each
// version 1 hierarchy has one, and version 2 is at unified.
std::string help_below_mount(std::string_view below)
{
    static constexpr std::string_view version_1[] = {
        "blkio",   "cpu",    "cpuacct", "cpu,cpuacct", "cpuset",   "devices",          "freezer",
        "hugetlb", "memory", "misc",    "net_cls",     "net_prio", "net_cls,net_prio", "perf_event",
        "pids",    "rdma",   "systemd"};
    const std::size_t end = std::min(below.find('/', 1), below.size());
    const std::string_view first = below.empty() ? below : below.substr(1, end - 1);

    if (first == "unified")
        return did_you_mean(below.substr(end));
    if (std::find(std::begin(version_1), std::end(version_1), first) != std::end(version_1))
        return std::string(only_version_2);
    return did_you_mean(below);
}

// What people write who copy from /proc/PID/cgroup or think of a unit of systemd's.
std::string help_without_slash(std::string_view text)
{
    const std::size_t digits = text.find_first_not_of("0123456789");
    if (digits != 0 && digits != text.npos && text[digits] == ':') {
        const std::size_t path = text.find(":/");
        if (text.substr(digits).starts_with("::/") && text.starts_with("0:"))
            return did_you_mean(text.substr(path + 1));
        if (path != text.npos)
            return std::string(only_version_2);
    }
    if (text.find('/') == text.npos && text.ends_with(".service"))
        return fmt::format("this must be a path; did you mean {}?",
                           quoted(fmt::format("/system.slice/{}", text)));
    if (text.find('/') == text.npos && text.ends_with(".scope"))
        return fmt::format("this must be a path; did you mean {}?",
                           quoted(fmt::format("/**/{}", text)));
    return did_you_mean(fmt::format("/{}", text));
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
                     help_without_slash(text));
    if (text == "/")
        return wrong(
            0, "the root cgroup cannot be limited",
            "use `/*` for its children or `/**` for all cgroups; `defaults` applies to its "
            "own processes");
    if (text == mount_point || text.starts_with(fmt::format("{}/", mount_point)))
        return wrong(0, "the cgroup pattern starts with the cgroup mount point",
                     help_below_mount(text.substr(mount_point.size())));
    return {true, {}, {}, {}, 0};
}

PatternResult check_characters(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); i++) {
        unsigned char c = text[i];
        if (c == '\n')
            return wrong(i, "the cgroup pattern contains a line break",
                         "write the path after `cgroup:` on the same line");
        if (c < 0x20 || c == 0x7F)
            return wrong(i, "the cgroup pattern has a control character", "use * instead");
        if (c == '?' || c == '[' || c == ']' || c == '{' || c == '}')
            return wrong(i, fmt::format("`{}` is not supported in a cgroup pattern", text[i]),
                         "the wildcards are * (text within a component) and ** (components); to "
                         "match this character, use *");
    }
    return {true, {}, {}, {}, 0};
}

PatternResult parse_component(std::string_view text, std::size_t offset)
{
    using Kind = Component::Kind;
    if (text.empty())
        return wrong(offset, "the cgroup pattern has an empty component", "remove one `/`");
    if (text == "." || text == "..")
        return wrong(offset, fmt::format("`{}` is not a valid cgroup name", text),
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

std::weak_ordering Component::compare_specificity(const Component &other) const
{
    if (kind != other.kind)
        return kind <=> other.kind;
    return kind == Kind::glob ? literals <=> other.literals : std::weak_ordering::equivalent;
}

bool Component::matches(const std::string &name) const
{
    return kind == Kind::literal ? text == name
                                 : fnmatch(text.c_str(), name.c_str(), FNM_NOESCAPE) == 0;
}

namespace {

using Components = std::span<const Component>;

bool match(Components components, std::span<const std::string> names)
{
    if (components.empty())
        return names.empty();
    if (components[0].kind == Component::Kind::any_depth)
        return match(components.subspan(1), names) ||
               (!names.empty() && match(components, names.subspan(1)));
    return !names.empty() && components[0].matches(names[0]) &&
           match(components.subspan(1), names.subspan(1));
}

} // namespace

bool Pattern::matches(std::string_view path) const
{
    std::vector<std::string> names;
    for (std::size_t start = 1; start <= path.size();) {
        const std::size_t end = std::min(path.find('/', start), path.size());
        names.emplace_back(path.substr(start, end - start));
        start = end + 1;
    }
    return match(components, names);
}

bool Pattern::literal() const
{
    return std::all_of(components.begin(), components.end(),
                       [](const Component &c) { return c.kind == Component::Kind::literal; });
}

std::weak_ordering Pattern::compare_specificity(const Pattern &other) const
{
    static const Component end{Component::Kind::end, "", 0};
    std::size_t length = std::max(components.size(), other.components.size());

    for (std::size_t i = 0; i < length; i++) {
        const Component &a = i < components.size() ? components[i] : end;
        const Component &b = i < other.components.size() ? other.components[i] : end;
        if (auto order = a.compare_specificity(b); std::is_neq(order))
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
                         "one is enough: it matches any number of components");
        if (!deep && ++levels > IOASID_MAX_DEPTH)
            return wrong(start, "the cgroup pattern is too deep",
                         fmt::format("at most {} levels", IOASID_MAX_DEPTH));
        components.push_back(std::move(component));
        start = end + 1;
    }
    return result;
}

namespace {

// The length of the UUID that @text begins with, as 8-4-4-4-12 hexadecimal digits; 0: none.
// The names of systemd's units have _ where others have -.
std::size_t uuid_length(std::string_view text)
{
    constexpr std::string_view form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (text.size() < form.size())
        return 0;
    for (std::size_t i = 0; i < form.size(); i++)
        if (form[i] == 'x' ? !std::isxdigit(static_cast<unsigned char>(text[i]))
                           : text[i] != '-' && text[i] != '_')
            return 0;
    return form.size();
}

} // namespace

std::optional<Uuid> uuid_of(const Pattern &pattern)
{
    std::optional<Uuid> found;
    for (std::size_t i = 0; i < pattern.components.size(); i++) {
        const Component &component = pattern.components[i];
        for (std::size_t at = 0; at < component.text.size(); at++) {
            const std::size_t length = uuid_length(std::string_view(component.text).substr(at));
            if (!length)
                continue;
            if (found || component.kind != Component::Kind::glob)
                return std::nullopt;
            found = Uuid{component.text.substr(at, length), i, at + length};
            std::replace(found->text.begin(), found->text.end(), '_', '-');
            at += length - 1;
        }
    }
    return found;
}

} // namespace pasid::policy
