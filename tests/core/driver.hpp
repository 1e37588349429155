// SPDX-License-Identifier: GPL-2.0-only
// Performs the same steps on the core and on the model and compares every result, notification and
// tracepoint, and the complete state from time to time.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "model.hpp"

namespace pasid::core {

// One step. The meaning of its numbers depends on the state when it is performed, so any
// subsequence of a history is a valid history.
struct Op {
    u8 code;
    bool faults; // first let each of its allocations fail in turn
    u32 a, b, c;
};

std::vector<Op> random_history(u64 seed, size_t length);

struct Divergence : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A core in its initial state, for one history.
class Driver {
  public:
    explicit Driver(bool verbose = false);
    ~Driver();
    void run(const Op &op);
    // Release everything and check that nothing is left.
    void finish();

  private:
    friend struct Operations;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// Returns false if the core and the model differ, with the difference in @message.
bool run_history(const std::vector<Op> &history, std::string &message, bool verbose = false);

} // namespace pasid::core
