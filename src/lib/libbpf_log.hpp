// SPDX-License-Identifier: GPL-2.0-only
// What libbpf says while it works, for who has to tell why it failed.
#pragma once

#include <string>

namespace pasid {

// What libbpf said since; its messages go nowhere else.
class BpfLog {
  public:
    BpfLog();
    ~BpfLog();
    BpfLog(const BpfLog &) = delete;
    BpfLog &operator=(const BpfLog &) = delete;

    // The line that tells most about a failure; "" when there is none.
    std::string reason() const;
};

} // namespace pasid
