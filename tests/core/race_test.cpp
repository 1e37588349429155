// SPDX-License-Identifier: GPL-2.0-only
// Several threads work on a few IOASIDs, sets and subscribers concurrently, under the thread
// sanitizer. Each subscriber must receive consistent event sequences, and nothing may be left at
// the end.
//
//   core_race_test [--ops N] [--threads N] [--seed SEED]
#include <array>
#include <atomic>
#include <cstdio>
#include <ctime>
#include <random>
#include <thread>
#include <vector>

#include "options.hpp"
#include "shim/core.h"

namespace {

constexpr u32 nr_ids = 6;
constexpr int nr_mms = 2;

std::atomic<int> odd{0};

void expect(bool fine, int line)
{
    if (!fine && !odd.exchange(line))
        fprintf(stderr, "FAIL: expectation not met (race_test.cpp:%d)\n", line);
}
#define EXPECT(fine) expect(fine, __LINE__)

// One IOASID of the watched set, as a subscriber sees it. No event may arrive during another one:
// the fields are not atomic, so the sanitizer detects that too.
struct Life {
    bool there = false, bound = false, freed = true;
    std::atomic<int> inside{0};
};
std::array<Life, nr_ids + 1> lives;

int watch(notifier_block *, unsigned long event, void *data)
{
    auto &args = *static_cast<ioasid_nb_args *>(data);
    Life &life = lives[args.id];
    EXPECT(!shim_locks_held());
    EXPECT(++life.inside == 1);
    switch (event) {
    case IOASID_NOTIFY_ALLOC:
        EXPECT(life.freed);
        life.freed = false;
        life.bound = false;
        break;
    case IOASID_NOTIFY_BIND:
        EXPECT(!life.bound && !life.freed && args.spid != INVALID_IOASID);
        life.bound = true;
        if (!ioasid_get_locked(args.set, args.id))
            ioasid_put_locked(args.set, args.id);
        break;
    case IOASID_NOTIFY_UNBIND:
        EXPECT(life.bound && args.spid != INVALID_IOASID);
        life.bound = false;
        break;
    case IOASID_NOTIFY_FREE:
        EXPECT(!life.freed);
        life.freed = true;
        break;
    }
    life.inside--;
    return NOTIFY_OK;
}

int count(notifier_block *, unsigned long event, void *)
{
    EXPECT(event >= IOASID_NOTIFY_ALLOC && event <= IOASID_NOTIFY_UNBIND);
    return NOTIFY_OK;
}

bool nothing_left(ioasid_set *set)
{
    const core_count left = core_set_count(set);
    return !left.all && !left.active && !left.pending;
}

bool accept(void *data) { return *static_cast<int *>(data) == 42; }

struct World {
    ioasid_set *watched, *plain;
    std::array<mm_struct, nr_mms> mms{};
    notifier_block watcher{watch, nullptr, IOASID_PRIO_CPU};
    int data = 42;
};

// Work of one thread; it releases what it took.
class Worker {
  public:
    Worker(World &world, u64 seed) : w(world), random(seed) {}

    void run(u64 ops)
    {
        shim_set_current(&w.mms[random() % nr_mms]);
        for (u64 i = 0; i < ops; i++) {
            step();
            if (i % 256 == 0)
                shim_grace_period();
        }
        while (!held.empty())
            drop(held.size() - 1);
        shim_set_current(nullptr);
    }

  private:
    void drop(size_t i)
    {
        ioasid_put(nullptr, held[i]);
        held[i] = held.back();
        held.pop_back();
    }

    void one_ioasid(ioasid_set *set, u32 id)
    {
        switch (random() % 10) {
        case 0:
        case 1:
            ioasid_alloc(set, 1, nr_ids, random() % 2 ? &w.data : nullptr);
            break;
        case 2:
            ioasid_free(set, id);
            break;
        case 3:
            ioasid_attach_spid(set, id, random() % 4);
            break;
        case 4:
            ioasid_detach_spid(set, id);
            break;
        case 5: {
            bool get = random() % 2;
            id = ioasid_find_by_spid(set, random() % 4, get);
            EXPECT(id == INVALID_IOASID || (id >= 1 && id <= nr_ids));
            if (get && id != INVALID_IOASID)
                held.push_back(id);
            break;
        }
        case 6:
            if (!ioasid_get(random() % 2 ? set : nullptr, id))
                held.push_back(id);
            break;
        case 7:
            if (!held.empty())
                drop(random() % held.size());
            break;
        case 8:
            if (random() % 2)
                ioasid_attach_data(set, id, &w.data);
            else
                ioasid_detach_data_locked(set, id);
            break;
        case 9: {
            void *data = ioasid_find(nullptr, id, accept);
            EXPECT(!data || data == &w.data || reinterpret_cast<long>(data) < 0);
            break;
        }
        }
    }

