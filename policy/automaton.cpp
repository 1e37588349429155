// SPDX-License-Identifier: GPL-2.0-only
#include "policy/automaton.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <unordered_map>

#include <fmt/format.h>
#include <ioasid/policy.h>

#include "policy/nfa.hpp"

namespace pasid::policy {

namespace {

using Set = std::vector<Nfa::Id>; // sorted, each once

constexpr std::uint32_t no_rank = ~std::uint32_t{0};

// Limit on visited positions: tens of megabytes and under a second.
constexpr std::size_t most_work = 8u << 20;

struct SetHash {
    std::size_t operator()(const Set &set) const
    {
        std::size_t hash = 0xcbf29ce484222325u;
        for (Nfa::Id id : set)
            hash = (hash ^ id) * 0x100000001b3u;
        return hash;
    }
};

// The subset construction. States are found in breadth-first order, so that the
// path to a state is a shortest one.
class Builder {
  public:
    Builder(const std::vector<Pattern> &patterns, Automaton &out)
        : patterns_(patterns), nfa_(patterns), out_(out)
    {
        rank_patterns();
        rank_positions();
    }

    void build()
    {
        intern({});
        intern(closed({Nfa::start}));
        came_from_.assign(2, {0, 0});
        for (std::uint32_t at = IOASID_MATCH_START; at < sets_.size(); at++) {
            expand(at);
            if (sets_.size() > IOASID_MATCH_STATES || work_ > most_work)
                return give_up();
            // No rule applies to the root cgroup, not even `/**`.
            if (at != IOASID_MATCH_START)
                choose_rule(at);
        }
        for (std::uint32_t i = 0; i < patterns_.size(); i++)
            if (!wins_[i] && !tied_[i])
                out_.hidden.push_back({i, beaten_by_[i] ? beaten_by_[i] - 1 : i,
                                       beaten_by_[i] ? path_to(beaten_at_[i]) : std::string()});
    }

  private:
    void rank_patterns()
    {
        std::size_t count = patterns_.size();
        std::vector<std::uint32_t> order(count);
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) {
            return std::is_gt(patterns_[a].compare_specificity(patterns_[b]));
        });
        rank_.resize(count);
        for (std::size_t i = 1; i < count; i++)
            rank_[order[i]] =
                rank_[order[i - 1]] +
                std::is_neq(patterns_[order[i]].compare_specificity(patterns_[order[i - 1]]));
        wins_.resize(count);
        tied_.resize(count);
        beaten_by_.resize(count);
        beaten_at_.resize(count);
    }

    // For each position: the most specific pattern that is still reachable, and the most specific
    // one that matches everything from here on, like /a/** below /a.
    void rank_positions()
    {
        reach_.assign(nfa_.size(), no_rank);
        cover_.assign(nfa_.size(), no_rank);
        for (Nfa::Id id = nfa_.size(); id-- > 0;) {
            const Nfa::State &state = nfa_[id];
            auto add = [&](Nfa::Id to) {
                if (to != Nfa::none && to > id)
                    reach_[id] = std::min(reach_[id], reach_[to]);
            };
            for (auto [byte, to] : state.bytes)
                add(to);
            for (Nfa::Id to : state.also)
                add(to);
            add(state.any);
            add(state.star);
            add(state.deep);
            for (std::uint32_t pattern : state.accepts)
                reach_[id] = std::min(reach_[id], rank_[pattern]);
        }
        for (Nfa::Id id = 0; id < nfa_.size(); id++) {
            Nfa::Id before = nfa_[id].back;
            if (before == Nfa::none)
                continue;
            reach_[id] = std::min(reach_[id], reach_[before]);
            for (std::uint32_t pattern : nfa_[before].accepts)
                cover_[id] = std::min(cover_[id], rank_[pattern]);
        }
        // A trailing * before /** also matches everything that follows.
        for (Nfa::Id id = 0; id < nfa_.size(); id++)
            for (auto [byte, to] : nfa_[id].bytes)
                if (nfa_[id].stays && byte == '/' && nfa_[to].deep != Nfa::none)
                    cover_[id] = std::min(cover_[id], cover_[nfa_[to].deep]);
    }

    // Drop positions that can only lead to less specific rules. Otherwise rules such as
    // /tenants/NAME/** would multiply the states of all patterns that start with **.
    void drop_beaten(Set &set) const
    {
        std::uint32_t cover = no_rank;
        for (Nfa::Id id : set)
            cover = std::min(cover, cover_[id]);
        if (cover != no_rank)
            std::erase_if(set, [&](Nfa::Id id) {
                return reach_[id] > cover && nfa_[id].uuids != Nfa::Uuids::passed;
            });
    }

