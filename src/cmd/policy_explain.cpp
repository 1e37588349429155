// SPDX-License-Identifier: GPL-2.0
#include "cmd/number_option.hpp"
#include "cmd/policy_file.hpp"
#include "cmd/policy_rule.hpp"
#include "lib/join.hpp"
#include "model/names.hpp"
#include "render/json.hpp"
#include "render/table.hpp"

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

// What holds at one cgroup: a count and its limit, of PASIDs and of bindings.
struct Count {
    std::optional<std::uint64_t> max;
    std::uint64_t current = 0;

    bool full() const { return max && current >= *max; }
};

struct Level {
    std::string cgroup;
    const ioasid_rule *rule = nullptr; // for exactly this cgroup
    Count pasids, bindings;

    bool audit() const { return rule && rule->mode == IOASID_MODE_AUDIT; }
};

struct Explanation {
    std::string cgroup;
    std::optional<policy::Rule> rule;  // that governs it: its own or an ancestor's
    std::string governor;              // the cgroup that has that rule
    std::vector<Level> levels;         // the cgroup itself first, the root last
    int next_alloc = 0, next_bind = 0; // errors; of a device that the rule permits
};

using Nodes = std::unordered_map<std::string, const ioasid_node *>;

std::string parent_of(const std::string &path)
{
    const auto slash = path.rfind('/');
    return slash == 0 ? "/" : path.substr(0, slash);
}

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
        level.bindings.current = known->second->bindings.current;
    }
    const std::uint32_t index = policy::match(image, path).rule;
    if (index != 0 && index <= IOASID_MAX_RULES) {
        level.rule = &image.rules[index - 1];
        level.pasids.max = limit(level.rule->max);
        level.bindings.max = limit(level.rule->max_bindings);
    }
    return level;
}

// Would the bucket of the rule at @governor give a token now? As take_token() in bpf/.
bool has_token(const ioasid_rule &rule, const std::string &governor, const Nodes &nodes)
{
    const auto node = nodes.find(governor);
    if (rule.rate == 0 || node == nodes.end())
        return true;
    const std::uint64_t now = clocks_now().mono_ns, interval = rule.rate_period_ns / rule.rate;
    return std::max<std::uint64_t>(node->second->next_ns, now) + interval <=
           now + rule.burst * interval;
}

Explanation explain(const std::string &cgroup, const ioasid_policy_image &image, const Nodes &nodes)
{
    Explanation result;
    result.cgroup = cgroup;
    const ioasid_rule *governor = nullptr;
    for (std::string path = cgroup;; path = parent_of(path)) {
        Level level = level_of(image, path, nodes);
        if (level.rule && !governor) {
            governor = level.rule;
            result.governor = path;
        }
        if (level.pasids.full() && !level.audit())
            result.next_alloc = EDQUOT;
        if (level.bindings.full() && !level.audit())
            result.next_bind = EDQUOT;
        result.levels.push_back(std::move(level));
        if (path == "/")
            break;
    }
    if (governor) {
        result.rule = policy::decompile(image).rules[governor - image.rules];
        if (!result.next_alloc && governor->mode == IOASID_MODE_ENFORCE &&
            !has_token(*governor, result.governor, nodes))
            result.next_alloc = EAGAIN;
        return result;
    }
    // The defaults limit only what the asking cgroup's own processes hold.
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
    const auto &rule = explanation.rule;
    Json object = Json::object();
    object["cgroup"] = explanation.cgroup;
    object["rule"] = rule ? Json(rule->name) : Json(nullptr);
    object["mode"] = rule ? Json(mode_name(rule->mode)) : Json(nullptr);
    object["levels"] = Json::array();
    for (const Level &level : explanation.levels)
        object["levels"].push_back(level_json(level));
    object["next_alloc"] = errno_name(explanation.next_alloc);
    object["next_bind"] = errno_name(explanation.next_bind);
    object["governor"] = rule ? Json(explanation.governor) : Json(nullptr);
    object["keys"] = rule ? rule_json(*rule) : Json(nullptr);
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
    print_line(context, "cgroup", printable(explanation.cgroup));
    if (const auto &rule = explanation.rule) {
        print_line(context, "rule",
                   explanation.governor == explanation.cgroup
                       ? rule->name
                       : fmt::format("{}, of {}", rule->name, printable(explanation.governor)));
        print_line(context, "mode", mode_name(rule->mode));
        for (const auto &[what, text] : rule_details(*rule))
            print_line(context, what, text);
    } else {
        print_line(context, "rule", "none: the defaults");
    }
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

Result<Exit> explain_command(Context &context, const Options &options)
{
    const auto cgroups = context.environment.open_cgroups();
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
    print(context, explain(path, *installed->image, by_path(*nodes, *cgroups)));
    return Exit::done;
}

} // namespace

Action setup_policy_explain(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    auto *which = app.add_option_group("which", "Who");
    which->add_option("--cgroup", options->cgroup, "This cgroup, existing or not")
        ->type_name("PATH")
        ->transform([](std::string given) { return normal_cgroup_path(std::move(given)); });
    which->add_option("--pid", options->pid, "The cgroup of this process")
        ->type_name("PID")
        ->check(whole_number(1, std::numeric_limits<int>::max()));
    which->require_option(1);
    return [options](Context &context) { return explain_command(context, *options); };
}

} // namespace pasid