    // Sets of processes that are created and freed, and subscribers that wait for them.
    void process()
    {
        mm_struct *mm = &w.mms[random() % nr_mms];
        notifier_block nb{count, nullptr, static_cast<int>(random() % 4)};
        bool subscribed = random() % 2 && !ioasid_register_notifier_mm(mm, &nb);
        ioasid_set *set = random() % 2 ? ioasid_get_mm_set(mm) : ioasid_find_mm_set(mm);
        if (set) {
            // In several parts of the ID space, whose nodes are created and freed with them.
            static const u32 from[] = {100, 5'000, 5'100, 700'000};
            u32 min = from[random() % 4];
            int id = ioasid_alloc(set, min, min + 20, nullptr);
            if (id > 0) {
                ioasid_attach_spid(set, static_cast<u32>(id), static_cast<u32>(id));
                EXPECT(!ioasid_free(set, static_cast<u32>(id)));
            }
            ioasid_adjust_set(set, random() % 40);
            ioasid_set_put(set);
        }
        if (subscribed)
            EXPECT(!ioasid_unregister_notifier_mm(mm, &nb));
    }

    void globally()
    {
        notifier_block nb{count, nullptr, static_cast<int>(random() % 4)};
        EXPECT(!ioasid_register_notifier(nullptr, &nb));
        ioasid_free(nullptr, static_cast<u32>(1 + random() % nr_ids));
        EXPECT(!ioasid_unregister_notifier(nullptr, &nb));
        u32 nr = random() % 1000;
        if (!ioasid_reserve_capacity(nr))
            EXPECT(!ioasid_cancel_capacity(nr));
    }

    static int visit(ioasid_set *, ioasid_t id, void *)
    {
        EXPECT(id >= 1 && id <= nr_ids);
        return 0;
    }

    void step()
    {
        ioasid_set *set = random() % 4 ? w.watched : w.plain;
        switch (random() % 64) {
        case 0:
            process();
            break;
        case 1:
            globally();
            break;
        case 2:
            ioasid_set_for_each_ioasid(set, visit, nullptr);
            break;
        case 3:
            if (random() % 8 == 0)
                ioasid_free_all_in_set(set);
            break;
        case 4:
            if (!ioasid_get_if_owned(110))
                ioasid_put(nullptr, 110);
            break;
        default:
            one_ioasid(set, static_cast<u32>(1 + random() % nr_ids));
        }
    }

    World &w;
    std::mt19937_64 random;
    std::vector<u32> held;
};

// An object is reused for one IOASID after another: a look-up of one of them must never return
// another.
void reuse(u64 ops)
{
    static int for_a, for_b;
    ioasid_set *a = ioasid_set_alloc(nullptr, 0, IOASID_SET_TYPE_NULL);
    ioasid_set *b = ioasid_set_alloc(nullptr, 0, IOASID_SET_TYPE_NULL);
    std::atomic<bool> stop{false};

    auto look = [&] {
        while (!stop) {
            void *found = ioasid_find(a, 1, nullptr);
            EXPECT(found == &for_a || reinterpret_cast<long>(found) < 0);
            found = ioasid_find(b, 1, nullptr);
            EXPECT(found == &for_b || reinterpret_cast<long>(found) < 0);
            u32 id = ioasid_find_by_spid(a, 7, false);
            EXPECT(id == 1 || id == INVALID_IOASID);
            for (u32 number : {1u, 2u}) {
                if (ioasid_get(a, number))
                    continue;
                core_sight sight;
                EXPECT(core_look(number, &sight) && sight.set == a);
                ioasid_put(a, number);
            }
        }
    };
    std::thread first(look), second(look);
    for (u64 i = 0; i < ops; i++) {
        bool of_b = i % 3 == 2;
        ioasid_set *set = of_b ? b : a;
        u32 number = i % 3 == 1 ? 2 : 1;
        if (ioasid_alloc(set, number, number, of_b ? &for_b : &for_a) < 0)
            continue; // still in use
        ioasid_attach_spid(set, number, number == 1 && !of_b ? 7 : 8);
        EXPECT(!ioasid_free(set, number));
    }
    stop = true;
    first.join();
    second.join();
    EXPECT(!ioasid_set_free(a) && !ioasid_set_free(b));
}

std::atomic<u64> told[5];

int tally(notifier_block *, unsigned long event, void *)
{
    told[event]++;
    return NOTIFY_OK;
}

// A subscriber that waits for a process misses no IOASID of its successive sets.
void wait_for_process(World &w, u64 ops)
{
    notifier_block nb{tally, nullptr, IOASID_PRIO_CPU};
    std::atomic<u64> allocated{0};
    std::vector<std::thread> threads;

    w.mms[0].limit = 1000;
    EXPECT(!ioasid_register_notifier_mm(&w.mms[0], &nb));
    u32 others = core_sets();
    auto use = [&](ioasid_set *set) {
        int id = ioasid_alloc(set, 1, IOASID_LIMIT, nullptr);
        EXPECT(id > 0 && !ioasid_free(set, static_cast<u32>(id)));
        allocated++;
        ioasid_set_put(set);
    };
    std::atomic<bool> stop{false};
    for (int i = 0; i < 2; i++)
        threads.emplace_back([&] {
            while (!stop) {
                if (ioasid_set *set = ioasid_find_mm_set(&w.mms[0]))
                    use(set);
                // So that the set is freed and another one is created.
                while (!stop && core_sets() > others)
                    std::this_thread::yield();
            }
        });
    for (u64 done = 0; done < ops; done++) {
        use(ioasid_get_mm_set(&w.mms[0]));
        if (done % 256 == 0)
            shim_grace_period();
    }
    stop = true;
    for (auto &thread : threads)
        thread.join();
    EXPECT(told[IOASID_NOTIFY_ALLOC] == allocated && told[IOASID_NOTIFY_FREE] == allocated);
    EXPECT(!ioasid_unregister_notifier_mm(&w.mms[0], &nb));
}

// After a capacity is installed, no IOASID above it is in use.
void install_capacity()
{
    constexpr u32 total = 4096;
    ioasid_set *set = ioasid_set_alloc(nullptr, 0, IOASID_SET_TYPE_NULL);
    std::atomic<bool> installed{false}, stop{false};
    std::vector<std::thread> threads;

    for (int i = 0; i < 4; i++)
        threads.emplace_back([&] {
            while (!stop) {
                int id = ioasid_alloc(set, total, IOASID_LIMIT, nullptr);
                if (id < 0)
                    continue;
                std::this_thread::yield();
                EXPECT(!installed);
                EXPECT(!ioasid_free(set, static_cast<u32>(id)));
            }
        });
    while (ioasid_install_capacity(total))
        std::this_thread::yield();
    installed = true;
    for (int i = 0; i < 100; i++)
        std::this_thread::yield();
    stop = true;
    for (auto &thread : threads)
        thread.join();
    EXPECT(!ioasid_set_free(set));
}

} // namespace

extern "C" void core_emitted(int, u32, u32) {}

int main(int argc, char **argv)
{
    const Options options = read_options(argc, argv);
    const u64 ops = options.ops, seed = options.seed;
    const unsigned int nr_threads = options.threads;

    World w;
    shim_perturb_threads(true);
    EXPECT(!core_start());
    for (auto &mm : w.mms) {
        mm.inhabited = true;
        mm.limit = 4;
    }
    w.watched = ioasid_set_alloc(nullptr, 0, IOASID_SET_TYPE_NULL);
    w.plain = ioasid_set_alloc(nullptr, 3, IOASID_SET_TYPE_NULL);
    EXPECT(!ioasid_register_notifier(w.watched, &w.watcher));

    std::vector<std::thread> threads;
    for (unsigned int i = 0; i < nr_threads; i++)
        threads.emplace_back([&, i] { Worker(w, seed * 100 + i).run(ops / nr_threads); });
    for (auto &thread : threads)
        thread.join();

    ioasid_free_all_in_set(w.watched);
    ioasid_free_all_in_set(w.plain);
    reuse(ops / 8);
    wait_for_process(w, ops / 32);
    EXPECT(nothing_left(w.watched) && nothing_left(w.plain));
    EXPECT(!ioasid_unregister_notifier(w.watched, &w.watcher));
    EXPECT(!ioasid_set_free(w.watched));
    EXPECT(!ioasid_set_free(w.plain));
    EXPECT(!core_live() && !core_sets());
    EXPECT(!ioasid_reserve_capacity(IOASID_LIMIT + 1) && !ioasid_cancel_capacity(IOASID_LIMIT + 1));
    install_capacity();
    core_stop();
    for (auto &mm : w.mms)
        EXPECT(!mm.charged && !mm.count);
    EXPECT(!core_cgroup_refs() && !shim_allocated());
    if (shim_warnings())
        fprintf(stderr, "warning: %s\n", shim_last_warning());
    EXPECT(!shim_warnings());
    printf("%s: %llu steps, %u threads, seed %llu\n", odd ? "FAIL" : "ok",
           static_cast<unsigned long long>(ops), nr_threads, static_cast<unsigned long long>(seed));
    return odd != 0;
}
