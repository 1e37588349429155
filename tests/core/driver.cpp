// SPDX-License-Identifier: GPL-2.0-only
#include "driver.hpp"

#include <cerrno>
#include <cstdio>
#include <random>

namespace pasid::core {

namespace {

bool is_error(const void *p) { return reinterpret_cast<uintptr_t>(p) >= uintptr_t(-4095); }
long error_of(const void *p) { return is_error(p) ? reinterpret_cast<long>(p) : 0; }

struct Recorder {
    notifier_block nb{};
    int index = 0;
    std::map<u32, u32> loans;
};

// Events observed from the core, filled in by callbacks.
std::vector<Note> *seen_notes;

void act(Recorder &recorder, unsigned long event, const ioasid_nb_args &args)
{
    switch (habits[recorder.index]) {
    case Habit::nothing:
        break;
    case Habit::user_while_bound:
        if (event == IOASID_NOTIFY_BIND && !ioasid_get_locked(args.set, args.id))
            recorder.loans[args.id]++;
        if (event == IOASID_NOTIFY_UNBIND && recorder.loans[args.id]) {
            recorder.loans[args.id]--;
            ioasid_put_locked(args.set, args.id);
        }
        break;
    case Habit::drops_loan:
        for (u32 &loans = recorder.loans[args.id]; event == IOASID_NOTIFY_FREE && loans; loans--)
            ioasid_put_locked(args.set, args.id);
        break;
    case Habit::attaches:
        if (event == IOASID_NOTIFY_ALLOC)
            ioasid_attach_spid(args.set, args.id, args.id);
        break;
    case Habit::detaches:
        if (event == IOASID_NOTIFY_BIND)
            ioasid_detach_spid(args.set, args.id);
        break;
    }
}

constexpr int odd = 99; // an event that is in no model

int told(notifier_block *nb, unsigned long event, void *data)
{
    auto &recorder = *reinterpret_cast<Recorder *>(nb);
    const auto &args = *static_cast<ioasid_nb_args *>(data);
    core_sight look;
    bool sound = !shim_locks_held() && core_look(args.id, &look) && look.set == args.set &&
                 look.private_data == args.pdata &&
                 (event != IOASID_NOTIFY_UNBIND || look.spid == args.spid);
    // An SPID that is being detached cannot be found.
    if (event == IOASID_NOTIFY_UNBIND && ioasid_find_by_spid(args.set, args.spid, false) != none)
        sound = false;
    seen_notes->push_back(
        {recorder.index, sound ? static_cast<int>(event) : odd, args.id, args.spid});
    shim_suspend_failing();
    act(recorder, event, args);
    shim_resume_failing();
    return NOTIFY_OK;
}

struct Pool {
    std::set<u32> out;
};

u32 pool_alloc(u32 min, u32 max, void *pdata)
{
    auto &out = static_cast<Pool *>(pdata)->out;
    for (u32 id = min; id <= max; id++)
        if (out.insert(id).second)
            return id;
    return none;
}

void pool_free(u32 id, void *pdata)
{
    if (!static_cast<Pool *>(pdata)->out.erase(id))
        seen_notes->push_back({tracepoint, odd, id, 0});
}

u32 other_alloc(u32 min, u32 max, void *pdata) { return pool_alloc(min, max, pdata); }
void other_free(u32 id, void *pdata) { pool_free(id, pdata); }

} // namespace

extern "C" void core_emitted(int event, u32 id, u32 spid)
{
    seen_notes->push_back({tracepoint, event, id, spid});
}

struct Driver::Impl {
    Model model;
    std::vector<Note> notes;
    std::array<ioasid_set *, nr_sets> sets{};
    std::array<mm_struct, nr_mms> mms{};
    std::array<Recorder, nr_recorders> recorders;
    std::array<Pool, 2> pools;
    std::array<ioasid_allocator_ops, nr_allocators> allocators{};
    bool verbose;
    bool faults = false;
    unsigned int warnings = shim_warnings();
    size_t steps = 0;
    std::string doing;

    [[noreturn]] void diverge(const std::string &what) const
    {
        throw Divergence(doing + ": " + what);
    }

    void expect(const char *what, long saw, long expected) const
    {
        if (saw != expected)
            diverge(std::string(what) + ": expected " + std::to_string(expected) + ", saw " +
                    std::to_string(saw));
    }

