// SPDX-License-Identifier: GPL-2.0-only
// The reason for a failure is extracted from the messages of libbpf.
#include <cstdarg>

#include <bpf/libbpf.h>
#include <gtest/gtest.h>

#include "lib/libbpf_log.hpp"

namespace pasid::test {

// Print a message as libbpf does.
__attribute__((format(printf, 1, 2))) void say(const char *format, ...)
{
    const libbpf_print_fn_t print = libbpf_set_print(nullptr);
    va_list arguments;
    va_start(arguments, format);
    print(LIBBPF_WARN, format, arguments);
    va_end(arguments);
    libbpf_set_print(print);
}

TEST(LibbpfLog, TellsTheFirstComplaint)
{
    const BpfLog log;
    EXPECT_EQ(log.reason(), "");
    say("libbpf: loading\n");
    say("libbpf: map 'm': failed to create: %s\n", "Invalid argument");
    say("libbpf: failed to load object 'o'\n");
    EXPECT_EQ(log.reason(), "map 'm': failed to create: Invalid argument");
}

TEST(LibbpfLog, TellsTheLastLinesOfTheVerifierHoweverLongItsLogIs)
{
    std::string instructions;
    for (int i = 0; i < 5000; i++)
        instructions += std::to_string(i) + ": (bf) r1 = r2\n";
    const BpfLog log;
    say("libbpf: prog 'p': BPF program load failed: Invalid argument\n");
    say("libbpf: prog 'p': -- BEGIN PROG LOAD LOG --\n%s"
        "; the source @ x.c:1\n5000: (85) call f#1\nf args#0 expected pointer\n"
        "processed 5001 insns (limit 1000000)\n-- END PROG LOAD LOG --\n",
        instructions.c_str());
    say("libbpf: prog 'q': -- BEGIN PROG LOAD LOG --\nanother\n-- END PROG LOAD LOG --\n");
    EXPECT_EQ(log.reason(),
              "prog 'p': BPF program load failed: Invalid argument: "
              "; the source @ x.c:1 | 5000: (85) call f#1 | f args#0 expected pointer");
}

} // namespace pasid::test
