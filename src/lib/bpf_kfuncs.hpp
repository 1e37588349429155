// SPDX-License-Identifier: GPL-2.0
// Programs of type syscall that call the module's functions, see ioasid/kfuncs.h.
#pragma once

#include "lib/fd.hpp"
#include "lib/result.hpp"

#include <array>
#include <cstdint>

#include <bpf/libbpf.h>

#include <ioasid/kfuncs.h>

namespace pasid {

// The module's functions, by their place in IOASID_KFUNCS.
struct Kfuncs {
    Fd btf; // the module's, held while programs are loaded
    std::array<std::uint32_t,
// NOLINTNEXTLINE(bugprone-macro-parentheses): they are added up
#define X(name) +1
               IOASID_KFUNCS(X)
#undef X
               >
        ids{};
};

Result<Kfuncs> find_kfuncs(const char *module);

// While it lives, programs of section "ioasid_walk" can be loaded.
class KfuncLoader {
  public:
    explicit KfuncLoader(const Kfuncs &kfuncs);
    ~KfuncLoader();
    KfuncLoader(const KfuncLoader &) = delete;
    KfuncLoader &operator=(const KfuncLoader &) = delete;

  private:
    std::array<int, 2> fds_; // the kernel wants a list; place 0 means itself
    int handler_;
};

} // namespace pasid