    void compare_notes()
    {
        for (size_t i = 0; i < std::max(notes.size(), model.notes.size()); i++) {
            if (i < notes.size() && i < model.notes.size() && notes[i] == model.notes[i])
                continue;
            auto at = [&](const std::vector<Note> &list) {
                if (i >= list.size())
                    return std::string("nothing");
                return list[i].event == odd ? std::string("unexpected event") : to_string(list[i]);
            };
            diverge("event " + std::to_string(i) + ": expected " + at(model.notes) + ", saw " +
                    at(notes));
        }
        notes.clear();
        model.notes.clear();
    }

    void compare_ioasid(u32 id)
    {
        auto it = model.ioasids.find(id);
        core_sight look;
        bool there = core_look(id, &look);
        doing += " (looking at " + std::to_string(id) + ")";
        expect("there", there, it != model.ioasids.end());
        if (!there)
            return;
        expect("users", look.users, it->second.users);
        expect("freed", look.freed, it->second.freed);
        expect("spid", look.spid, it->second.spid);
        expect("set", look.set == sets[it->second.set], true);
        expect("data", reinterpret_cast<long>(look.private_data),
               static_cast<long>(it->second.data));
    }

    void compare_set(int slot)
    {
        const core_count count = core_set_count(sets[slot]);
        core_count expected{};
        for (u32 id : model.sets[slot].members) {
            const Model::Ioasid &data = model.ioasids.at(id);
            expected.all++;
            expected.active += data.users && !data.freed;
            expected.pending += data.pending;
        }
        expect("members", count.all, expected.all);
        expect("members active", count.active, expected.active);
        expect("members pending", count.pending, expected.pending);
    }

    void compare_all()
    {
        std::string before = doing;
        u32 alive = 0;
        for (u32 id = 0; id < 40; id++) {
            compare_ioasid(id);
            doing = before;
        }
        for (int i = 0; i < nr_sets; i++)
            if (model.sets[i].alive) {
                alive++;
                compare_set(i);
            }
        expect("live", core_live(), static_cast<long>(model.ioasids.size()));
        expect("sets", core_sets(), alive);
        for (int i = 0; i < nr_mms; i++)
            expect("charged", mms[i].charged, model.charged[i]);
        for (int i = 0; i < 2; i++)
            expect("IDs in use", static_cast<long>(pools[i].out.size()),
                   static_cast<long>(model.numbers_out[i].size()));
        if (shim_warnings() != warnings)
            diverge(std::string("warning: ") + shim_last_warning());
    }

    // With faults: each attempt must return -ENOMEM without a change, until no allocation fails.
    template <typename Call> long attempt(Call call)
    {
        for (unsigned int nth = 1; faults; nth++) {
            shim_fail_nth(nth);
            long ret = call();
            bool hit = shim_did_fail();
            shim_fail_nth(0);
            if (!hit)
                return ret;
            expect(("allocation " + std::to_string(nth) + " failing").c_str(), ret, -ENOMEM);
            expect("events of a failed call", static_cast<long>(notes.size()), 0);
            compare_all();
        }
        return call();
    }

    // Clear pointers to freed sets.
    void forget_dead_sets()
    {
        for (int i = 0; i < nr_sets; i++)
            if (!model.sets[i].alive)
                sets[i] = nullptr;
    }
};

// --- The steps; the table below has a row for each

struct Operations {
    Driver::Impl &w;
    Model &m;
    const Op &op;

    // Index of a set that the driver references, or -1.
    int held_set(u32 choice) const
    {
        for (u32 i = 0; i < nr_sets; i++) {
            u32 set = (choice + i) % nr_sets;
            if (m.sets[set].alive && m.sets[set].held)
                return static_cast<int>(set);
        }
        return -1;
    }

    static u32 some_id(u32 choice) { return choice % 17; } // 1 to 14 may exist

    ioasid_set *pointer(int set) const { return set == all_sets ? nullptr : w.sets[set]; }

    // Sometimes NULL, where that is permitted.
    int set_or_all(u32 choice) const { return choice % 4 ? held_set(choice / 4) : all_sets; }

    void say(const std::string &what) const
    {
        w.doing = what;
        if (w.verbose)
            fprintf(stderr, "%zu: %s%s\n", w.steps, what.c_str(),
                    op.faults ? " (with faults)" : "");
    }

