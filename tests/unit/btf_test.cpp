// SPDX-License-Identifier: GPL-2.0
// The short way through type information finds what libbpf finds.
#include <memory>

#include <bpf/btf.h>
#include <gtest/gtest.h>

#include "lib/btf.hpp"

namespace pasid::test {

struct BtfDeleter {
    void operator()(btf *object) const { btf__free(object); }
};
using BtfPtr = std::unique_ptr<btf, BtfDeleter>;

Bytes raw(const BtfPtr &object)
{
    __u32 size = 0;
    const void *data = btf__raw_data(object.get(), &size);
    return {static_cast<const std::byte *>(data), size};
}

void add_function(const BtfPtr &object, const char *name)
{
    const int proto = btf__add_func_proto(object.get(), 1);
    btf__add_func_param(object.get(), "x", 1);
    btf__add_func(object.get(), name, BTF_FUNC_STATIC, proto);
}

// One of every kind whose length in the list is its own.
BtfPtr kernel()
{
    BtfPtr object(btf__new_empty());
    btf__add_int(object.get(), "int", 4, BTF_INT_SIGNED);
    btf__add_array(object.get(), 1, 1, 5);
    btf__add_struct(object.get(), "pair", 8);
    btf__add_field(object.get(), "a", 1, 0, 0);
    btf__add_field(object.get(), "b", 1, 32, 0);
    btf__add_enum(object.get(), "small", 4);
    btf__add_enum_value(object.get(), "one", 1);
    btf__add_enum64(object.get(), "large", 8, false);
    btf__add_enum64_value(object.get(), "two", 2);
    btf__add_var(object.get(), "variable", BTF_VAR_STATIC, 1);
    btf__add_datasec(object.get(), ".data", 4);
    btf__add_datasec_var_info(object.get(), 6, 0, 4);
    btf__add_ptr(object.get(), 3);
    btf__add_decl_tag(object.get(), "tag", 3, -1);
    add_function(object, "in_both");
    return object;
}

TEST(Btf, NumbersAreThoseThatLibbpfGives)
{
    const BtfPtr base = kernel();
    const auto extent = btf_extent(raw(base));
    ASSERT_TRUE(extent);
    EXPECT_EQ(extent->types, btf__type_cnt(base.get()));

    const BtfPtr module(btf__new_empty_split(base.get()));
    for (const char *name : {"walk", "walk_next", "next", "last"})
        add_function(module, name);
    btf__add_struct(module.get(), "row", 0);
    for (const char *name : {"walk", "walk_next", "next", "last"}) {
        const auto number = btf_function(raw(module), *extent, name);
        ASSERT_TRUE(number) << name;
        EXPECT_EQ(*number, btf__find_by_name_kind(module.get(), name, BTF_KIND_FUNC)) << name;
        EXPECT_EQ(btf_name(raw(module), *extent, *number), name);
    }
    EXPECT_EQ(btf_name(raw(module), *extent, 1), "") << "one of the kernel's";
    EXPECT_EQ(btf_name(raw(module), *extent, btf__type_cnt(module.get())), "");
    for (const char *name : {"wal", "walk_", "lastly", "row", "in_both", ""})
        EXPECT_FALSE(btf_function(raw(module), *extent, name)) << name;
}

TEST(Btf, CopiesOfTheKernelsTypesAreFound)
{
    const BtfPtr base = kernel();
    const BtfPtr module(btf__new_empty_split(base.get()));
    btf__add_struct(module.get(), "row", 0);
    add_function(module, "large");
    for (const char *name : {"pair", "small", "large", ""})
        EXPECT_FALSE(btf_has_own_struct(raw(module), raw(base), name)) << name;
    btf__add_struct(module.get(), "pair", 8);
    for (const char *name : {"pair", "row"})
        EXPECT_TRUE(btf_has_own_struct(raw(module), raw(base), name)) << name;
    EXPECT_FALSE(btf_has_own_struct(raw(module), {}, "pair"));
}

TEST(Btf, WhatIsDamagedIsRefused)
{
    const BtfPtr base = kernel();
    const Bytes whole = raw(base);
    std::vector<std::byte> bytes(whole.begin(), whole.end());
    EXPECT_TRUE(btf_extent(bytes));
    for (std::size_t size = 0; size < 100; size++)
        EXPECT_FALSE(btf_extent(Bytes(bytes).first(size))) << size;
    bytes[0] ^= std::byte{1};
    EXPECT_FALSE(btf_extent(bytes)) << "the magic number";
}

} // namespace pasid::test
