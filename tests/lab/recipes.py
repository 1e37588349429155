#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Applies the recipes of CONTRIBUTING.md in a scratch copy of the source tree.

Each recipe adds something in steps. Before the last step the copy must not build,
and the compiler must name what is missing. After the last step the copy builds, and
the only tests that fail are those that require documentation and tests of the addition.

usage: recipes.py SOURCE SCRATCH
"""
import os
import re
import shutil
import subprocess
import sys

source, scratch = sys.argv[1:]


def run(*command):
    done = subprocess.run(command, cwd=scratch, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    return done.returncode == 0, done.stdout


def module():
    return run("make", "-s", "-C", "kmod-shim", f"KDIR={source}/build/kernel/generic/headers",
               f"OUT={scratch}/build/kmod", "SELFTEST=n", "WERROR=1")


def bpf():
    return run("make", "-s", "-f", "Makefile.bpf", "OUT=build/bpf", "WERROR=1",
               f"VMLINUX={source}/build/kernel/generic/headers/vmlinux", "build/bpf/policy.skel.h",
               "build/bpf/events.skel.h")


def compiles(file):
    return lambda: run("c++", "-std=c++20", "-fsyntax-only", "-I.", "-Isrc", "-Iinclude", file)


def policy_tests():
    """Returns the names of the failing tests of the policy compiler as the output."""
    run("cmake", "-S", ".", "-B", "build/user", "-G", "Ninja")
    ok, log = run("cmake", "--build", "build/user", "--target", "policy_tests")
    if not ok:
        return ok, log
    log = run(f"{scratch}/build/bin/policy_tests", "--gtest_filter=Fields.*:Image.*Key*:Same.*")[1]
    return True, " ".join(sorted(set(re.findall(r"FAILED  \] (\S+)\.? \(", log))))


class Recipe:
    def __init__(self, what):
        self.what = what
        shutil.rmtree(scratch, ignore_errors=True)
        files = subprocess.run(["git", "-C", source, "ls-files"], check=True,
                               stdout=subprocess.PIPE, text=True).stdout.split("\n")
        for file in filter(None, files):
            if os.path.exists(f"{source}/{file}"):
                os.makedirs(os.path.dirname(f"{scratch}/{file}"), exist_ok=True)
                shutil.copy2(f"{source}/{file}", f"{scratch}/{file}", follow_symlinks=False)

    def say(self, text):
        print(f"{self.what}: {text}", flush=True)

    def add(self, file, after, text):
        """Adds lines after the first one that contains @after."""
        with open(f"{scratch}/{file}", encoding="utf-8") as stream:
            lines = stream.read().split("\n")
        at = next(i for i, line in enumerate(lines) if after in line)
        lines[at + 1:at + 1] = text.split("\n")
        with open(f"{scratch}/{file}", "w", encoding="utf-8") as stream:
            stream.write("\n".join(lines))

    def replace(self, file, old, new):
        with open(f"{scratch}/{file}", encoding="utf-8") as stream:
            text = stream.read()
        assert old in text, old
        with open(f"{scratch}/{file}", "w", encoding="utf-8") as stream:
            stream.write(text.replace(old, new, 1))

    def refused(self, build, reason, step):
        ok, log = build()
        if not ok and re.search(reason, log):
            self.say(f"{step} does not build")
        else:
            self.say(f"{step} " + ("builds" if ok else f"fails for another reason: {log[-2000:]}"))

    def builds(self, *builds):
        for build in builds:
            ok, log = build()
            if not ok:
                self.say(f"does not build: {log[-2000:]}")
                return
        self.say("complete, it builds")


def hook():
    recipe = Recipe("policy hook")
    recipe.replace("include/ioasid/policy_ops.h", "X(void, cgroup_gone, struct cgroup *cgrp)",
                   "X(void, cgroup_gone, struct cgroup *cgrp)\\\n"
                   "\tX(void, cgroup_seen, struct cgroup *cgrp)")
    recipe.refused(bpf, "undeclared identifier 'cgroup_seen'", "a row without a program")
    recipe.replace("bpf/policy.bpf.c", 'SEC(".struct_ops.link")',
                   'SEC("struct_ops/cgroup_seen")\n'
                   "int BPF_PROG(cgroup_seen, struct cgroup *cgrp)\n{\n\treturn 0;\n}\n\n"
                   'SEC(".struct_ops.link")')
    recipe.builds(bpf, module)


def event():
    recipe = Recipe("event")
    row = '\tX(20, INVALIDATE, invalidate, "'
    with open(f"{scratch}/include/ioasid/types.h", encoding="utf-8") as stream:
        last = next(line for line in stream if line.startswith(row)).rstrip("\n")
    recipe.replace("include/ioasid/types.h", last,
                   last + ' \\\n\tX(21, PROBE, probe, "a test")')
    recipe.add("kmod-shim/capacity.c", "#include \"private.h\"",
               "void ioasid_probe(void);\nvoid ioasid_probe(void)\n{\n\tioasid_emit(probe, 1);\n}")
    recipe.refused(module, "__ioasid_emit_probe", "a row without a function that fills it")
    recipe.replace("kmod-shim/private.h", "void __ioasid_emit_policy(",
                   "void __ioasid_emit_probe(u64 value);\nvoid __ioasid_emit_policy(")
    with open(f"{scratch}/kmod-shim/event.c", "a", encoding="utf-8") as stream:
        stream.write("\nvoid __ioasid_emit_probe(u64 value)\n{\n\tstruct ioasid_event event;\n\n"
                     "\tioasid_event_fill(&event, IOASID_EVENT_PROBE);\n\tevent.value = value;\n"
                     "\ttrace_ioasid_probe(&event);\n}\n")
    recipe.replace("kmod-shim/capacity.c", "#include \"private.h\"",
                   "#include \"private.h\"\n#include \"trace.h\"")
    recipe.builds(module, bpf, compiles("src/record/rows.cpp"))


def call():
    recipe = Recipe("call")
    recipe.add("kmod-shim/cdev.c", "ZERO(struct ioasid_spid, spid), PASID(struct ioasid_spid, SPID_DET",
               "\tCALL_WITH(IOASID_PROBE, probe, struct ioasid_probe, value),")
    recipe.refused(module, "IOASID_PROBE", "a row without a number")
    recipe.replace("include/uapi/ioasid.h", "#define IOASID_DMA_READ",
                   "struct ioasid_probe {\n\t__u32 size;\n\t__u32 flags;\n\t__u8 value[4096];\n};\n"
                   "#define IOASID_PROBE\t_IO(IOASID_TYPE, IOASID_BASE + 60)\n\n"
                   "#define IOASID_DMA_READ")
    recipe.replace("kmod-shim/cdev.c", "static const struct ioasid_call {",
                   "static long ioasid_cdev_probe(struct ioasid_target *target, "
                   "union ioasid_args *args)\n{\n\treturn 0;\n}\n\n"
                   "static const struct ioasid_call {")
    recipe.refused(module, "negative width|array|BUILD_BUG", "an argument larger than the union")
    recipe.replace("include/uapi/ioasid.h", "\t__u8 value[4096];", "\t__u64 value;")
    recipe.builds(module)


def backend():
    recipe = Recipe("backend")
    recipe.add("kmod-shim/main.c", '{ "sim", ioasid_sim_init',
               '\t{ "none", ioasid_none_init, ioasid_none_exit },')
    recipe.refused(module, "ioasid_none_init", "a row without a file")
    recipe.replace("kmod-shim/private.h", "int ioasid_sim_init(void);",
                   "int ioasid_sim_init(void);\nint ioasid_none_init(void);\n"
                   "void ioasid_none_exit(void);")
    recipe.replace("kmod-shim/Kbuild", "hw/sim.o", "hw/sim.o hw/none.o")
    with open(f"{scratch}/kmod-shim/hw/none.c", "w", encoding="utf-8") as stream:
        stream.write('#include "hw.h"\nint ioasid_none_init(void) { return 0; }\n'
                     "void ioasid_none_exit(void) { }\n")
    recipe.builds(module)


def key():
    recipe = Recipe("policy key")
    recipe.replace("include/ioasid/policy.h", "__u32 __reserved[10];",
                   "__u32 colour;\n\t__u32 __reserved[9];")
    recipe.refused(compiles("policy/fields.cpp"), "belongs to no row", "a value without a row")
    recipe.replace("policy/fields.cpp", "    field<Warn>(",
                   '    field<Limit<&Rule::colour, &ioasid_rule::colour, &Rule::colour_at>>(\n'
                   '        {.name = "colour", .allowed = count, .example = "7", .help = "a test"},\n'
                   "        read_count),\n    field<Warn>(")
    recipe.refused(compiles("policy/fields.cpp"), "colour", "a row without its value in struct Rule")
    recipe.replace("policy/policy.hpp", "    bool no_inherit = false;",
                   "    std::uint32_t colour = 0;\n    Position colour_at;\n    bool no_inherit = false;")
    ok, failed = policy_tests()
    recipe.say(f"complete, these tests fail: {failed}" if ok else f"does not build: {failed[-2000:]}")


def view():
    recipe = Recipe("view")
    recipe.replace("tui/view.hpp", "events, spaces, nr }", "events, spaces, probes, nr }")
    recipe.refused(compiles("tui/views.cpp"), "static assertion|static_assert", "a number without a row")
    with open(f"{scratch}/tui/views.cpp", encoding="utf-8") as stream:
        text = stream.read()
    begin = text.index("    View{.id = ViewId::spaces")
    row = text[begin:text.index("};", begin)]
    copy = row
    for old, new in (("ViewId::spaces", "ViewId::probes"), ('"spaces"', '"probes"'),
                     ("U'6'", "U'7'"), ("build_spaces", "build_probes")):
        copy = copy.replace(old, new, 1)
    recipe.replace("tui/views.cpp", row, row + copy)
    recipe.refused(compiles("tui/views.cpp"), "build_probes", "a row without its function")
    recipe.add("tui/view.hpp", "std::unique_ptr<Table> build_spaces(",
               "std::unique_ptr<Table> build_probes(const State &, const Scope &);")
    recipe.builds(compiles("tui/views.cpp"))


for apply in (hook, event, call, backend, key, view):
    apply()
shutil.rmtree(scratch, ignore_errors=True)
