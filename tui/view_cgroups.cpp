// SPDX-License-Identifier: GPL-2.0-only
// The cgroups view: usage and limits as a tree.
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

template <auto rate, auto count, Role before>
constexpr auto denials_role =
    counter_role<&Rates::cgroups, &CgroupUsage::cgroup_id, rate, count, before, CgroupUsage>;
constexpr auto denied_role =
    denials_role<&CgroupRates::denied_here, &CgroupUsage::denied_here, Role::caution>;
constexpr auto asked_role =
    denials_role<&CgroupRates::denied_asked, &CgroupUsage::denied_asked, Role::normal>;

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
    Def{.drop = 3,
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
    rate_column<CgroupUsage>(
        "denied_rate", "DENY/s", "requests per second denied by this cgroup's limit", 6,
        rate_of<&Rates::cgroups, &CgroupUsage::cgroup_id, &CgroupRates::denied_here>, denied_role),
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
    return std::make_unique<CgroupTable>(set, rows_in<CgroupUsage>(scope, state.snapshot.cgroups),
                                         state.rates);
}

} // namespace pasid::tui