    // Also drop positions that need a UUID other than the path's, and further ways to a rule with
    // that UUID that is certain to match.
    void drop_other_uuids(Set &set) const
    {
        using Uuids = Nfa::Uuids;
        const auto is = [&](Uuids uuids) {
            return [this, uuids](Nfa::Id id) { return nfa_[id].uuids == uuids; };
        };
        const auto passed = std::find_if(set.begin(), set.end(), is(Uuids::passed));
        if (passed == set.end())
            return;
        std::set<std::uint32_t> sure;
        for (Nfa::Id id : set)
            if (cover_[id] != no_rank && nfa_[id].uuids == Uuids::one)
                sure.insert(nfa_[id].only);
        const auto open = [&, uuid = nfa_[*passed].uuid](std::uint32_t pattern) {
            return nfa_.uuid_of(pattern) == uuid && !sure.contains(pattern);
        };
        std::erase_if(set, [&](Nfa::Id id) {
            const Nfa::State &state = nfa_[id];
            if (state.uuids == Uuids::one)
                return cover_[id] == no_rank && !open(state.only);
            return state.uuids == Uuids::many &&
                   std::none_of(state.leads_to.begin(), state.leads_to.end(), open);
        });
        if (std::none_of(set.begin(), set.end(), is(Uuids::many)))
            std::erase_if(set, is(Uuids::passed));
    }

