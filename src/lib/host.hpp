// SPDX-License-Identifier: GPL-2.0-only
// System information for doctor and status.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/attached_programs.hpp"
#include "lib/result.hpp"

namespace pasid {

class Host {
  public:
    virtual ~Host() = default;

    virtual bool exists(const std::string &path) = 0;
    // Contents of the file without the final newline; nothing if it cannot be read.
    virtual std::optional<std::string> read(const std::string &path) = 0;
    virtual std::vector<std::string> names_in(const std::string &directory) = 0;
    // 0, or the errno of listing the directory.
    virtual int try_list(const std::string &directory) = 0;
    // 0, or the errno of open(2) for reading and writing.
    virtual int try_open(const std::string &path) = 0;
    // f_type of statfs(2); 0: no such path.
    virtual std::uint64_t file_system(const std::string &path) = 0;
    virtual bool has_capability(int capability) = 0;
    // 0, or the errno of creating a map with bpf(2).
    virtual int try_bpf() = 0;
    // Whether the module's BTF defines this kernel struct itself instead of referring to the
    // kernel's definition.
    virtual bool module_has_own_type(const std::string &name) = 0;
    virtual std::string kernel_release() = 0;
    virtual std::vector<AttachedProgram> attached_programs() = 0;
};

std::unique_ptr<Host> real_host();

} // namespace pasid