    void new_set(int mm, u32 quota, int type, bool find_too)
    {
        int free_slot = -1;
        for (int i = nr_sets; i--;)
            if (!m.sets[i].alive)
                free_slot = i;
        if (free_slot < 0)
            return;
        say("set_alloc mm " + std::to_string(mm) + " quota " + std::to_string(quota));
        void *token = mm == kernel ? nullptr : &w.mms[mm];
        ioasid_set *got = nullptr;
        long saw = w.attempt([&] {
            got = find_too ? ioasid_get_mm_set(static_cast<mm_struct *>(token))
                           : ioasid_set_alloc(token, quota, type);
            return error_of(got);
        });
        int there = m.find_mm_set(mm);
        if (find_too && there >= 0) {
            m.set_get(there);
            w.expect("the same set", got == w.sets[there], true);
            return;
        }
        int slot = m.set_alloc(mm, quota);
        w.expect("set", saw, slot < 0 ? slot : 0);
        if (slot >= 0)
            w.sets[slot] = got;
    }

    void set_alloc()
    {
        u32 quota = op.b % 8 < 6 ? op.b % 4 : (op.b % 8 == 6 ? IOASID_LIMIT / 2 : op.c);
        int mm = op.a % 2 ? kernel : static_cast<int>(op.a / 2 % nr_mms);
        new_set(mm, quota, mm == kernel ? IOASID_SET_TYPE_NULL : IOASID_SET_TYPE_MM, false);
    }

    void get_mm_set() { new_set(static_cast<int>(op.a % nr_mms), 0, IOASID_SET_TYPE_MM, true); }

    void bad_token()
    {
        say("set_alloc with a bad token");
        mm_struct empty{};
        w.expect("type", error_of(ioasid_set_alloc(nullptr, 0, IOASID_SET_TYPE_NR)), -EINVAL);
        w.expect("no token", error_of(ioasid_set_alloc(nullptr, 0, IOASID_SET_TYPE_MM)), -EINVAL);
        w.expect("token", error_of(ioasid_set_alloc(&empty, 0, IOASID_SET_TYPE_NULL)), -EINVAL);
        w.expect("empty mm", error_of(ioasid_set_alloc(&empty, 0, IOASID_SET_TYPE_MM)), -EINVAL);
        w.expect("not pinned", empty.count, 0);
    }

    void find_mm_set()
    {
        int mm = static_cast<int>(op.a % nr_mms), set = m.find_mm_set(mm);
        say("find_mm_set " + std::to_string(mm));
        ioasid_set *saw = ioasid_find_mm_set(&w.mms[mm]);
        w.expect("found", saw == (set < 0 ? nullptr : w.sets[set]), true);
        if (set >= 0)
            m.set_get(set);
    }

    void set_put()
    {
        int set = held_set(op.a);
        if (set < 0)
            return;
        say("set_put " + std::to_string(set));
        ioasid_set_put(w.sets[set]);
        m.set_put(set);
    }

    void set_free()
    {
        int set = held_set(op.a);
        if (set < 0)
            return;
        say("set_free " + std::to_string(set));
        long saw = ioasid_set_free(w.sets[set]);
        w.expect("set_free", saw, m.set_free(set));
    }

    void adjust()
    {
        int set = held_set(op.a);
        u32 quota = op.b % 8 ? op.b % 9 : op.c;
        if (set < 0)
            return;
        say("adjust_set " + std::to_string(set) + " to " + std::to_string(quota));
        long saw = ioasid_adjust_set(w.sets[set], quota);
        w.expect("adjust", saw, m.adjust(set, quota));
    }

    void capacity()
    {
        u32 nr = op.b % 8 ? op.b % 5 : op.c % (2 * IOASID_LIMIT);
        say((op.a % 2 ? "reserve " : "cancel ") + std::to_string(nr));
        if (op.a % 2)
            w.expect("reserve", ioasid_reserve_capacity(nr), m.reserve(nr));
        else
            w.expect("cancel", ioasid_cancel_capacity(nr), m.cancel(nr));
    }

