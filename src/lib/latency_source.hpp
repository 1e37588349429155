// SPDX-License-Identifier: GPL-2.0-only
// Latencies of the module's calls, measured since this source was opened.
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

// The real implementation: BPF programs at function entry and exit.
Result<std::unique_ptr<LatencySource>> kernel_latency_source();

} // namespace pasid
