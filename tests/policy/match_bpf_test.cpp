// SPDX-License-Identifier: GPL-2.0-only
//
// match.h in BPF: the verifier accepts it within a limit, and it gives the same results as in
// user space. Skipped without the privilege to load BPF programs.
#include <gtest/gtest.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <random>

#include <ioasid/match.h>

#include "helpers.hpp"

namespace pasid::policy {
namespace {

// Instructions, of 1,000,000 permitted. A loop that the verifier walks for each state exceeds it.
constexpr unsigned most_verified = 60000;

struct Step {
    __u32 slot, state, next, rule;
};

struct Close {
    void operator()(bpf_object *object) const { bpf_object__close(object); }
};

// Check the privilege by creating a small map.
bool may_use_bpf()
{
    int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "probe", 4, 4, 1, nullptr);
    if (fd >= 0)
        close(fd);
    return fd >= 0 || (errno != EPERM && errno != ENOSYS);
}

class BpfMatch : public testing::Test {
  protected:
    void SetUp() override
    {
        if (!may_use_bpf())
            GTEST_SKIP() << "bpf(2) is not permitted: run as root";
        object_.reset(bpf_object__open_file(POLICY_MATCH_OBJECT, nullptr));
        ASSERT_NE(object_, nullptr) << std::strerror(errno);
        ASSERT_EQ(bpf_object__load(object_.get()), 0) << std::strerror(errno);
        program_ = bpf_program__fd(bpf_object__find_program_by_name(object_.get(), "match_step"));
        image_ = bpf_object__find_map_fd_by_name(object_.get(), "image");
        name_ = bpf_object__find_map_fd_by_name(object_.get(), "name");
    }

    void install(__u32 slot, const ioasid_policy_image &image)
    {
        ASSERT_EQ(bpf_map_update_elem(image_, &slot, &image, BPF_ANY), 0) << std::strerror(errno);
    }

    // The bytes after the NUL are not zero, as in a reused buffer.
    Step step(__u32 slot, __u32 state, const std::string &component)
    {
        char name[IOASID_CGROUP_NAME_LEN];
        std::memset(name, 'a', sizeof(name));
        std::memcpy(name, component.c_str(), component.size() + 1);
        __u32 zero = 0;
        EXPECT_EQ(bpf_map_update_elem(name_, &zero, name, BPF_ANY), 0);
        Step step{slot, state, ~0u, ~0u};
        LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = &step, .ctx_size_in = sizeof(step));
        EXPECT_EQ(bpf_prog_test_run_opts(program_, &opts), 0) << std::strerror(errno);
        EXPECT_EQ(opts.retval, 0u);
        return step;
    }

    std::unique_ptr<bpf_object, Close> object_;
    int program_ = -1, image_ = -1, name_ = -1;
};

TEST_F(BpfMatch, TheVerifierWalksFewInstructions)
{
    bpf_prog_info info{};
    __u32 size = sizeof(info);
    ASSERT_EQ(bpf_prog_get_info_by_fd(program_, &info, &size), 0);
    RecordProperty("verified", static_cast<int>(info.verified_insns));
    EXPECT_GT(info.verified_insns, 0u);
    EXPECT_LT(info.verified_insns, most_verified);
}

TEST_F(BpfMatch, AgreesWithUserSpace)
{
    std::vector<PatternMax> rules = {
        {"/a/*b"}, {"/a/**"},     {"/**/ab"}, {"/*/b/a*"}, {"/" + std::string(255, 'a')},
        {"/b"},    {"/a/ab/**/b"}};
    Compiled policy = compile(policy_text(rules), "test.yaml");
    ASSERT_TRUE(policy.ok()) << to_text(policy.diagnostics);
    install(1, *policy.image);

    std::mt19937 random(1);
    unsigned hits = 0;
    for (unsigned i = 0; i < 3000; i++) {
        std::string path;
        __u32 state = IOASID_MATCH_START;
        for (unsigned depth = 0, levels = 1 + random() % 4; depth < levels; depth++) {
            std::string name;
            for (unsigned length = random() % 50 == 0 ? 255 : 1 + random() % 2; length; length--)
                name += "ab"[random() % 8 == 0];
            path += "/" + name;
            Step result = step(1, state, name);
            Match expected = match(*policy.image, path);
            ASSERT_EQ(result.next, expected.state) << path;
            ASSERT_EQ(result.rule, expected.rule) << path;
            hits += expected.rule != 0;
            state = result.next;
        }
    }
    EXPECT_GT(hits, 500u);
}

TEST_F(BpfMatch, AnotherSlotIsAnotherPolicy)
{
    install(0, *compile(policy_text({{"/x"}}), "a.yaml").image);
    install(1, *compile(policy_text({{"/y"}, {"/x"}}), "b.yaml").image);
    EXPECT_EQ(step(0, IOASID_MATCH_START, "x").rule, 1u);
    EXPECT_EQ(step(1, IOASID_MATCH_START, "x").rule, 2u);
}

TEST_F(BpfMatch, AnyStateIsSafe)
{
    install(0, *compile(policy_text({{"/**/x"}}), "a.yaml").image);
    for (__u32 state : {0u, 5u, 65535u, 65536u, ~0u})
        EXPECT_LT(step(0, state, "x").next, __u32{IOASID_MATCH_STATES});
}

} // namespace
} // namespace pasid::policy
