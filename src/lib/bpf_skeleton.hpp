// SPDX-License-Identifier: GPL-2.0-only
// Wrapper for the skeletons that bpftool generates; for lib/bpf_*.cpp only.
#pragma once

#include <memory>
#include <string>

#include <bpf/libbpf.h>

#include "lib/libbpf_log.hpp"
#include "lib/result.hpp"

namespace pasid {

// Error from libbpf, with the text of errno, the most useful line of the log and a remedy for
// common errors.
Error bpf_error(std::string what, int err, const BpfLog &log);

// Checks that the BTF of the kernel and of the module is available and readable. Without it libbpf
// only reports that something was not found.
Result<void> require_btf(const char *what);

// Returns after every BPF program that is currently running has ended.
void wait_for_programs();

// RAII wrapper of a skeleton. @Open etc. are NAME__open() etc. from the generated header.
template <class Object, Object *(*Open)(), int (*Load)(Object *), void (*Destroy)(Object *)>
class Skeleton {
  public:
    Object *operator->() const { return object_.get(); }
    Object *get() const { return object_.get(); }

    Result<void> open(const std::string &what, const BpfLog &log)
    {
        object_.reset(Open());
        return object_ ? Result<void>{} : bpf_error(what, errno, log);
    }
    Result<void> load(const std::string &what, const BpfLog &log)
    {
        const int result = Load(object_.get());
        return result == 0 ? Result<void>{} : bpf_error(what, -result, log);
    }

  private:
    struct Deleter {
        void operator()(Object *object) const { Destroy(object); }
    };
    std::unique_ptr<Object, Deleter> object_;
};

} // namespace pasid
