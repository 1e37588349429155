// SPDX-License-Identifier: GPL-2.0-only
#include "model.hpp"

#include <algorithm>
#include <cerrno>

namespace pasid::core {

namespace {

void insert_by_priority(std::vector<int> &chain, int recorder)
{
    auto after = std::find_if(chain.begin(), chain.end(), [&](int other) {
        return priority_of(other) < priority_of(recorder);
    });
    chain.insert(after, recorder);
}

bool contains(const std::vector<int> &chain, int recorder)
{
    return std::find(chain.begin(), chain.end(), recorder) != chain.end();
}

} // namespace

// --- Sets and capacity

int Model::find_mm_set(int mm) const
{
    for (int i = 0; i < nr_sets; i++)
        if (sets[i].alive && mm != kernel && sets[i].mm == mm)
            return i;
    return -1;
}

int Model::set_alloc(int mm, u32 quota)
{
    if (quota > available)
        return -ENOSPC;
    if (find_mm_set(mm) >= 0)
        return -EEXIST;
    for (int i = 0; i < nr_sets; i++) {
        if (sets[i].alive)
            continue;
        sets[i] = Set{.alive = true, .mm = mm, .quota = quota, .held = 1};
        available -= quota;
        for (auto [waits_for, recorder] : mm_order)
            if (waits_for == mm)
                insert_by_priority(sets[i].subscribers, recorder);
        return i;
    }
    return -EMFILE; // not reached: the driver checks for a free slot first
}

void Model::set_gone_if_unused(int set)
{
    Set &s = sets[set];
    if (s.alive && !s.held && s.members.empty() && s.holders.empty()) {
        available += s.quota;
        s = Set{};
    }
}

void Model::set_put(int set)
{
    sets[set].held--;
    set_gone_if_unused(set);
}

int Model::set_free(int set)
{
    if (!sets[set].members.empty())
        return -EBUSY;
    set_put(set);
    return 0;
}

int Model::adjust(int set, u32 quota)
{
    Set &s = sets[set];
    u32 used = static_cast<u32>(s.members.size());
    u64 without = u64(available) + (s.quota ? s.quota : used); // available if it had no quota
    u32 wanted = quota ? quota : used;
    if (wanted < used)
        return -EINVAL;
    if (wanted > without)
        return -ENOSPC;
    available = static_cast<u32>(without - wanted);
    s.quota = quota;
    return 0;
}

int Model::reserve(u32 nr)
{
    if (nr > available)
        return -ENOSPC;
    available -= nr;
    reserved += nr;
    return 0;
}

int Model::cancel(u32 nr)
{
    if (nr > reserved)
        return -EINVAL;
    available += nr;
    reserved -= nr;
    return 0;
}

// --- Notifications

void Model::note(int event, u32 id)
{
    notes.push_back({tracepoint, event, id, ioasids.at(id).spid});
}

void Model::act(int recorder, u32 id, int event)
{
    Ioasid &data = ioasids.at(id);
    u32 &loans = data.loans[recorder];
    switch (habits[recorder]) {
    case Habit::nothing:
        break;
    case Habit::user_while_bound:
        if (event == IOASID_NOTIFY_BIND && !data.freed) {
            data.users++;
            loans++;
        }
        if (event == IOASID_NOTIFY_UNBIND && loans) {
            data.users--;
            loans--;
        }
        break;
    case Habit::drops_loan:
        for (; event == IOASID_NOTIFY_FREE && loans; loans--)
            data.users--;
        break;
    case Habit::attaches:
        if (event == IOASID_NOTIFY_ALLOC)
            attach_spid(data.set, id, id);
        break;
    case Habit::detaches:
        if (event == IOASID_NOTIFY_BIND)
            detach_spid(data.set, id);
        break;
    }
}

// Both chains, highest priority first; at equal priority, global subscribers first.
void Model::tell(u32 id, int event)
{
    const Ioasid &data = ioasids.at(id);
    std::vector<int> of_all = event == IOASID_NOTIFY_FREE ? global : std::vector<int>{};
    std::vector<int> of_set = sets[data.set].subscribers;
    u32 spid = data.spid;
    for (int priority = IOASID_PRIO_CPU; priority >= IOASID_PRIO_LAST; priority--)
        for (const auto &chain : {of_all, of_set})
            for (int recorder : chain)
                if (priority_of(recorder) == priority) {
                    notes.push_back({recorder, event, id, spid});
                    act(recorder, id, event);
                }
}

void Model::announce(u32 id, int event)
{
    Ioasid &data = ioasids.at(id);
    if (data.announced) {
        data.events.push_back(event);
        if (data.announcing)
            return;
        data.announcing = true;
        while (!data.events.empty()) {
            int next = data.events.front();
            tell(id, next);
            data.events.pop_front();
            if (next == IOASID_NOTIFY_UNBIND) {
                sets[data.set].spids.erase(data.spid);
                data.spid = none;
                data.unbinding = false;
            }
        }
        data.announcing = false;
    } else if (event == IOASID_NOTIFY_FREE) {
        tell(id, event);
    }
}

// --- One IOASID

int Model::check(int set, u32 id) const
{
    auto it = ioasids.find(id);
    if (it == ioasids.end())
        return -ENOENT;
    return set != all_sets && it->second.set != set ? -EACCES : 0;
}

int Model::usable(int set, u32 id) const
{
    int wrong = check(set, id);
    if (wrong == -ENOENT)
        return wrong;
    return ioasids.at(id).freed ? -EBUSY : wrong;
}

u32 Model::custom_number(u32 min, u32 max) const
{
    const auto &out = numbers_out[space_of(in_charge)];
    for (u32 id = min; id <= max; id++)
        if (!out.count(id))
            return id;
    return none;
}

int Model::alloc(int set, u32 min, u32 max, uintptr_t data, int got)
{
    Set &s = sets[set];
    if (!min)
        min = 1;
    if (min > max || max > IOASID_LIMIT)
        return -EINVAL;
    if (s.quota ? s.members.size() >= s.quota : !available)
        return -ENOSPC;
    if (s.mm != kernel && charged[s.mm] >= charge_limit[s.mm])
        return -EDQUOT;

    u32 taken = 0;
    for (auto it = ioasids.lower_bound(min); it != ioasids.end() && it->first <= max; ++it)
        taken++;
    if (taken > max - min)
        return -ENOSPC;
    u32 id = static_cast<u32>(got);
    if (in_charge >= 0)
        id = custom_number(min, max);
    if (got < 0 || id < min || id > max || ioasids.count(id))
        return static_cast<int>(min); // any value; the driver sees that it is not @got

    if (s.quota == 0)
        available--;
    if (s.mm != kernel)
        charged[s.mm]++;
    s.members.insert(id);
    ioasids[id] = Ioasid{.set = set, .announced = !s.subscribers.empty(), .data = data};
    if (in_charge >= 0) {
        ioasids[id].space = space_of(in_charge);
        numbers_out[space_of(in_charge)].insert(id);
    }
    note(CORE_alloc, id);
    announce(id, IOASID_NOTIFY_ALLOC);
    return static_cast<int>(id);
}

void Model::reclaim_if_unused(u32 id)
{
    Ioasid data = ioasids.at(id);
    if (!data.freed || data.users || data.busy || data.announcing)
        return;
    if (data.pending)
        note(CORE_reclaim, id);
    Set &s = sets[data.set];
    s.members.erase(id);
    if (data.spid != none)
        s.spids.erase(data.spid);
    if (!s.quota)
        available++;
    if (s.mm != kernel)
        charged[s.mm]--;
    if (data.space >= 0)
        numbers_out[data.space].erase(id);
    ioasids.erase(id);
    set_gone_if_unused(data.set);
}

int Model::free(int set, u32 id)
{
    int wrong = check(set, id);
    if (wrong)
        return wrong;
    Ioasid &data = ioasids.at(id);
    if (data.freed)
        return 0;
    data.freed = true;
    data.pending = data.users;
    note(data.pending ? CORE_free_pending : CORE_free, id);
    data.busy++; // until all subscribers are notified
    announce(id, IOASID_NOTIFY_FREE);
    data.busy--;
    reclaim_if_unused(id);
    return 0;
}

void Model::free_all(int set)
{
    std::set<u32> members = sets[set].members;
    for (u32 id : members)
        if (ioasids.count(id))
            free(set, id);
}

int Model::get(int set, u32 id)
{
    int wrong = usable(set, id);
    if (!wrong) {
        ioasids.at(id).users++;
        ioasids.at(id).held++;
    }
    return wrong;
}

bool Model::put(u32 id)
{
    ioasids.at(id).users--;
    ioasids.at(id).held--;
    reclaim_if_unused(id);
    return !ioasids.count(id);
}

void Model::lend(int recorder, u32 id)
{
    ioasids.at(id).held--;
    ioasids.at(id).loans[recorder]++;
}

int Model::get_if_owned(int mm, u32 id)
{
    int set = mm == kernel ? -1 : find_mm_set(mm);
    if (set < 0)
        return -EPERM;
    int ret = get(set, id);
    return ret == -EACCES ? -EPERM : ret;
}

int Model::attach_spid(int set, u32 id, u32 spid)
{
    if (spid == none)
        return -EINVAL;
    int wrong = usable(set, id);
    if (wrong)
        return wrong;
    Ioasid &data = ioasids.at(id);
    if (data.spid != none)
        return -EBUSY;
    if (sets[set].spids.count(spid))
        return -EEXIST;
    data.spid = spid;
    sets[set].spids[spid] = id;
    note(CORE_spid_attach, id);
    if (data.announced)
        announce(id, IOASID_NOTIFY_BIND);
    return 0;
}

int Model::detach_spid(int set, u32 id)
{
    int wrong = check(set, id);
    if (wrong)
        return wrong;
    Ioasid &data = ioasids.at(id);
    if (data.spid == none || data.unbinding)
        return -ENOENT;
    note(CORE_spid_detach, id);
    if (data.announced) {
        data.unbinding = true;
        announce(id, IOASID_NOTIFY_UNBIND);
        reclaim_if_unused(id);
    } else {
        sets[set].spids.erase(data.spid);
        data.spid = none;
    }
    return 0;
}

u32 Model::find_by_spid(int set, u32 spid, bool wanted)
{
    auto it = sets[set].spids.find(spid);
    if (it == sets[set].spids.end())
        return none;
    u32 id = it->second;
    if (ioasids.at(id).freed || ioasids.at(id).unbinding)
        return none;
    if (wanted)
        get(set, id);
    return id;
}

int Model::attach_data(int set, u32 id, uintptr_t data)
{
    int wrong = usable(set, id);
    if (wrong)
        return wrong;
    if (ioasids.at(id).data)
        return -EBUSY;
    ioasids.at(id).data = data;
    return 0;
}

int Model::detach_data(int set, u32 id)
{
    int wrong = check(set, id);
    if (wrong)
        return wrong;
    if (!ioasids.at(id).data)
        return -ENOENT;
    ioasids.at(id).data = 0;
    return 0;
}

long Model::find(int set, u32 id) const
{
    int wrong = check(set, id);
    if (wrong)
        return wrong;
    const Ioasid &data = ioasids.at(id);
    return data.freed ? -EBUSY : static_cast<long>(data.data);
}

// --- Subscribers

int Model::subscribe(int set, int recorder)
{
    std::vector<int> &chain = set == all_sets ? global : sets[set].subscribers;
    if (contains(chain, recorder) || (set != all_sets && !sets[set].members.empty()))
        return -EBUSY;
    insert_by_priority(chain, recorder);
    if (set != all_sets)
        sets[set].holders.insert(recorder);
    return 0;
}

int Model::unsubscribe(int set, int recorder)
{
    std::vector<int> &chain = set == all_sets ? global : sets[set].subscribers;
    if (!contains(chain, recorder) || (set != all_sets && !sets[set].holders.count(recorder)))
        return -ENOENT;
    std::erase(chain, recorder);
    if (set != all_sets) {
        sets[set].holders.erase(recorder);
        set_gone_if_unused(set);
    }
    return 0;
}

int Model::subscribe_mm(int mm, int recorder)
{
    int set = find_mm_set(mm);
    if (mm_subscribers.count({mm, recorder}))
        return -EBUSY;
    if (set >= 0) {
        if (contains(sets[set].subscribers, recorder) || !sets[set].members.empty())
            return -EBUSY;
        insert_by_priority(sets[set].subscribers, recorder);
    }
    mm_subscribers.insert({mm, recorder});
    mm_order.emplace_back(mm, recorder);
    return 0;
}

int Model::unsubscribe_mm(int mm, int recorder)
{
    if (!mm_subscribers.erase({mm, recorder}))
        return -ENOENT;
    std::erase(mm_order, std::pair{mm, recorder});
    int set = find_mm_set(mm);
    if (set >= 0)
        std::erase(sets[set].subscribers, recorder);
    return 0;
}

// --- Allocators

int Model::register_allocator(int allocator)
{
    if (contains(allocators, allocator))
        return -EEXIST;
    if (in_charge < 0 && !ioasids.empty())
        return -EAGAIN;
    allocators.push_back(allocator);
    if (in_charge < 0)
        in_charge = allocator;
    return 0;
}

int Model::other_in_space(int allocator) const
{
    for (int other : allocators)
        if (other != allocator && space_of(other) == space_of(allocator))
            return other;
    return -1;
}

int Model::unregister_allocator(int allocator)
{
    if (!contains(allocators, allocator))
        return -ENOENT;
    if (in_charge == allocator) {
        int heir = other_in_space(allocator);
        if (heir < 0 && !numbers_out[space_of(allocator)].empty())
            return -EBUSY;
        for (int other : allocators)
            if (heir < 0 && other != allocator)
                heir = other;
        in_charge = heir;
    }
    std::erase(allocators, allocator);
    return 0;
}

std::string to_string(const Note &note)
{
    static const std::map<int, const char *> names{
        {IOASID_NOTIFY_ALLOC, "ALLOC"},
        {IOASID_NOTIFY_FREE, "FREE"},
        {IOASID_NOTIFY_BIND, "BIND"},
        {IOASID_NOTIFY_UNBIND, "UNBIND"},
        {CORE_alloc, "alloc"},
        {CORE_free, "free"},
        {CORE_free_pending, "pending"},
        {CORE_reclaim, "reclaim"},
        {CORE_spid_attach, "spid_attach"},
        {CORE_spid_detach, "spid_detach"},
    };
    std::string who = note.who == tracepoint ? "trace" : "subscriber " + std::to_string(note.who);
    return who + ": " + names.at(note.event) + " " + std::to_string(note.id) + " spid " +
           std::to_string(static_cast<s32>(note.spid));
}

} // namespace pasid::core
