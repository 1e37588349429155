// SPDX-License-Identifier: GPL-2.0-only
// Collects libbpf's messages, to explain failures.
#pragma once

#include <string>

namespace pasid {

// Captures libbpf's messages during its lifetime; they are not printed.
class BpfLog {
  public:
    BpfLog();
    ~BpfLog();
    BpfLog(const BpfLog &) = delete;
    BpfLog &operator=(const BpfLog &) = delete;

    // The most useful line about a failure; "" if there is none.
    std::string reason() const;
};

} // namespace pasid
