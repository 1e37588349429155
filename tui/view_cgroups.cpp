// SPDX-License-Identifier: GPL-2.0-only
// The cgroups view: usage and limits as a tree.
#include "model/cgroup_path.hpp"
#include "tui/view.hpp"

#include <array>
#include <unordered_map>

namespace pasid::tui {

namespace {

using Def = ColumnDef<CgroupUsage>;

constexpr double nearly_full = 0.8;

// Nothing without a limit. A limit of 0 is always full.
std::optional<double> share(const CgroupUsage &row)
{
    if (!row.max)
        return std::nullopt;
    if (*row.max == 0)
        return 1.0;
    return static_cast<double>(row.current) / static_cast<double>(*row.max);
}

Role use_role(const CgroupUsage &row, const Rates &)
{
    const auto used = share(row);
    if (!used)
        return Role::dim;
    return *used >= 1 ? Role::bad : *used >= nearly_full ? Role::caution : Role::good;
}

// Null if there is no previous snapshot to compare with.
const CgroupRates *rates_of(const CgroupUsage &row, const Rates &rates)
{
    const auto found = rates.cgroups.find(row.cgroup_id);
    return found == rates.cgroups.end() ? nullptr : &found->second;
}

Role denied_role(const CgroupUsage &row, const Rates &rates)
{
    const CgroupRates *now = rates_of(row, rates);
    if (now && now->denied_here > 0)
        return Role::bad;
    return row.denied_here ? Role::caution : Role::dim;
}

Role asked_role(const CgroupUsage &row, const Rates &rates)
{
    const CgroupRates *now = rates_of(row, rates);
    if (now && now->denied_asked > 0)
        return Role::bad;
    return row.denied_asked ? Role::normal : Role::dim;
}

Role would_role(const CgroupUsage &row, const Rates &)
{
    return row.would_deny ? Role::caution : Role::dim;
}

Role mode_role(const CgroupUsage &row, const Rates &)
{
    return row.mode == IOASID_MODE_AUDIT ? Role::caution : Role::normal;
}

constexpr std::array defs{
    Def{.field = "cgroup", .kind = Kind::tree, .width = {.min = 18, .flex = true}},
    Def{.field = "current"},
    Def{.field = "max"},
    Def{.field = "use",
        .drop = 3,
        .kind = Kind::bar,
        .role = use_role,
        .own = {.key = "use",
                .title = "USE",
                .help = "current as a share of max; at 100% requests are denied",
                .width = {.min = 10, .max = 24, .flex = true}},
        .own_get = [](const CgroupUsage &row, const Rates &) -> Value {
            const auto used = share(row);
            return used ? Value{*used} : Value{Null{}};
        }},
    Def{.field = "peak", .drop = 5},
    Def{.field = "denied_here", .role = denied_role},
    Def{.field = "denied_rate",
        .drop = 6,
        .role = denied_role,
        .own = {.key = "denied_rate",
                .title = "DENY/s",
                .help = "requests per second denied by this cgroup's limit",
                .unit = Unit::rate,
                .align = Align::right},
        .own_get = [](const CgroupUsage &row, const Rates &rates) -> Value {
            const CgroupRates *now = rates_of(row, rates);
            return now ? Value{now->denied_here} : Value{Null{}};
        }},
    Def{.field = "denied_asked", .drop = 7, .role = asked_role},
    Def{.field = "would_deny", .drop = 8, .role = would_role},
    Def{.field = "rule", .drop = 4},
    Def{.field = "mode", .drop = 9, .role = mode_role},
};

class CgroupTable final : public TableOf<CgroupUsage> {
  public:
    CgroupTable(const ColumnSet<CgroupUsage> &set, std::vector<const CgroupUsage *> rows,
                const Rates &rates)
        : TableOf(set, std::move(rows), rates, [](const CgroupUsage &row) {
              return RowId{row.cgroup_id, 0};
          })
    {
        std::unordered_map<std::string_view, std::uint32_t> by_path;
        for (std::uint32_t i = 0; i < size(); i++)
            by_path.emplace(row(i).cgroup, i);
        parents_.reserve(size());
        for (std::uint32_t i = 0; i < size(); i++)
            parents_.push_back(nearest(by_path, row(i).cgroup, i));
    }

    bool is_tree() const override { return true; }
    std::uint32_t parent(std::size_t number) const override { return parents_[number]; }

    // Path relative to the parent row, usually one component.
    std::string tree_name(std::size_t number) const override
    {
        std::string_view name = row(number).cgroup;
        if (parents_[number] == no_row)
            return printable(name);
        const std::string_view above = row(parents_[number]).cgroup;
        name.remove_prefix(above == "/" ? 1 : above.size() + 1);
        return printable(name);
    }

  private:
    // The nearest ancestor in the table. Names that are not paths, such as removed cgroups, have
    // none.
    static std::uint32_t nearest(const std::unordered_map<std::string_view, std::uint32_t> &by_path,
                                 std::string_view path, std::uint32_t self)
    {
        while (path.size() > 1 && path.front() == '/') {
            const std::size_t slash = path.rfind('/');
            path = slash == 0 ? std::string_view{"/"} : path.substr(0, slash);
            const auto found = by_path.find(path);
            if (found != by_path.end() && found->second != self)
                return found->second;
        }
        return no_row;
    }

    std::vector<std::uint32_t> parents_;
};

} // namespace

std::unique_ptr<Table> build_cgroups(const State &state, const Scope &scope)
{
    static const ColumnSet<CgroupUsage> set{defs};
    std::vector<const CgroupUsage *> rows;
    rows.reserve(state.snapshot.cgroups.size());
    for (const CgroupUsage &row : state.snapshot.cgroups)
        if (scope.what != Scope::cgroup || is_within(row.cgroup, scope.name))
            rows.push_back(&row);
    return std::make_unique<CgroupTable>(set, std::move(rows), state.rates);
}

} // namespace pasid::tui
