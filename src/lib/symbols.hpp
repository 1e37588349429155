// SPDX-License-Identifier: GPL-2.0-only
// Symbolizes stacks: kernel functions, and offsets in the files that a process has mapped.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <unordered_map>

#include <ioasid/types.h>

#include "lib/event_source.hpp"

namespace pasid {

class Symbols {
  public:
    // Reads the kernel's symbols, which is slow.
    void prepare();
    EventStack name(const ioasid_stacked_event &event);

    // For tests: contents of /proc/kallsyms and /proc/PID/maps.
    void read_kernel(std::istream &kallsyms);
    void read_process(std::uint32_t tid, std::istream &maps);

  private:
    struct Region {
        std::uint64_t end = 0;
        std::uint64_t file_offset = 0;
        std::string file;
    };
    using Regions = std::map<std::uint64_t, Region>;

    std::string kernel_name(std::uint64_t address);
    std::string user_name(const Regions &regions, std::uint64_t address) const;
    const Regions &regions_of(std::uint32_t tid);

    bool kernel_read_ = false;
    std::map<std::uint64_t, std::string> kernel_;
    std::unordered_map<std::uint32_t, Regions> processes_;
};

} // namespace pasid