    void alloc()
    {
        int set = held_set(op.a);
        u32 min = op.b % 12, max = op.c % 16 == 15 ? op.b : min + op.c % 7;
        if (set < 0)
            return;
        if (op.c % 64 == 0)
            max = min - 1;
        if (op.c % 64 == 1)
            max = IOASID_LIMIT + 1;
        auto data = static_cast<uintptr_t>(op.a % 3 * 8);
        say("alloc from " + std::to_string(set) + ", " + std::to_string(min) + " to " +
            std::to_string(max));
        if (max > 14 && max <= IOASID_LIMIT)
            max = 14;
        long saw = w.attempt(
            [&] { return ioasid_alloc(w.sets[set], min, max, reinterpret_cast<void *>(data)); });
        w.expect("alloc", saw, m.alloc(set, min, max, data, static_cast<int>(saw)));
    }

    void free()
    {
        int set = set_or_all(op.a);
        u32 id = some_id(op.b);
        if (set < 0 && set != all_sets)
            return;
        say("free " + std::to_string(id));
        long saw = ioasid_free(pointer(set), id);
        w.expect("free", saw, m.free(set, id));
    }

    void free_all()
    {
        int set = held_set(op.a);
        if (set < 0 || op.b % 4)
            return;
        say("free_all " + std::to_string(set));
        // The order is unspecified: call it only without subscribers, and compare only the number
        // of events.
        if (m.global.empty() && m.sets[set].subscribers.empty()) {
            std::vector<Note> free_notes;
            ioasid_free_all_in_set(w.sets[set]);
            m.free_all(set);
            w.expect("events", static_cast<long>(w.notes.size()),
                     static_cast<long>(m.notes.size()));
            w.notes.clear();
            m.notes.clear();
        }
    }

    static int count_one(ioasid_set *set, ioasid_t id, void *arg)
    {
        (void)set;
        static_cast<std::set<u32> *>(arg)->insert(id);
        return 0;
    }

    void walk()
    {
        int set = held_set(op.a);
        if (set < 0)
            return;
        say("walk " + std::to_string(set));
        std::set<u32> saw;
        ioasid_set_for_each_ioasid(w.sets[set], count_one, &saw);
        w.expect("the same members", saw == m.sets[set].members, true);
    }

    void get()
    {
        int set = set_or_all(op.a);
        u32 id = some_id(op.b);
        say("get " + std::to_string(id));
        long saw = ioasid_get(pointer(set), id);
        w.expect("get", saw, m.get(set, id));
        // Pass some of them to the subscriber that drops them on FREE.
        if (!saw && op.c % 4 == 0) {
            m.lend(5, id);
            w.recorders[5].loans[id]++;
        }
    }

    void put()
    {
        u32 id = some_id(op.b);
        auto it = m.ioasids.find(id);
        if (it == m.ioasids.end() || (!it->second.held && it->second.users))
            return;
        say("put " + std::to_string(id));
        bool saw = ioasid_put(nullptr, id);
        if (!it->second.held) { // a put without a get is refused
            w.expect("put", saw, false);
            w.expect("warnings", shim_warnings(), ++w.warnings);
        } else {
            w.expect("put", saw, m.put(id));
        }
    }

    void get_if_owned()
    {
        int mm = static_cast<int>(op.a % (nr_mms + 1)) - 1;
        u32 id = some_id(op.b);
        say("get_if_owned " + std::to_string(id) + " by " + std::to_string(mm));
        shim_set_current(mm == kernel ? nullptr : &w.mms[mm]);
        long saw = ioasid_get_if_owned(id);
        w.expect("get_if_owned", saw, m.get_if_owned(mm, id));
    }

    void attach_spid()
    {
        int set = held_set(op.a);
        u32 id = some_id(op.b), spid = op.c % 8 ? op.c % 6 : (op.c % 16 ? none : op.c);
        if (set < 0)
            return;
        say("attach_spid " + std::to_string(id) + " as " + std::to_string(spid));
        long saw = w.attempt([&] { return ioasid_attach_spid(w.sets[set], id, spid); });
        w.expect("attach_spid", saw, m.attach_spid(set, id, spid));
    }

    void detach_spid()
    {
        int set = held_set(op.a);
        u32 id = some_id(op.b);
        if (set < 0)
            return;
        say("detach_spid " + std::to_string(id));
        long saw = ioasid_detach_spid(w.sets[set], id);
        w.expect("detach_spid", saw, m.detach_spid(set, id));
    }

    void find_by_spid()
    {
        int set = held_set(op.a);
        u32 spid = op.b % 14;
        if (set < 0)
            return;
        say("find_by_spid " + std::to_string(spid));
        u32 saw = ioasid_find_by_spid(w.sets[set], spid, op.c % 2);
        w.expect("find_by_spid", saw, m.find_by_spid(set, spid, op.c % 2));
    }