    // States multiply because of positions that stay active on any input (* and **). Count the
    // states that contain each of them.
    std::vector<std::uint32_t> find_complex_patterns() const
    {
        constexpr std::size_t named = 3;
        constexpr std::uint32_t many = Nfa::none - 1;
        std::vector<std::uint32_t> only(nfa_.size(), Nfa::none); // the pattern that needs it
        for (Nfa::Id id = nfa_.size(); id-- > 0;) {
            const Nfa::State &state = nfa_[id];
            auto add = [&](std::uint32_t pattern) {
                if (pattern != Nfa::none && only[id] != pattern)
                    only[id] = only[id] == Nfa::none ? pattern : many;
            };
            for (std::uint32_t pattern : state.accepts)
                add(pattern);
            for (auto [byte, to] : state.bytes)
                add(to > id ? only[to] : Nfa::none);
            for (Nfa::Id to : {state.any, state.star, state.deep})
                add(to != Nfa::none ? only[to] : Nfa::none);
        }
        std::vector<std::size_t> count(patterns_.size());
        for (const Set *set : sets_) {
            std::set<std::uint32_t> seen;
            for (Nfa::Id id : *set)
                if (nfa_[id].stays && only[id] < many && seen.insert(only[id]).second)
                    count[only[id]]++;
        }
        std::vector<std::uint32_t> order(patterns_.size());
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(),
                         [&](auto a, auto b) { return count[a] > count[b]; });
        order.resize(std::min(order.size(), named));
        std::erase_if(order, [&](auto pattern) { return !count[pattern]; });
        return order;
    }

    void give_up()
    {
        const auto complex_patterns = find_complex_patterns();
        out_ = {};
        out_.complex_patterns = complex_patterns;
        out_.too_complex =
            fmt::format("the patterns together need more than {} states",
                        sets_.size() > IOASID_MATCH_STATES ? IOASID_MATCH_STATES : sets_.size());
    }

    Set closed(Set set)
    {
        for (std::size_t i = 0; i < set.size(); i++) {
            const Nfa::State &state = nfa_[set[i]];
            for (Nfa::Id next : {state.star, state.deep})
                if (next != Nfa::none)
                    set.push_back(next);
            set.insert(set.end(), state.also.begin(), state.also.end());
        }
        std::sort(set.begin(), set.end());
        set.erase(std::unique(set.begin(), set.end()), set.end());
        drop_beaten(set);
        drop_other_uuids(set);
        return set;
    }

    std::uint32_t intern(Set set)
    {
        work_ += set.size() + 1;
        auto [at, added] = ids_.emplace(std::move(set), static_cast<std::uint32_t>(sets_.size()));
        if (added) {
            sets_.push_back(&at->first);
            out_.states.emplace_back();
        }
        return at->second;
    }

    std::uint32_t move(std::uint32_t from, std::uint8_t byte, Set targets)
    {
        std::uint32_t to = intern(closed(std::move(targets)));
        if (to == came_from_.size())
            came_from_.emplace_back(from, byte);
        return to;
    }

    void expand(std::uint32_t at)
    {
        Set any; // where every byte of a name leads
        std::vector<std::pair<std::uint8_t, Nfa::Id>> bytes;
        for (Nfa::Id id : *sets_[at]) {
            const Nfa::State &state = nfa_[id];
            if (state.stays)
                any.push_back(id);
            if (state.any != Nfa::none)
                any.push_back(state.any);
            bytes.insert(bytes.end(), state.bytes.begin(), state.bytes.end());
        }
        std::sort(bytes.begin(), bytes.end());

        // One transition stands for all bytes without an edge. 0 marks it, because no name contains
        // 0.
        std::uint32_t other = any.empty() ? IOASID_MATCH_NONE : move(at, 0, any);
        std::vector<std::pair<std::uint8_t, std::uint32_t>> edges;
        bool slash = false;
        for (std::size_t i = 0; i < bytes.size();) {
            std::uint8_t byte = bytes[i].first;
            Set targets = byte == '/' ? Set{} : any;
            for (; i < bytes.size() && bytes[i].first == byte; i++)
                targets.push_back(bytes[i].second);
            slash |= byte == '/';
            std::uint32_t to = move(at, byte, std::move(targets));
            if (to != other)
                edges.emplace_back(byte, to);
        }
        if (!slash && other != IOASID_MATCH_NONE)
            edges.emplace_back('/', IOASID_MATCH_NONE);
        std::sort(edges.begin(), edges.end());
        out_.states[at].other = other;
        out_.states[at].edges = std::move(edges);
    }

    void choose_rule(std::uint32_t at)
    {
        std::vector<std::uint32_t> found;
        for (Nfa::Id id : *sets_[at])
            found.insert(found.end(), nfa_[id].accepts.begin(), nfa_[id].accepts.end());
        if (found.empty())
            return;
        std::sort(found.begin(), found.end(),
                  [&](auto a, auto b) { return std::pair(rank_[a], a) < std::pair(rank_[b], b); });
        std::uint32_t winner = found[0];
        out_.states[at].rule = winner + 1;
        wins_[winner] = true;
        for (std::size_t i = 1; i < found.size(); i++) {
            if (rank_[found[i]] == rank_[winner]) {
                tied_[found[i]] = true;
                if (tie_pairs_.emplace(winner, found[i]).second)
                    out_.ties.push_back({winner, found[i], path_to(at)});
            } else if (!beaten_by_[found[i]]) {
                beaten_by_[found[i]] = winner + 1;
                beaten_at_[found[i]] = at;
            }
        }
    }

    // A byte that has no edge of its own, readable if possible.
    std::uint8_t other_byte(std::uint32_t state) const
    {
        auto free = [&](std::uint8_t byte) {
            const auto &edges = out_.states[state].edges;
            return std::none_of(edges.begin(), edges.end(),
                                [&](auto edge) { return edge.first == byte; });
        };
        for (std::uint8_t byte : std::string_view("xyzabcdefghijklmnopqrstuvw0123456789-_"))
            if (free(byte))
                return byte;
        for (unsigned byte = 1; byte < 256; byte++)
            if (byte != '/' && free(static_cast<std::uint8_t>(byte)))
                return static_cast<std::uint8_t>(byte);
        return 'x';
    }

    std::string path_to(std::uint32_t state) const
    {
        std::string path;
        while (state != IOASID_MATCH_START) {
            auto [from, byte] = came_from_[state];
            path += static_cast<char>(byte ? byte : other_byte(from));
            state = from;
        }
        path += '/';
        std::reverse(path.begin(), path.end());
        if (path.size() > 1)
            path.pop_back();
        return path;
    }

    const std::vector<Pattern> &patterns_;
    Nfa nfa_;
    Automaton &out_;
    std::size_t work_ = 0;
    std::unordered_map<Set, std::uint32_t, SetHash> ids_;
    std::vector<const Set *> sets_; // keys of ids_, by state
    std::vector<std::pair<std::uint32_t, std::uint8_t>> came_from_;
    std::vector<std::uint32_t> rank_;          // by pattern: 0 is the most specific
    std::vector<std::uint32_t> reach_, cover_; // by position of the NFA
    std::vector<bool> wins_, tied_;
    std::vector<std::uint32_t> beaten_by_, beaten_at_;
    std::set<std::pair<std::uint32_t, std::uint32_t>> tie_pairs_;
};

} // namespace

std::uint32_t Automaton::State::next(std::uint8_t byte) const
{
    for (auto [on, to] : edges)
        if (on == byte)
            return to;
    return other;
}

Automaton build_automaton(const std::vector<Pattern> &patterns)
{
    Automaton out;
    Builder(patterns, out).build();
    return out;
}

} // namespace pasid::policy
