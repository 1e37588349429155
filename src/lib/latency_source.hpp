// SPDX-License-Identifier: GPL-2.0-only
// How long the module's calls take, counted from when this was opened.
#pragma once

#include <array>
#include <memory>

#include <ioasid/latency.h>

#include "lib/result.hpp"

namespace pasid {

using Latencies = std::array<ioasid_latency, IOASID_NR_LATENCIES>;

class LatencySource {
  public:
    virtual ~LatencySource() = default;
    virtual Latencies read() = 0;
};

// The real one: BPF programs at the beginning and the end of the functions.
Result<std::unique_ptr<LatencySource>> kernel_latency_source();

} // namespace pasid
