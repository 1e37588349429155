// SPDX-License-Identifier: GPL-2.0-only
// Specification of the core's behaviour in the simplest form: maps and loops, single-threaded.
// Results are errno values or results as in the core.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "shim/core.h"

namespace pasid::core {

constexpr u32 none = INVALID_IOASID;
constexpr int nr_mms = 3;
constexpr int nr_sets = 6;      // array slots
constexpr int nr_recorders = 8; // subscribers, each with a priority and a habit
constexpr int nr_allocators = 4;
constexpr int kernel = -1; // a set without an mm
constexpr int all_sets = -1;

// A notification, or a tracepoint (who == tracepoint).
constexpr int tracepoint = -1;
struct Note {
    int who;
    int event;
    u32 id;
    u32 spid;
    bool operator==(const Note &) const = default;
};

// Action of a subscriber on a notification, besides recording it.
enum class Habit { nothing, user_while_bound, drops_loan, attaches, detaches };
constexpr std::array<Habit, nr_recorders> habits{
    Habit::nothing,          Habit::nothing,    Habit::nothing,  Habit::nothing,
    Habit::user_while_bound, Habit::drops_loan, Habit::attaches, Habit::detaches};
constexpr int priority_of(int recorder) { return recorder * 5 % 4; }

// The two ID spaces of custom allocators: the lowest free ID from @from on is allocated.
constexpr int space_of(int allocator) { return allocator % 2; }

class Model {
  public:
    struct Ioasid {
        int set;
        u32 spid = none;
        bool freed = false;
        bool pending = false; // freed while in use
        bool unbinding = false;
        bool announced = false; // its set had subscribers at allocation
        bool announcing = false;
        std::deque<int> events;
        u32 users = 0;                         // total users, not counting the core
        u32 held = 0;                          // of these: the driver's own
        u32 busy = 0;                          // ... of a call in progress
        std::array<u32, nr_recorders> loans{}; // ... of subscribers
        uintptr_t data = 0;
        int space = -1; // of a custom allocator, -1: default
    };

    struct Set {
        bool alive = false;
        int mm = kernel;
        u32 quota = 0;
        u32 held = 0; // by the driver
        std::set<u32> members;
        std::map<u32, u32> spids;
        std::vector<int> subscribers; // ordered by priority
        std::set<int> holders;        // subscribers that reference it
    };

    // Sets. A result >= 0 is an array slot.
    int set_alloc(int mm, u32 quota);
    int find_mm_set(int mm) const; // slot, or -1
    void set_get(int set) { sets[set].held++; }
    void set_put(int set);
    int set_free(int set);
    int adjust(int set, u32 quota);
    int reserve(u32 nr);
    int cancel(u32 nr);

    // One IOASID; @set all_sets: not checked. @got is the core's result: any free ID is accepted.
    int alloc(int set, u32 min, u32 max, uintptr_t data, int got);
    int free(int set, u32 id);
    void free_all(int set);
    int get(int set, u32 id);
    bool put(u32 id);
    int get_if_owned(int mm, u32 id);
    int attach_spid(int set, u32 id, u32 spid);
    int detach_spid(int set, u32 id);
    u32 find_by_spid(int set, u32 spid, bool get);
    int attach_data(int set, u32 id, uintptr_t data);
    int detach_data(int set, u32 id);
    long find(int set, u32 id) const; // data, or errno
    void lend(int recorder, u32 id);

    // Subscribers
    int subscribe(int set, int recorder);
    int unsubscribe(int set, int recorder);
    int subscribe_mm(int mm, int recorder);
    int unsubscribe_mm(int mm, int recorder);

    // Allocators
    int register_allocator(int allocator);
    int unregister_allocator(int allocator);
    u32 custom_number(u32 min, u32 max) const;

    std::array<Set, nr_sets> sets;
    std::map<u32, Ioasid> ioasids;
    std::array<int, nr_mms> charged{};
    std::array<int, nr_mms> charge_limit{};
    u32 available = IOASID_LIMIT + 1;
    u32 reserved = 0;
    std::vector<int> global;                      // ordered by priority
    std::set<std::pair<int, int>> mm_subscribers; // mm, recorder
    std::vector<std::pair<int, int>> mm_order;    // the same, in order of registration
    std::vector<int> allocators;                  // in order of registration
    int in_charge = -1;
    std::array<std::set<u32>, 2> numbers_out; // per ID space
    std::vector<Note> notes;                  // since the driver cleared them

  private:
    int check(int set, u32 id) const;  // 0, -ENOENT, -EACCES
    int usable(int set, u32 id) const; // ... and -EBUSY
    void note(int event, u32 id);
    void announce(u32 id, int event);
    void tell(u32 id, int event);
    void act(int recorder, u32 id, int event);
    void drop_user(u32 id);
    void reclaim_if_unused(u32 id);
    void set_gone_if_unused(int set);
    int other_in_space(int allocator) const;
};

std::string to_string(const Note &note);

} // namespace pasid::core
