// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include "fakes.hpp"
#include "ioasid-io/client.hpp"

namespace pasid::test {

struct IoRun {
    bool good = false;
    std::string out;
};

IoRun run_io(FakeDevice &device, const std::string &text, io::Options options = {})
{
    const std::vector<io::Source> sources{{"test", text}};
    const auto script = io::parse(sources);
    if (!script)
        return {false, describe(script.error())};
    Sink sink;
    Output out(sink.fd());
    auto client = io::Client::make(device, out, options);
    const bool good = client->run(*script);
    const bool joined = client->join();
    return {good && joined, sink.text()};
}

std::string parse_error(const std::string &text)
{
    const std::vector<io::Source> sources{{"test", text}};
    const auto script = io::parse(sources);
    if (script)
        return "no error";
    EXPECT_EQ(script.error().exit, Exit::usage);
    return describe(script.error());
}

TEST(Io, OneLineACommand)
{
    FakeDevice device;
    const IoRun run = run_io(device, "info; version\nalloc 1 0xfffff # comment\nbind sim0 $\n"
                                     "spid attach $ 0x10; unbind sim0 $; free 5");
    ASSERT_TRUE(run.good) << run.out;
    EXPECT_EQ(run.out, "info: 20\nversion: 0\nalloc: 5\nbind: 0\nspid: 0\nunbind: 0\nfree: 0\n");
    EXPECT_EQ(device.calls.back(), "spid 16");
}

TEST(Io, StopsAtTheFirstErrorOrGoesOn)
{
    FakeDevice device;
    device.alloc_error = EDQUOT;
    EXPECT_EQ(run_io(device, "alloc 1 2; info").out, "alloc: error EDQUOT\n");
    const IoRun run = run_io(device, "alloc 1 2; info", {.keep_going = true});
    EXPECT_FALSE(run.good);
    EXPECT_EQ(run.out, "alloc: error EDQUOT\ninfo: 20\n");
    EXPECT_EQ(run_io(device, "alloc 1 2; info", {.keep_going = true, .quiet = true}).out,
              "alloc: error EDQUOT\n");
}

TEST(Io, OpensWhenNeededButNotAfterClose)
{
    FakeDevice device;
    EXPECT_EQ(run_io(device, "sleep 0").out, "sleep: 0\n");
    EXPECT_TRUE(device.calls.empty());
    EXPECT_EQ(
        run_io(device, "alloc 1 2; open; close; alloc 1 2; open; alloc 1 2", {.keep_going = true})
            .out,
        "alloc: 5\nopen: error EBUSY\nclose: 0\nalloc: error EBADF\nopen: 0\nalloc: 6\n");
    FakeDevice missing;
    missing.missing = true;
    EXPECT_EQ(run_io(missing, "info").out, "info: error ENOENT\n");
}

TEST(Io, DmaIsChecked)
{
    FakeDevice device;
    const std::string bound = "alloc 1 9; bind sim0 $; ";
    EXPECT_EQ(run_io(device, bound + "dma sim0 $ read buf 4096; dma sim0 $ write buf+100 64").out,
              "alloc: 5\nbind: 0\ndma: 4096\ndma: 64\n");
    device.wrong_memory = true;
    EXPECT_EQ(run_io(device, bound + "dma sim0 $ read buf 4096").out,
              "alloc: 6\nbind: 0\ndma: error EIO\n");
    EXPECT_EQ(run_io(device, bound + "dma sim0 $ write buf 8").out,
              "alloc: 7\nbind: 0\ndma: error EIO\n");
    EXPECT_EQ(run_io(device, "alloc 1 9; dma sim0 $ read buf 8").out,
              "alloc: 8\ndma: error EFAULT\n");
}

TEST(Io, ForkAndRepeat)
{
    FakeDevice device;
    const IoRun run = run_io(device, "repeat 2 { alloc 1 9 }\n"
                                     "fork {\n  free $\n  sleep 0 }\ninfo");
    EXPECT_TRUE(run.good);
    EXPECT_EQ(run.out, "alloc: 5\nalloc: 6\nfree: 0\nsleep: 0\ninfo: 20\n");
    EXPECT_EQ(run_io(device, "fork { free 999 }; info").out, "free: error ENOENT\n");
    EXPECT_EQ(run_io(device, "repeat 3 { free 999 }").out, "free: error ENOENT\n");
    EXPECT_EQ(run_io(device, "repeat 0 { free 999 }; free $").out, "free: error ENOENT\n")
        << "no ID yet";
}

TEST(Io, DevicesAndExtensions)
{
    FakeDevice device;
    EXPECT_EQ(
        run_io(device, "device sim0; extension kinds; extension replace; extension 99").out,
        "device: sim0 backend=sim pasid_bits=20 iova_bits=48 caps=pasid,pri,nesting,snoop,dma "
        "formats=x86_64 page_sizes=4K,2M\n"
        "extension: 14\nextension: 1\nextension: 0\n");
    EXPECT_EQ(run_io(device, "device sim9").out, "device: error ENODEV\n");
}

TEST(Io, SpacesAndTheirOptions)
{
    FakeDevice device;
    const auto call_of = [&](const std::string &command) {
        run_io(device, command);
        return device.calls.back();
    };
    EXPECT_EQ(call_of("ioas kernel"), "ioas 1 0 0 0 0 0");
    EXPECT_EQ(call_of("ioas process faults"), "ioas 3 2 0 0 0 0");
    EXPECT_EQ(call_of("ioas kernel range 0x1000 0xffff snoop faults"), "ioas 1 3 0 0 4096 65535");
    EXPECT_EQ(call_of("ioas user 1"), "ioas 2 0 1 1 0 0");
    EXPECT_EQ(call_of("ioas kernel; ioas user @ format 0 snoop"), "ioas 2 1 0 5 0 0");
    EXPECT_EQ(run_io(device, "ioas kvm").out, "ioas: error EOPNOTSUPP\n");
    EXPECT_EQ(run_io(device, "ioas user 99").out, "ioas: error ENOENT\n");
    EXPECT_EQ(run_io(device, "ioas-free 6; ioas-free 6").out,
              "ioas-free: 0\nioas-free: error ENOENT\n");
    EXPECT_EQ(run_io(device, "ioas-free @").out, "ioas-free: error ENOENT\n") << "no space yet";
}

TEST(Io, Ranges)
{
    FakeDevice device;
    EXPECT_EQ(run_io(device, "ioas kernel; ranges @").out,
              "ioas: 1\nranges: 0x0-0xfedfffff 0xfef00000-0xffffffffffff page_sizes=4K,2M\n");
    device.ranges.assign(20, {0, 1});
    EXPECT_TRUE(run_io(device, "ranges 1").good) << "asks again if the array is too small";
    EXPECT_EQ(device.calls.back(), "ranges 20");
    EXPECT_EQ(run_io(device, "ranges 9").out, "ranges: error ENOENT\n");
}

TEST(Io, MapAttachAndDma)
{
    FakeDevice device;
    EXPECT_EQ(run_io(device, "ioas kernel; map @ 0x10000 0x2000 rw; map @ 0x11000 0x1000 read",
                     {.keep_going = true})
                  .out,
              "ioas: 1\nmap: 0\nmap: error EEXIST\n");
    EXPECT_EQ(device.calls.back(), "map 1");
    EXPECT_EQ(
        run_io(device,
               "ioas kernel; map @ 0x10000 0x2000 rw buf+0x1000; alloc 1 9; attach sim0 @ $\n"
               "dma sim0 $ write 0x10010 64 buf+0x1010; dma sim0 $ read 0x10010 64 "
               "buf+0x1010\n"
               "dma sim0 $ read 0x10000 64; unmap @ 0x10000 0x2000; dma sim0 $ read 0x10000 1")
            .out,
        "ioas: 2\nmap: 0\nalloc: 5\nattach: 0\ndma: 64\ndma: 64\ndma: 64\nunmap: 8192\n"
        "dma: error EFAULT\n");
    EXPECT_EQ(run_io(device, "ioas kernel; map @ 0 0x1000 rw; attach sim0 @\n"
                             "dma sim0 - write 0 16 buf; dma sim0 - write 0 16 buf+0x1000")
                  .out,
              "ioas: 3\nmap: 0\nattach: 0\ndma: 16\ndma: error EIO\n")
        << "the bytes are elsewhere";
    EXPECT_EQ(run_io(device, "unmap 3 all; unmap 3 all; unmap 3 0 0x1000").out,
              "unmap: 4096\nunmap: 0\nunmap: error ENOENT\n");
}

TEST(Io, AttachAndDetach)
{
    FakeDevice device;
    EXPECT_EQ(run_io(device,
                     "ioas kernel; ioas kernel; alloc 1 9; attach sim0 1 $; attach sim0 1 $\n"
                     "attach sim0 2 $; attach sim0 2 $ replace; ioas-free 2; detach sim0 $\n"
                     "detach sim0 $; attach sim0 1 spid 16; detach sim0 16; detach sim0 spid 16\n"
                     "attach sim0 1; attach sim0 2 replace; detach sim0; attach sim9 1",
                     {.keep_going = true})
                  .out,
              "ioas: 1\nioas: 2\nalloc: 5\nattach: 0\nattach: 0\nattach: error EBUSY\nattach: 0\n"
              "ioas-free: error EBUSY\ndetach: 0\ndetach: error ENOENT\nattach: 0\n"
              "detach: error ENOENT\ndetach: 0\nattach: 0\nattach: 0\ndetach: 0\n"
              "attach: error ENODEV\n");
}

TEST(Io, TablesAndInvalidation)
{
    FakeDevice device;
    EXPECT_EQ(run_io(device,
                     "ioas kernel; ioas user @; table bind @ 0x1000; table bind @ 0x1000\n"
                     "table unbind @; table unbind @",
                     {.keep_going = true})
                  .out,
              "ioas: 1\nioas: 2\ntable: 0\ntable: error EBUSY\ntable: 0\ntable: error ENOENT\n");
    EXPECT_EQ(run_io(device, "invalidate 2 0x1000 4096 0x5000 8192").out, "invalidate: 2\n");
    EXPECT_EQ(device.calls.back(), "invalidate 20480 8192");
    EXPECT_EQ(run_io(device, "invalidate 2 all").out, "invalidate: 1\n");
    EXPECT_EQ(device.calls.back(), "invalidate 0 18446744073709551615");
    device.invalidate_fails_at = 1;
    EXPECT_EQ(run_io(device, "invalidate 2 0 1 2 3").out, "invalidate: error EIO done=1\n");
    device.invalidate_fails_at = 0;
    EXPECT_EQ(run_io(device, "invalidate 2 0 1 2 3").out, "invalidate: error EIO\n");
}

TEST(Io, WordsOfTheBuffer)
{
    FakeDevice device;
    EXPECT_EQ(run_io(device, "store buf+0x1008 0x2007; load buf+0x1008; load buf; "
                             "store buf+0xffff8 0xffffffffffffffff; load buf+0xffff8")
                  .out,
              "store: 0\nload: 0x2007\nload: 0x0\nstore: 0\nload: 0xffffffffffffffff\n");
    EXPECT_TRUE(device.calls.empty()) << "no device is needed";
}

TEST(Io, Faults)
{
    FakeDevice device;
    ioasid_fault record{};
    record.type = IOASID_FAULT_TYPE_DMA;
    record.reason = IOASID_FAULT_PERMISSION;
    record.access = IOASID_MAP_READ;
    record.address = 0x5000;
    record.ioas_id = 2;
    record.pasid = record.spid = UINT32_MAX;
    record.lost = 3;
    record.device[0] = 'd';
    device.faults.push_back(record);
    record.pasid = 7;
    record.spid = 16;
    record.reason = 99;
    device.faults.push_back(record);
    EXPECT_EQ(run_io(device, "fault; fault 0; fault 0").out,
              "fault: dma device=d ioas=2 pasid=- address=0x5000 access=read reason=permission "
              "lost=3\n"
              "fault: dma device=d ioas=2 pasid=7 spid=16 address=0x5000 access=read reason=? "
              "lost=3\n"
              "fault: error ETIMEDOUT\n");
    EXPECT_EQ(run_io(device, "respond 5 retry").out, "respond: error ENOENT\n");
    EXPECT_EQ(run_io(device, "respond last failure").out, "respond: error ENOENT\n") << "none yet";
}

TEST(Io, BackgroundBlocksWaitForResponses)
{
    FakeDevice device;
    device.page_requests = true;
    const std::string start = "ioas kernel faults; alloc 1 9; attach sim0 @ $\n"
                              "background { dma sim0 $ write 0x5000 64; sleep 0 }\nfault\n";
    EXPECT_EQ(run_io(device,
                     start + "map @ 0x5000 0x1000 rw; respond last retry; respond last retry;"
                             "join; join",
                     {.keep_going = true})
                  .out,
              "ioas: 1\nalloc: 5\nattach: 0\n"
              "fault: page_request id=1 device=sim0 ioas=1 pasid=5 address=0x5000 access=write "
              "reason=not_present lost=0\n"
              "map: 0\nrespond: 0\nrespond: error ENOENT\ndma: 64\nsleep: 0\njoin: 1\njoin: 0\n");
    // The end of the script waits too, and its status is that of the block.
    const IoRun run =
        run_io(device, start + "fork { info }; respond 2 failure", {.keep_going = true});
    EXPECT_FALSE(run.good);
    EXPECT_EQ(run.out, "ioas: 2\nalloc: 6\nattach: 0\n"
                       "fault: page_request id=2 device=sim0 ioas=2 pasid=6 address=0x5000 "
                       "access=write reason=not_present lost=0\n"
                       "fork: error EBUSY\nrespond: 0\ndma: error EFAULT\nsleep: 0\n");
}

TEST(Io, BackgroundBlocksHaveTheirOwnVariables)
{
    FakeDevice device;
    EXPECT_EQ(run_io(device,
                     "alloc 1 9; background { free $; background { sleep 0; free $ }; join }"
                     "; join; alloc 1 9; fork { free $ }",
                     {.keep_going = true})
                  .out,
              "alloc: 5\nfree: 0\nsleep: 0\nfree: error ENOENT\njoin: 1\njoin: 1\nalloc: 6\n"
              "free: 0\n");
    const IoRun run = run_io(device, "background { free 999; info }; join; info");
    EXPECT_FALSE(run.good);
    EXPECT_EQ(run.out, "free: error ENOENT\njoin: 1\n");
    EXPECT_EQ(run_io(device, "background { info }", {.quiet = true}).out, "");
}

TEST(Io, ErrorsNameThePlaceAndTheRemedy)
{
    EXPECT_EQ(parse_error("info\n  alocc 1"), "test:2:3: unknown command 'alocc'; see "
                                              "ioasid-io --help");
    EXPECT_EQ(parse_error("alloc 1"),
              "test:1:1: 'alloc' needs more arguments; write alloc MIN MAX");
    EXPECT_EQ(parse_error("spid 5"), "test:1:6: 'spid 5' is unknown; write spid attach ID SPID | "
                                     "spid detach ID");
    EXPECT_EQ(parse_error("table"), "test:1:1: 'table' needs more arguments; write table bind IOAS "
                                    "ROOT | table unbind IOAS");
    EXPECT_EQ(parse_error("ioas pages"), "test:1:6: 'pages' is not kernel, user, process or kvm; "
                                         "write kernel, user, process or kvm");
    EXPECT_EQ(parse_error("ioas kernel snoop snoop"),
              "test:1:19: 'snoop' is given twice; remove it");
    EXPECT_EQ(parse_error("info 1"), "test:1:6: unexpected '1'; end the previous command "
                                     "with ';' or a newline");
    for (const char *bad : {"free -1",
                            "free 0x",
                            "free 4294967296",
                            "free 1x",
                            "dma sim0 1 read bufx 1",
                            "dma sim0 1 read buf+ 1",
                            "dma sim0 1 copy buf 1",
                            "sleep x",
                            "sleep -1",
                            "repeat 2",
                            "repeat 2 { info",
                            "}",
                            "fork info",
                            "spid attach 1",
                            "spid detach 1 2",
                            "repeat { }",
                            "fork { } info",
                            "dma sim0 1 read 0 1 0",
                            "dma sim0 1 read 0 1 buf+0x100000",
                            "dma sim0 @ read 0 1",
                            "free -",
                            "device",
                            "extension x",
                            "extension",
                            "ioas",
                            "ioas user",
                            "ioas user $",
                            "ioas kernel 1",
                            "ioas kernel range 1",
                            "ioas kernel range 1 x",
                            "ioas kernel format x",
                            "ioas kernel replace",
                            "ioas-free",
                            "ioas-free $",
                            "ranges buf",
                            "map @ buf 1 rw",
                            "map @ 0 1",
                            "map @ 0 1 execute",
                            "map @ 0 1 rw bux",
                            "unmap @ 0",
                            "unmap @ all 1",
                            "unmap all",
                            "store 8 1",
                            "store buf",
                            "store buf+4 1",
                            "store buf+0x100000 1",
                            "load buf+1",
                            "load",
                            "table unbind @ 0",
                            "table bind @",
                            "invalidate @",
                            "invalidate @ 0",
                            "invalidate @ 0 1 2",
                            "invalidate @ all all",
                            "attach sim0",
                            "attach sim0 @ spid",
                            "attach sim0 @ spid $",
                            "attach sim0 @ -",
                            "attach sim0 @ 1 spid 1",
                            "attach sim0 @ replace 1",
                            "detach",
                            "detach sim0 replace",
                            "fault x",
                            "fault -1",
                            "respond last",
                            "respond last maybe",
                            "respond @ retry",
                            "background",
                            "background { info",
                            "join 1"})
        EXPECT_NE(parse_error(bad), "no error") << bad;
    EXPECT_EQ(parse_error("dma sim0 $ write buf+0x10 1;;\n#x\nfork{info}"), "no error");
    EXPECT_EQ(parse_error("ioas kernel;attach sim0 @ 1 replace;attach sim0 1 replace;background{}"),
              "no error");
    EXPECT_NE(parse_error(std::string(1000, '{')), "no error");
    std::string deep;
    for (int i = 0; i < 1000; i++)
        deep += "fork { ";
    EXPECT_NE(parse_error(deep), "no error");
}

} // namespace pasid::test