    void data()
    {
        int set = set_or_all(op.a);
        u32 id = some_id(op.b);
        say("attach or detach data of " + std::to_string(id));
        if (op.c % 2)
            w.expect("attach_data", ioasid_attach_data(pointer(set), id, &w.mms),
                     m.attach_data(set, id, reinterpret_cast<uintptr_t>(&w.mms)));
        else
            w.expect("detach_data", ioasid_detach_data(pointer(set), id), m.detach_data(set, id));
    }

    void find()
    {
        int set = set_or_all(op.a);
        u32 id = some_id(op.b);
        say("find " + std::to_string(id));
        auto saw = reinterpret_cast<long>(ioasid_find(pointer(set), id, nullptr));
        w.expect("find", saw, m.find(set, id));
    }

    void subscribe()
    {
        int recorder = static_cast<int>(op.b % nr_recorders), set = set_or_all(op.a);
        if (op.a % 4 && set < 0)
            return;
        say("register_notifier " + std::to_string(recorder) + " on " + std::to_string(set));
        auto *nb = &w.recorders[recorder].nb;
        long saw = w.attempt([&] { return ioasid_register_notifier(pointer(set), nb); });
        w.expect("register", saw, m.subscribe(set, recorder));
    }

    void unsubscribe()
    {
        int recorder = static_cast<int>(op.b % nr_recorders);
        int set = op.a % 4 ? static_cast<int>(op.a / 4 % nr_sets) : all_sets;
        // The subscriber references the set, so the driver need not.
        if (set != all_sets && !m.sets[set].held && !m.sets[set].holders.count(recorder))
            return;
        say("unregister_notifier " + std::to_string(recorder) + " of " + std::to_string(set));
        long saw = ioasid_unregister_notifier(pointer(set), &w.recorders[recorder].nb);
        w.expect("unregister", saw, m.unsubscribe(set, recorder));
    }

    void subscribe_mm()
    {
        int recorder = static_cast<int>(op.b % nr_recorders), mm = static_cast<int>(op.a % nr_mms);
        say("register_notifier_mm " + std::to_string(recorder) + " on " + std::to_string(mm));
        auto *nb = &w.recorders[recorder].nb;
        long saw = w.attempt([&] { return ioasid_register_notifier_mm(&w.mms[mm], nb); });
        w.expect("register_mm", saw, m.subscribe_mm(mm, recorder));
    }

    void unsubscribe_mm()
    {
        int recorder = static_cast<int>(op.b % nr_recorders), mm = static_cast<int>(op.a % nr_mms);
        say("unregister_notifier_mm " + std::to_string(recorder) + " of " + std::to_string(mm));
        long saw = ioasid_unregister_notifier_mm(&w.mms[mm], &w.recorders[recorder].nb);
        w.expect("unregister_mm", saw, m.unsubscribe_mm(mm, recorder));
    }

    void allocator()
    {
        int allocator = static_cast<int>(op.a % nr_allocators);
        auto *ops = &w.allocators[allocator];
        say((op.b % 2 ? "register_allocator " : "unregister_allocator ") +
            std::to_string(allocator));
        if (op.b % 2)
            w.expect("register", ioasid_register_allocator(ops), m.register_allocator(allocator));
        else
            w.expect("unregister", ioasid_unregister_allocator(ops),
                     m.unregister_allocator(allocator));
    }

