// SPDX-License-Identifier: GPL-2.0-only
// The policy's BPF programs, loaded. This does not use a generated skeleton because the code that
// bpftool 7.5 generates for struct_ops does not fit libbpf 1.4 (struct bpf_map_skeleton).
#pragma once

#include <memory>

#include <bpf/libbpf.h>

#include "lib/bpf_skeleton.hpp"
#include "lib/result.hpp"

namespace pasid {

class PolicyObject {
  public:
    static Result<PolicyObject> load(const char *what, const BpfLog &log);

    bpf_map *image = nullptr;
    bpf_map *control = nullptr;
    bpf_map *nodes = nullptr;
    bpf_map *engine = nullptr;
    bpf_map *ops = nullptr;

  private:
    struct Deleter {
        void operator()(bpf_object *object) const { bpf_object__close(object); }
    };
    std::unique_ptr<bpf_object, Deleter> object_;
};

} // namespace pasid
