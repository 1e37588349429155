// SPDX-License-Identifier: GPL-2.0-only
// What the module writes for a VT-d unit, read with the bit positions of the specification's
// tables (revision 4.1, chapters 6.5 and 9), which number the bits of a whole structure.
#include <array>
#include <cstdint>
#include <cstring>

#include <gtest/gtest.h>

#include "../../kmod-shim/hw/vtd_format.h"

namespace pasid {

namespace {

template <std::size_t bytes> struct Structure {
    std::array<__u64, bytes / 8> words{};

    // Bits high:low of the structure in memory, byte by byte.
    std::uint64_t bits(unsigned high, unsigned low) const
    {
        std::uint64_t value = 0;
        for (unsigned bit = high + 1; bit-- > low;)
            value = value << 1 | (memory()[bit / 8] >> bit % 8 & 1);
        return value;
    }

    std::array<unsigned char, bytes> memory() const
    {
        std::array<unsigned char, bytes> copy;
        std::memcpy(copy.data(), words.data(), bytes);
        return copy;
    }

    bool is(std::array<__u64, bytes / 8> golden) const { return words == golden; }
};

constexpr std::uint64_t page = 0x123456789000;

TEST(VtdFormat, RootEntry)
{
    Structure<8> half;
    ioasid_vtd_make_root(half.words.data(), page);
    EXPECT_EQ(half.bits(0, 0), 1u);           // LP or UP
    EXPECT_EQ(half.bits(63, 12), page >> 12); // LCTP or UCTP
    EXPECT_TRUE(half.is({0x0000123456789001}));
}

TEST(VtdFormat, ContextEntry)
{
    Structure<32> entry;
    ioasid_vtd_make_context(entry.words.data(), page);
    EXPECT_EQ(entry.bits(0, 0), 1u);           // P
    EXPECT_EQ(entry.bits(1, 1), 0u);           // FPD
    EXPECT_EQ(entry.bits(2, 2), 0u);           // DTE
    EXPECT_EQ(entry.bits(3, 3), 0u);           // PASIDE
    EXPECT_EQ(entry.bits(4, 4), 0u);           // PRE
    EXPECT_EQ(entry.bits(11, 9), 0u);          // PDTS: 128 entries
    EXPECT_EQ(entry.bits(63, 12), page >> 12); // PASIDDIRPTR
    EXPECT_EQ(entry.bits(83, 64), 0u);         // RID_PASID
    EXPECT_EQ(entry.bits(84, 84), 0u);         // RID_PRIV
    EXPECT_TRUE(entry.is({0x0000123456789001, 0, 0, 0}));
}

TEST(VtdFormat, DirectoryEntry)
{
    Structure<8> entry;
    ioasid_vtd_make_directory(entry.words.data(), page);
    EXPECT_EQ(entry.bits(0, 0), 1u);           // P
    EXPECT_EQ(entry.bits(1, 1), 0u);           // FPD
    EXPECT_EQ(entry.bits(63, 12), page >> 12); // SMPTBLPTR
    EXPECT_TRUE(entry.is({0x0000123456789001}));
}

TEST(VtdFormat, SecondStageEntry)
{
    Structure<64> entry;
    ioasid_vtd_make_second_stage(entry.words.data(), 0xabcd, page, 1);
    EXPECT_EQ(entry.bits(0, 0), 1u);           // P
    EXPECT_EQ(entry.bits(1, 1), 0u);           // FPD
    EXPECT_EQ(entry.bits(4, 2), 2u);           // AW: 48 bits
    EXPECT_EQ(entry.bits(8, 6), 2u);           // PGTT: second stage
    EXPECT_EQ(entry.bits(9, 9), 0u);           // SSADE
    EXPECT_EQ(entry.bits(63, 12), page >> 12); // SSPTPTR
    EXPECT_EQ(entry.bits(79, 64), 0xabcdu);    // DID
    EXPECT_EQ(entry.bits(87, 87), 1u);         // PWSNP
    EXPECT_EQ(entry.bits(88, 88), 0u);         // PGSNP
    EXPECT_EQ(entry.bits(191, 140), 0u);       // FSPTPTR
    EXPECT_TRUE(entry.is({0x0000123456789089, 0x000000000080abcd, 0, 0, 0, 0, 0, 0}));
}

TEST(VtdFormat, PassThroughEntry)
{
    Structure<64> entry, wide;
    ioasid_vtd_make_pass_through(entry.words.data(), 1, IOASID_VTD_48_BITS);
    EXPECT_EQ(entry.bits(0, 0), 1u);   // P
    EXPECT_EQ(entry.bits(4, 2), 2u);   // AW
    EXPECT_EQ(entry.bits(8, 6), 4u);   // PGTT: pass-through
    EXPECT_EQ(entry.bits(79, 64), 1u); // DID
    EXPECT_TRUE(entry.is({0x109, 1, 0, 0, 0, 0, 0, 0}));
    ioasid_vtd_make_pass_through(wide.words.data(), 1, IOASID_VTD_57_BITS);
    EXPECT_EQ(wide.bits(4, 2), 3u); // AW: 57 bits
    EXPECT_TRUE(wide.is({0x10d, 1, 0, 0, 0, 0, 0, 0}));
}

TEST(VtdFormat, Descriptors)
{
    Structure<32> context, pasid, all_pasids, domain, pages, global, wait;
    ioasid_vtd_make_context_cache_global(context.words.data());
    EXPECT_TRUE(context.is({0x11, 0, 0, 0}));
    ioasid_vtd_make_pasid_cache(pasid.words.data(), 0xabcd, 0x54321);
    EXPECT_EQ(pasid.bits(3, 0), 7u);        // type
    EXPECT_EQ(pasid.bits(5, 4), 1u);        // G: PASID-selective
    EXPECT_EQ(pasid.bits(31, 16), 0xabcdu); // DID
    EXPECT_EQ(pasid.bits(51, 32), 0x54321u);
    EXPECT_TRUE(pasid.is({0x00054321abcd0017, 0, 0, 0}));
    ioasid_vtd_make_pasid_cache_global(all_pasids.words.data());
    EXPECT_TRUE(all_pasids.is({0x37, 0, 0, 0}));
    ioasid_vtd_make_iotlb_global(global.words.data());
    EXPECT_TRUE(global.is({0x12, 0, 0, 0}));
    ioasid_vtd_make_iotlb_domain(domain.words.data(), 0xabcd);
    EXPECT_TRUE(domain.is({0xabcd0022, 0, 0, 0}));
    ioasid_vtd_make_iotlb_pages(pages.words.data(), 0xabcd, 0x123456788000, 3);
    ioasid_vtd_set_iotlb_drain_writes(pages.words.data(), 1);
    ioasid_vtd_set_iotlb_drain_reads(pages.words.data(), 1);
    EXPECT_EQ(pages.bits(3, 0), 2u);        // type
    EXPECT_EQ(pages.bits(5, 4), 3u);        // G: page-selective within a domain
    EXPECT_EQ(pages.bits(6, 6), 1u);        // DW
    EXPECT_EQ(pages.bits(7, 7), 1u);        // DR
    EXPECT_EQ(pages.bits(31, 16), 0xabcdu); // DID
    EXPECT_EQ(pages.bits(69, 64), 3u);      // AM
    EXPECT_EQ(pages.bits(70, 70), 0u);      // IH
    EXPECT_EQ(pages.bits(127, 76), 0x123456788u);
    EXPECT_TRUE(pages.is({0xabcd00f2, 0x0000123456788003, 0, 0}));
    ioasid_vtd_make_wait(wait.words.data(), 0x123456789004, 0x89abcdef);
    EXPECT_EQ(wait.bits(3, 0), 5u);            // type
    EXPECT_EQ(wait.bits(4, 4), 0u);            // IF
    EXPECT_EQ(wait.bits(5, 5), 1u);            // SW
    EXPECT_EQ(wait.bits(6, 6), 1u);            // FN
    EXPECT_EQ(wait.bits(63, 32), 0x89abcdefu); // status data
    EXPECT_EQ(wait.bits(127, 66), 0x123456789004u >> 2);
    EXPECT_TRUE(wait.is({0x89abcdef00000065, 0x0000123456789004, 0, 0}));
}

TEST(VtdFormat, FaultRecord)
{
    // A read of 0x7fffff000 by 00:03.0 under PASID 0x54321, reason 0x59.
    Structure<16> record{{0x00000007fffff000, 0xc5432159a0000018}};
    const __u64 *words = record.words.data();

    EXPECT_EQ(ioasid_vtd_record_fault(words), record.bits(127, 127));
    EXPECT_EQ(ioasid_vtd_record_read(words), record.bits(126, 126));
    EXPECT_EQ(ioasid_vtd_record_pasid(words), record.bits(123, 104));
    EXPECT_EQ(ioasid_vtd_record_reason(words), record.bits(103, 96));
    EXPECT_EQ(ioasid_vtd_record_has_pasid(words), record.bits(95, 95));
    EXPECT_EQ(ioasid_vtd_record_privileged(words), record.bits(93, 93));
    EXPECT_EQ(ioasid_vtd_record_source(words), record.bits(79, 64));
    EXPECT_EQ(ioasid_vtd_record_address(words), 0x7fffffu);
    EXPECT_EQ(ioasid_vtd_record_pasid(words), 0x54321u);
    EXPECT_EQ(ioasid_vtd_record_reason(words), 0x59u);
    EXPECT_EQ(ioasid_vtd_record_source(words), 3u << 3);
}

// A field does not change its neighbours.
TEST(VtdFormat, FieldsAreSeparate)
{
    std::array<__u64, 8> words;
#define CHECK_FIELD(structure, field, word, high, low)                                             \
    words.fill(~0ull);                                                                             \
    ioasid_vtd_set_##structure##_##field(words.data(), 0);                                         \
    EXPECT_EQ(ioasid_vtd_##structure##_##field(words.data()), 0u) << #structure " " #field;        \
    EXPECT_EQ(__builtin_popcountll(~words[word]), high - low + 1) << #structure " " #field;        \
    words.fill(0);                                                                                 \
    ioasid_vtd_set_##structure##_##field(words.data(), ~0ull);                                     \
    EXPECT_EQ(__builtin_popcountll(words[word]), high - low + 1) << #structure " " #field;
    IOASID_VTD_STRUCTURES(CHECK_FIELD)
#undef CHECK_FIELD
}

} // namespace

} // namespace pasid
