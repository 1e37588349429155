// SPDX-License-Identifier: GPL-2.0-only
// The types of a module are distinguished from those of the kernel.
#include <gtest/gtest.h>

#include "lib/module_btf.hpp"

namespace pasid::test {

TEST(ModuleBtf, OwnStructs)
{
    const BtfPtr base(btf__new_empty());
    btf__add_struct(base.get(), "cgroup", 8);
    btf__add_struct(base.get(), "row", 8);
    const BtfPtr module(btf__new_empty_split(base.get()));
    EXPECT_FALSE(has_own_struct(module.get(), "cgroup")) << "a type of the kernel";
    btf__add_struct(module.get(), "row", 8); // the base BTF contains its name
    btf__add_union(module.get(), "choice", 8);
    btf__add_struct(module.get(), "other", 8);
    EXPECT_TRUE(has_own_struct(module.get(), "row"));
    EXPECT_TRUE(has_own_struct(module.get(), "other"));
    for (const char *name : {"cgroup", "choice", "oth", ""})
        EXPECT_FALSE(has_own_struct(module.get(), name)) << name;
    EXPECT_TRUE(has_own_struct(base.get(), "cgroup"));

    ModuleBtf types;
    types.module.reset(btf__new_empty());
    const int number = btf__add_struct(types.module.get(), "row", 8);
    EXPECT_EQ(types.name(static_cast<std::uint32_t>(number)), "row");
    EXPECT_EQ(types.name(99), "");
}

} // namespace pasid::test
