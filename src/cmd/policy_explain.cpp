// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/number_option.hpp"
#include "cmd/policy_file.hpp"
#include "cmd/policy_rule.hpp"
#include "lib/join.hpp"
#include "model/names.hpp"
#include "render/json.hpp"
#include "render/table.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace pasid {

namespace {

struct Options {
    std::string cgroup;
    std::optional<std::uint32_t> pid;
};

// A count and its limit at one cgroup, of PASIDs or of bindings.
struct Count {
    std::optional<std::uint64_t> max;
    std::uint64_t current = 0;
    std::uint64_t granted = 0; // already charged to all ancestors (distribution: reserve)

    bool full() const { return max && current >= *max; }
};

struct Level {
    std::string cgroup;
    const ioasid_rule *rule = nullptr; // for exactly this cgroup
    Count pasids, bindings;

    bool audit() const { return rule && rule->mode == IOASID_MODE_AUDIT; }
};

// A rule that restricts more than counts in the explained cgroup, and the rule's cgroup.
struct Governor {
    policy::Rule rule;
    std::string cgroup;
};

struct Explanation {
    std::string cgroup;
    std::string threaded; // the requested cgroup if it is threaded; @cgroup is then its domain
    bool exists = true;
    std::vector<Governor> governors;   // nearest first; may be the cgroup itself
    policy::Restrictions together;     // of the governors in enforce mode
    std::vector<Level> levels;         // the cgroup first, the root last
    bool too_deep = false;             // a rule is for a cgroup that cannot have a node
    int next_alloc = 0, next_bind = 0; // errors; for a permitted device
};

using Nodes = std::unordered_map<std::string, const ioasid_node *>;

Nodes by_path(const std::vector<ioasid_node> &nodes, Cgroups &cgroups)
{
    Nodes paths;
    for (const ioasid_node &node : nodes)
        paths.emplace(cgroups.path(node.cgroup_id), &node);
    return paths;
}

std::optional<std::uint64_t> limit(std::uint64_t max)
{
    return max == IOASID_UNLIMITED ? std::nullopt : std::optional(max);
}

Level level_of(const ioasid_policy_image &image, const std::string &path, const Nodes &nodes)
{
    Level level;
    level.cgroup = path;
    if (const auto known = nodes.find(path); known != nodes.end()) {
        level.pasids.current = known->second->pasids.current;
        level.pasids.granted = known->second->pasids.granted;
        level.bindings.current = known->second->bindings.current;
    }
    const std::uint32_t index = policy::match(image, path).rule;
    if (index != 0 && index <= IOASID_MAX_RULES) {
        level.rule = &image.rules[index - 1];
        level.pasids.max = limit(level.rule->max);
        level.bindings.max = limit(level.rule->max_bindings);
    }
    if (path == "/" && image.distribution == IOASID_DISTRIBUTION_RESERVE)
        level.pasids.max = image.capacity;
    return level;
}

// Whether the bucket of the rule at @governor has a token now; same as take_token() in bpf/.
bool has_token(const Governor &governor, const Nodes &nodes)
{
    const auto node = nodes.find(governor.cgroup);
    const policy::Rate &rate = governor.rule.rate;
    if (rate.count == 0 || node == nodes.end())
        return true;
    const std::uint64_t now = clocks_now().mono_ns, interval = rate.period_ns / rate.count;
    const std::uint64_t full = now + governor.rule.bucket() * interval;
    const std::uint64_t next = node->second->next_ns;
    return (next > now && next <= full ? next : now) + interval <= full;
}

// The error of the counts; PASIDs granted at a level are already charged to its ancestors.
int count_error(const std::vector<Level> &levels, Count Level::*counter)
{
    for (const Level &level : levels) {
        const Count &count = level.*counter;
        if (count.full() && !level.audit())
            return EDQUOT;
        if (count.current < count.granted)
            break;
    }
    return 0;
}

// Whether requests are denied because a rule is for a cgroup that is too deep to have a node; same
// as find_uncounted_rule() in bpf/.
bool is_too_deep(const std::vector<Level> &levels, const ioasid_policy_image &image)
{
    for (std::size_t depth = IOASID_MAX_DEPTH; depth < levels.size(); depth++) {
        const Level &level = levels[levels.size() - 1 - depth];
        if (policy::match(image, level.cgroup).state == IOASID_MATCH_NONE)
            return false;
        if (level.rule && !level.audit())
            return true;
    }
    return levels.size() >= IOASID_MAX_DEPTH + IOASID_MAX_LEVELS;
}

Explanation explain(const std::string &cgroup, const ioasid_policy_image &image, const Nodes &nodes)
{
    Explanation result;
    result.cgroup = cgroup;
    const policy::Policy rules = policy::decompile(image);
    bool no_inherit = false;
    for (std::string path = cgroup;; path = parent_cgroup(path)) {
        Level level = level_of(image, path, nodes);
        if (level.rule && !no_inherit) {
            const policy::Rule &rule = rules.rules[level.rule - image.rules];
            result.governors.push_back({rule, path});
            if (rule.mode == IOASID_MODE_ENFORCE)
                result.together.add(rule);
            no_inherit = rule.no_inherit;
        }
        result.levels.push_back(std::move(level));
        if (path == "/")
            break;
    }
    result.too_deep = is_too_deep(result.levels, image);
    if (result.too_deep) {
        result.next_alloc = result.next_bind = EPERM;
        return result;
    }
    result.next_alloc = count_error(result.levels, &Level::pasids);
    result.next_bind = count_error(result.levels, &Level::bindings);
    if (result.together.devices && result.together.devices->empty())
        result.next_bind = EPERM;
    if (!result.governors.empty()) {
        if (!result.next_alloc && result.together.no_number)
            result.next_alloc = EPERM;
        for (const Governor &governor : result.governors)
            if (!result.next_alloc && governor.rule.mode == IOASID_MODE_ENFORCE &&
                !has_token(governor, nodes))
                result.next_alloc = EAGAIN;
        return result;
    }
    // The defaults limit only what the cgroup's own processes hold.
    Level &own = result.levels.front();
    own.pasids.max = limit(image.default_max);
    const auto node = nodes.find(cgroup);
    if (own.pasids.max && (node == nodes.end() ? 0 : node->second->own.current) >= *own.pasids.max)
        result.next_alloc = EDQUOT;
    return result;
}

Json level_json(const Level &level)
{
    const auto max = [](const Count &count) {
        return count.max ? Json(*count.max) : Json(nullptr);
    };
    Json object = Json::object();
    object["cgroup"] = level.cgroup;
    object["max"] = max(level.pasids);
    object["current"] = level.pasids.current;
    object["max_bindings"] = max(level.bindings);
    object["bindings"] = level.bindings.current;
    object["rule"] = level.rule ? Json(level.rule->name) : Json(nullptr);
    object["mode"] = level.rule ? Json(mode_name(level.rule->mode)) : Json(nullptr);
    return object;
}

void print_json(Context &context, const Explanation &explanation)
{
    const bool ruled = !explanation.governors.empty();
    const policy::Rule rule = ruled ? explanation.governors.front().rule : policy::Rule{};
    Json object = Json::object();
    object["cgroup"] = explanation.cgroup;
    object["threaded"] = explanation.threaded.empty() ? Json(nullptr) : Json(explanation.threaded);
    object["exists"] = explanation.exists;
    object["rule"] = ruled ? Json(rule.name) : Json(nullptr);
    object["mode"] = ruled ? Json(mode_name(rule.mode)) : Json(nullptr);
    object["levels"] = Json::array();
    for (const Level &level : explanation.levels)
        object["levels"].push_back(level_json(level));
    object["next_alloc"] = errno_name(explanation.next_alloc);
    object["next_bind"] = errno_name(explanation.next_bind);
    object["governor"] = ruled ? Json(explanation.governors.front().cgroup) : Json(nullptr);
    object["keys"] = ruled ? rule_json(rule) : Json(nullptr);
    object["governors"] = Json::array();
    for (const Governor &governor : explanation.governors)
        object["governors"].push_back(
            {{"cgroup", governor.cgroup}, {"keys", rule_json(governor.rule)}});
    const policy::Restrictions &together = explanation.together;
    object["range"] = together.no_number    ? Json("none")
                      : together.range.last ? Json(policy::range_text(together.range))
                                            : Json(nullptr);
    object["devices"] = together.devices ? Json(*together.devices) : Json(nullptr);
    object["owner"] = policy::owner_text(together.owner);
    context.out.line(json_text(object));
}

void print_line(Context &context, std::string_view what, std::string_view text)
{
    context.out.line(fmt::format("{:<11} {}", what, text));
}

void print(Context &context, const Explanation &explanation)
{
    if (context.json())
        return print_json(context, explanation);
    if (!explanation.threaded.empty())
        print_line(context, "threaded",
                   printable(explanation.threaded) + ": threaded; rules apply to its domain:");
    print_line(context, "cgroup",
               fmt::format("{}{}", printable(explanation.cgroup),
                           explanation.exists ? "" : " (does not exist; if it is created)"));
    for (const Governor &governor : explanation.governors) {
        const policy::Rule &rule = governor.rule;
        print_line(context, "rule",
                   governor.cgroup == explanation.cgroup
                       ? rule.name
                       : fmt::format("{}, of {}", rule.name, printable(governor.cgroup)));
        print_line(context, "mode", mode_name(rule.mode));
        for (const auto &[what, text] : rule_details(rule))
            print_line(context, what, text);
    }
    if (explanation.governors.empty())
        print_line(context, "rule", "none; the defaults apply");
    else
        print_line(context, "owner", policy::owner_text(explanation.together.owner));
    if (explanation.too_deep)
        print_line(context, "too deep",
                   fmt::format("rules apply to the top {} levels; below, requests are denied if a "
                               "cgroup has a rule",
                               IOASID_MAX_DEPTH));
    print_line(context, "next alloc", errno_name(explanation.next_alloc));
    print_line(context, "next bind", errno_name(explanation.next_bind));
    const std::vector<Column> columns{{"LEVEL", Align::left, {12, 0, true}, Cut::start},
                                      {"RULE", Align::left, {}, Cut::end},
                                      {"MAX", Align::right, {}, Cut::end},
                                      {"CURRENT", Align::right, {}, Cut::end},
                                      {"MAX BINDINGS", Align::right, {}, Cut::end},
                                      {"BINDINGS", Align::right, {}, Cut::end}};
    const auto max = [](const Count &count) {
        return count.max ? fmt::format("{}", *count.max) : "-";
    };
    std::vector<Cells> rows;
    for (const Level &level : explanation.levels)
        rows.push_back({printable(level.cgroup),
                        level.rule
                            ? fmt::format("{}{}", level.rule->name, level.audit() ? " (audit)" : "")
                            : "-",
                        max(level.pasids), fmt::format("{}", level.pasids.current),
                        max(level.bindings), fmt::format("{}", level.bindings.current)});
    print_cells(context.out, columns, rows, context.terminal);
}

// Returns the error if the rules permit only devices that do not exist.
int no_such_devices(Context &context, const policy::Restrictions &together)
{
    auto feed = context.environment.open_feed({.snapshots = true});
    const auto snapshot = feed ? (*feed)->snapshot(part_devices) : Result<Snapshot>(feed.error());
    if (!snapshot)
        return 0;
    const bool any = std::any_of(snapshot->devices.begin(), snapshot->devices.end(),
                                 [&](const Device &device) {
        return !together.devices || std::find(together.devices->begin(), together.devices->end(),
                                              device.name) != together.devices->end();
    });
    return any ? 0 : ENODEV;
}

// Rejects paths with `..`, because rules cannot be matched against them.
std::string check_components(const std::string &path)
{
    const std::string all = "/" + path + "/";
    return all.find("/../") == all.npos ? "" : "a cgroup path must not contain `..`";
}

Result<Exit> explain_command(Context &context, const Options &options)
{
    const auto cgroups = context.environment.open_cgroups();
    if (const auto whole = cgroups->whole(); !whole)
        return whole.error();
    std::string path = options.cgroup;
    if (options.pid) {
        auto found = cgroups->of_process(*options.pid);
        if (!found)
            return std::move(found).error();
        path = *found;
    }
    const auto installed = need_policy(context);
    if (!installed)
        return installed.error();
    const auto nodes = context.environment.open_policies()->nodes();
    if (!nodes)
        return nodes.error();
    const std::string domain = cgroups->domain(path);
    Explanation explanation = explain(domain, *installed->image, by_path(*nodes, *cgroups));
    explanation.threaded = domain == path ? "" : path;
    explanation.exists = cgroups->id(domain).has_value();
    if (!explanation.next_bind)
        explanation.next_bind = no_such_devices(context, explanation.together);
    print(context, explanation);
    return Exit::done;
}

} // namespace

Action setup_policy_explain(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    auto *which = app.add_option_group("which", "Select one");
    which->add_option("--cgroup", options->cgroup, "The cgroup; it need not exist")
        ->type_name("PATH")
        ->check(check_components)
        ->transform([](std::string given) { return normal_cgroup_path(std::move(given)); });
    which->add_option("--pid", options->pid, "Use the cgroup of this process")
        ->type_name("PID")
        ->check(whole_number(1, std::numeric_limits<int>::max()));
    which->require_option(1);
    return [options](Context &context) { return explain_command(context, *options); };
}

} // namespace pasid
