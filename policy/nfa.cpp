// SPDX-License-Identifier: GPL-2.0-only
#include "policy/nfa.hpp"

#include <set>

namespace pasid::policy {

Nfa::Nfa(const std::vector<Pattern> &patterns)
{
    add();
    uuid_of_.assign(patterns.size(), none);
    for (std::uint32_t i = 0; i < patterns.size(); i++) {
        if (const auto uuid = policy::uuid_of(patterns[i])) {
            with_uuid(i, patterns[i], *uuid);
            continue;
        }
        Id at = start;
        for (const Component &part : patterns[i].components)
            at = component(at, part);
        states_[at].accepts.push_back(i);
    }
    find_leads();
}

Nfa::Id Nfa::add()
{
    states_.push_back(kind_);
    return static_cast<Id>(states_.size() - 1);
}

Nfa::Id Nfa::by_byte(Id from, std::uint8_t byte)
{
    for (auto [known, to] : states_[from].bytes)
        if (known == byte)
            return to;
    Id to = add();
    states_[from].bytes.emplace_back(byte, to);
    return to;
}

Nfa::Id Nfa::by(Id from, Id State::*link)
{
    if (states_[from].*link == none) {
        Id to = add();
        states_[from].*link = to;
    }
    return states_[from].*link;
}

// The loop for **: leave it with a name, return with its '/'.
Nfa::Id Nfa::any_depth(Id from)
{
    if (states_[from].deep == none) {
        Id before = add(), inside = add();
        states_[from].deep = before;
        states_[before].any = inside;
        states_[inside].stays = true;
        states_[inside].bytes.emplace_back('/', before);
        states_[inside].back = before;
        states_[before].back = before;
    }
    return states_[from].deep;
}

Nfa::Id Nfa::component(Id at, const Component &component)
{
    if (component.kind == Component::Kind::any_depth)
        return any_depth(at);
    if (component.kind == Component::Kind::any)
        at = by(at, &State::any); // a name has at least one byte
    return by_byte(text(at, component.text), '/');
}

Nfa::Id Nfa::text(Id at, std::string_view text)
{
    for (char c : text) {
        if (c == '*') {
            at = by(at, &State::star);
            states_[at].stays = true;
        } else {
            at = by_byte(at, static_cast<std::uint8_t>(c));
        }
    }
    return at;
}

void Nfa::with_uuid(std::uint32_t number, const Pattern &pattern, const Uuid &uuid)
{
    const std::string_view name = pattern.components[uuid.component].text;

    kind_.uuids = Uuids::many;
    if (uuid_start_ == none) {
        uuid_start_ = add();
        states_[start].also.push_back(uuid_start_);
    }
    Id at = uuid_start_;
    for (std::size_t i = 0; i < uuid.component; i++)
        at = component(at, pattern.components[i]);
    at = text(at, name.substr(0, uuid.end));

    const auto [passed, added] = passed_.emplace(uuid.text, size());
    kind_.uuid = uuid_of_[number] = passed->second;
    if (added) {
        kind_.uuids = Uuids::passed;
        const Id id = add();
        states_[id].stays = true;
        states_[id].bytes.emplace_back('/', id);
    }
    kind_.uuids = Uuids::one;
    kind_.only = number;
    const Id by_itself = add();
    for (Id next : {passed->second, by_itself})
        states_[at].also.push_back(next);

    at = by_byte(text(by_itself, name.substr(uuid.end)), '/');
    for (std::size_t i = uuid.component + 1; i < pattern.components.size(); i++)
        at = component(at, pattern.components[i]);
    states_[at].accepts.push_back(number);
    kind_ = {};
}

// All links point to later states, except those that close the loop of a **.
void Nfa::find_leads()
{
    for (Id id = size(); id-- > 0;) {
        State &state = states_[id];
        if (state.uuids != Uuids::many)
            continue;
        std::vector<Id> next = state.also;
        for (auto [byte, to] : state.bytes)
            next.push_back(to);
        next.insert(next.end(), {state.any, state.star, state.deep});
        std::set<std::uint32_t> patterns;
        for (Id to : next)
            if (to != none && to > id) {
                patterns.insert(states_[to].leads_to.begin(), states_[to].leads_to.end());
                if (states_[to].only != none)
                    patterns.insert(states_[to].only);
            }
        state.leads_to.assign(patterns.begin(), patterns.end());
    }
    for (State &state : states_)
        if (state.uuids == Uuids::many && state.back != none)
            state.leads_to = states_[state.back].leads_to;
}

} // namespace pasid::policy