    void grace_period() { shim_grace_period(); }
};

namespace {

struct Row {
    void (Operations::*run)();
    u32 weight;
};

constexpr Row rows[] = {
    {&Operations::alloc, 16},       {&Operations::free, 8},           {&Operations::get, 10},
    {&Operations::put, 8},          {&Operations::attach_spid, 8},    {&Operations::detach_spid, 4},
    {&Operations::find_by_spid, 4}, {&Operations::data, 3},           {&Operations::find, 2},
    {&Operations::get_if_owned, 2}, {&Operations::set_alloc, 4},      {&Operations::get_mm_set, 3},
    {&Operations::set_put, 5},      {&Operations::set_free, 2},       {&Operations::find_mm_set, 2},
    {&Operations::adjust, 2},       {&Operations::capacity, 2},       {&Operations::free_all, 3},
    {&Operations::walk, 1},         {&Operations::subscribe, 3},      {&Operations::unsubscribe, 3},
    {&Operations::subscribe_mm, 2}, {&Operations::unsubscribe_mm, 2}, {&Operations::allocator, 2},
    {&Operations::bad_token, 1},    {&Operations::grace_period, 1},
};

} // namespace

std::vector<Op> random_history(u64 seed, size_t length)
{
    std::mt19937_64 random(seed);
    std::vector<u8> codes;
    for (size_t i = 0; i < std::size(rows); i++)
        codes.insert(codes.end(), rows[i].weight, static_cast<u8>(i));
    std::vector<Op> history;
    for (size_t i = 0; i < length; i++) {
        u64 first = random(), second = random();
        history.push_back({codes[first % codes.size()], (first >> 60) == 0,
                           static_cast<u32>(first >> 24), static_cast<u32>(second),
                           static_cast<u32>(second >> 32)});
    }
    return history;
}

Driver::Driver(bool verbose) : impl_(std::make_unique<Impl>())
{
    Impl &w = *impl_;
    w.verbose = verbose;
    seen_notes = &w.notes;
    if (core_start())
        throw Divergence("the core failed to start");
    for (int i = 0; i < nr_recorders; i++) {
        w.recorders[i].index = i;
        w.recorders[i].nb.notifier_call = told;
        w.recorders[i].nb.priority = priority_of(i);
    }
    for (int i = 0; i < nr_mms; i++) {
        w.mms[i].inhabited = true;
        w.mms[i].limit = w.model.charge_limit[i] = 3 + 2 * i;
    }
    for (int i = 0; i < nr_allocators; i++) {
        w.allocators[i].alloc = space_of(i) ? other_alloc : pool_alloc;
        w.allocators[i].free = space_of(i) ? other_free : pool_free;
        w.allocators[i].pdata = &w.pools[space_of(i)];
    }
}

Driver::~Driver() = default;

void Driver::run(const Op &op)
{
    Impl &w = *impl_;
    Operations operations{w, w.model, op};
    w.faults = op.faults;
    (operations.*rows[op.code].run)();
    w.compare_notes();
    w.forget_dead_sets();
    if (w.steps++ % 32 == 0 || op.faults)
        w.compare_all();
}

void Driver::finish()
{
    Impl &w = *impl_;
    Model &m = w.model;
    w.doing = "the end";
    w.compare_all();
    for (int recorder = 0; recorder < nr_recorders; recorder++) {
        auto *nb = &w.recorders[recorder].nb;
        ioasid_unregister_notifier(nullptr, nb);
        for (int i = 0; i < nr_sets; i++)
            if (m.sets[i].holders.count(recorder))
                ioasid_unregister_notifier(w.sets[i], nb);
        for (int i = 0; i < nr_mms; i++)
            ioasid_unregister_notifier_mm(&w.mms[i], nb);
    }
    for (auto &[id, data] : m.ioasids) {
        ioasid_free(nullptr, id);
        for (u32 i = data.users; i; i--)
            w.expect("the last put", ioasid_put(nullptr, id), i == 1);
    }
    for (int i = 0; i < nr_sets; i++)
        for (u32 held = m.sets[i].held; held; held--)
            ioasid_set_put(w.sets[i]);
    w.expect("cancel", ioasid_cancel_capacity(m.reserved), 0);
    for (auto &ops : w.allocators)
        ioasid_unregister_allocator(&ops);
    w.expect("live at the end", core_live(), 0);
    w.expect("sets at the end", core_sets(), 0);
    w.expect("capacity at the end", ioasid_reserve_capacity(IOASID_LIMIT + 1), 0);
    ioasid_cancel_capacity(IOASID_LIMIT + 1);
    core_stop();
    for (auto &mm : w.mms) {
        w.expect("charges at the end", mm.charged, 0);
        w.expect("pins at the end", mm.count, 0);
    }
    w.expect("cgroups at the end", core_cgroup_refs(), 0);
    w.expect("memory at the end", shim_allocated(), 0);
    w.expect("warnings at the end", shim_warnings(), w.warnings);
}

bool run_history(const std::vector<Op> &history, std::string &message, bool verbose)
{
    try {
        Driver driver(verbose);
        for (const Op &op : history)
            driver.run(op);
        driver.finish();
        return true;
    } catch (const Divergence &divergence) {
        message = divergence.what();
        return false;
    }
}

} // namespace pasid::core
