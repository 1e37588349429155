// SPDX-License-Identifier: GPL-2.0
#include "policy/nfa.hpp"

namespace pasid::policy {

Nfa::Nfa(const std::vector<Pattern> &patterns)
{
    add();
    for (std::uint32_t i = 0; i < patterns.size(); i++) {
        Id at = start;
        for (const Component &part : patterns[i].components)
            at = component(at, part);
        states_[at].accepts.push_back(i);
    }
}

Nfa::Id Nfa::add()
{
    states_.emplace_back();
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

// Before any number of components: out of it by a name and back by its '/'.
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
    for (char c : component.text) {
        if (c == '*') {
            at = by(at, &State::star);
            states_[at].stays = true;
        } else {
            at = by_byte(at, static_cast<std::uint8_t>(c));
        }
    }
    return by_byte(at, '/');
}

} // namespace pasid::policy
