// SPDX-License-Identifier: GPL-2.0
#include "lib/bpf_kfuncs.hpp"

#include <vector>

#include <bpf/bpf.h>

#include "lib/btf.hpp"

namespace pasid {

namespace {

constexpr std::array kfunc_names{
#define X(name) #name,
    IOASID_KFUNCS(X)
#undef X
};
constexpr const char *what = "cannot read the state";

// What programs being loaded call; libbpf's callback has one number as context,
// and one thread loads programs.
const Kfuncs *current;
int *current_fds;

bool is_placeholder(const bpf_insn &insn)
{
    return insn.code == (BPF_JMP | BPF_CALL) && insn.src_reg == 0 && insn.imm > IOASID_KFUNC_BASE &&
           insn.imm <= IOASID_KFUNC_BASE + static_cast<int>(kfunc_names.size());
}

int prepare(bpf_program *program, bpf_prog_load_opts *options, long)
{
    std::vector<bpf_insn> insns(bpf_program__insns(program),
                                bpf_program__insns(program) + bpf_program__insn_cnt(program));
    for (bpf_insn &insn : insns)
        if (is_placeholder(insn)) {
            insn.src_reg = BPF_PSEUDO_KFUNC_CALL;
            insn.off = 1; // place in the list of fds
            insn.imm = static_cast<__s32>(
                current->ids[static_cast<std::size_t>(insn.imm - IOASID_KFUNC_BASE - 1)]);
        }
    options->fd_array = current_fds;
    options->prog_flags |= BPF_F_SLEEPABLE;
    return bpf_program__set_insns(program, insns.data(), insns.size());
}

} // namespace

Result<Kfuncs> find_kfuncs(const char *module)
{
    auto btf = module_btf(module, what);
    if (!btf)
        return std::move(btf).error();
    const auto bytes = btf_content(*btf, what);
    if (!bytes)
        return bytes.error();
    const auto base = kernel_btf_extent();
    if (!base)
        return base.error();

    Kfuncs kfuncs;
    kfuncs.btf = std::move(*btf);
    for (std::size_t i = 0; i < kfunc_names.size(); i++) {
        const auto id = btf_function(*bytes, *base, kfunc_names[i]);
        if (!id)
            return Error{what, std::string("the module ") + module + " has no " + kfunc_names[i],
                         "use module and pasidctl of the same version"};
        kfuncs.ids[i] = *id;
    }
    return kfuncs;
}

KfuncLoader::KfuncLoader(const Kfuncs &kfuncs) : fds_{-1, kfuncs.btf.get()}
{
    LIBBPF_OPTS(libbpf_prog_handler_opts, options);
    options.prog_prepare_load_fn = prepare;
    current = &kfuncs;
    current_fds = fds_.data();
    handler_ = libbpf_register_prog_handler("ioasid_walk", BPF_PROG_TYPE_SYSCALL,
                                            static_cast<bpf_attach_type>(0), &options);
}

KfuncLoader::~KfuncLoader()
{
    if (handler_ >= 0)
        libbpf_unregister_prog_handler(handler_);
    current = nullptr;
    current_fds = nullptr;
}

} // namespace pasid
