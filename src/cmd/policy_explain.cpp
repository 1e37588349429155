// SPDX-License-Identifier: GPL-2.0
#include "cmd/policy_file.hpp"
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

struct Level {
    std::string cgroup;
    std::optional<std::uint64_t> max;
    std::uint64_t current = 0;
    bool enforced = true;
};

struct Explanation {
    std::string cgroup;
    std::optional<std::string> rule; // that governs it: its own or an ancestor's
    std::optional<ioasid_mode> mode;
    std::vector<Level> levels; // the cgroup itself first, the root last
    int next_error = 0;        // of the next allocation
};

std::string parent_of(const std::string &path)
{
    const auto slash = path.rfind('/');
    return slash == 0 ? "/" : path.substr(0, slash);
}

std::unordered_map<std::string, std::uint64_t> use_by_path(const std::vector<ioasid_node> &nodes,
                                                           Cgroups &cgroups)
{
    std::unordered_map<std::string, std::uint64_t> use;
    for (const ioasid_node &node : nodes)
        use.emplace(cgroups.path(node.cgroup_id), node.pasids.current);
    return use;
}

const ioasid_rule *rule_at(const ioasid_policy_image &image, std::uint32_t index_and_one)
{
    return index_and_one == 0 || index_and_one > IOASID_MAX_RULES ? nullptr
                                                                  : &image.rules[index_and_one - 1];
}

Level level_of(const ioasid_policy_image &image, const std::string &path, std::uint64_t current)
{
    Level level{path, std::nullopt, current, true};
    if (const ioasid_rule *rule = rule_at(image, policy::match(image, path).rule)) {
        if (rule->max != IOASID_UNLIMITED)
            level.max = rule->max;
        level.enforced = rule->mode == IOASID_MODE_ENFORCE;
    }
    return level;
}

Explanation explain(const std::string &cgroup, const ioasid_policy_image &image,
                    const std::unordered_map<std::string, std::uint64_t> &use)
{
    Explanation result{cgroup, std::nullopt, std::nullopt, {}, 0};
    const ioasid_rule *governor = rule_at(image, policy::match(image, cgroup).governor);
    if (governor) {
        result.rule = std::string(governor->name);
        result.mode = static_cast<ioasid_mode>(governor->mode);
    }
    for (std::string path = cgroup;; path = parent_of(path)) {
        const auto known = use.find(path);
        Level level = level_of(image, path, known == use.end() ? 0 : known->second);
        // The defaults limit only the asking cgroup, and only without a rule.
        if (!governor && path == cgroup && image.default_max != IOASID_UNLIMITED)
            level.max = image.default_max;
        if (level.max && level.enforced && level.current >= *level.max)
            result.next_error = EDQUOT;
        result.levels.push_back(std::move(level));
        if (path == "/")
            return result;
    }
}

void print(Context &context, const Explanation &explanation)
{
    const auto limit = [](const Level &level) {
        return level.max ? Json(*level.max) : Json(nullptr);
    };
    if (context.json()) {
        Json object = Json::object();
        object["cgroup"] = explanation.cgroup;
        object["rule"] = explanation.rule ? Json(*explanation.rule) : Json(nullptr);
        object["mode"] = explanation.mode ? Json(mode_name(*explanation.mode)) : Json(nullptr);
        object["levels"] = Json::array();
        for (const Level &level : explanation.levels)
            object["levels"].push_back(
                {{"cgroup", level.cgroup}, {"max", limit(level)}, {"current", level.current}});
        object["next_alloc"] = errno_name(explanation.next_error);
        context.out.line(json_text(object));
        return;
    }
    context.out.line(fmt::format("cgroup      {}", printable(explanation.cgroup)));
    context.out.line(
        fmt::format("rule        {}", explanation.rule.value_or("none: the defaults")));
    if (explanation.mode)
        context.out.line(fmt::format("mode        {}", mode_name(*explanation.mode)));
    context.out.line(fmt::format("next alloc  {}", errno_name(explanation.next_error)));
    const std::vector<Column> columns{{"LEVEL", Align::left, {12, 0, true}, Cut::start},
                                      {"MAX", Align::right, {}, Cut::end},
                                      {"CURRENT", Align::right, {}, Cut::end}};
    std::vector<Cells> rows;
    for (const Level &level : explanation.levels)
        rows.push_back({printable(level.cgroup), level.max ? fmt::format("{}", *level.max) : "-",
                        fmt::format("{}", level.current)});
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
    print(context, explain(path, *installed->image, use_by_path(*nodes, *cgroups)));
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
    which->add_option("--pid", options->pid, "The cgroup of this process")->type_name("PID");
    which->require_option(1);
    return [options](Context &context) { return explain_command(context, *options); };
}

} // namespace pasid
