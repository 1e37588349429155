// SPDX-License-Identifier: GPL-2.0-only
// Does the same to the core and to the model, and compares: every answer, every
// notification and tracepoint, and from time to time all that there is.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "model.hpp"

namespace pasid::core {

// One step. What the numbers mean depends on what there is when it is done, so
// that any part of a history is a history.
struct Op {
    u8 code;
    bool faults; // let its allocations fail, one after the other, first
    u32 a, b, c;
};

std::vector<Op> random_history(u64 seed, size_t length);

struct Divergence : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A core with nothing in it, for one history.
class Driver {
  public:
    explicit Driver(bool verbose = false);
    ~Driver();
    void run(const Op &op);
    // Give everything back; nothing may be left.
    void finish();

  private:
    friend struct Operations;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// False, and what was seen in @message: the core and the model differ.
bool run_history(const std::vector<Op> &history, std::string &message, bool verbose = false);

} // namespace pasid::core
