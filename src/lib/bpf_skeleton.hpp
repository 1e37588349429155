// SPDX-License-Identifier: GPL-2.0-only
// One class around what bpftool generates; lib/bpf_*.cpp only.
#pragma once

#include <memory>
#include <string>

#include <bpf/libbpf.h>

#include "lib/libbpf_log.hpp"
#include "lib/result.hpp"

namespace pasid {

// An error of libbpf: errno's text and the log's best line; what to do about
// the usual ones.
Error bpf_error(std::string what, int err, const BpfLog &log);

// The types of kernel and module are there and may be read. Without them libbpf only says
// that it did not find something.
Result<void> require_btf(const char *what);

// Returns when each program that runs now has ended.
void wait_for_programs();

// RAII for one skeleton: @Open and so on are NAME__open ... of the generated header.
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
