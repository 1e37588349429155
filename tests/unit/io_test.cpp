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
    out.flush();
    return {good, sink.text()};
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

TEST(Io, ErrorsNameThePlaceAndTheRemedy)
{
    EXPECT_EQ(parse_error("info\n  alocc 1"), "test:2:3: unknown command 'alocc'; see "
                                              "ioasid-io --help");
    EXPECT_EQ(parse_error("alloc 1"),
              "test:1:1: 'alloc' needs more arguments; write alloc MIN MAX");
    EXPECT_EQ(parse_error("info 1"), "test:1:6: unexpected '1'; end the previous command "
                                     "with ';' or a newline");
    for (const char *bad :
         {"free -1", "free 0x", "free 4294967296", "free 1x", "dma sim0 1 read bufx 1",
          "dma sim0 1 read buf+ 1", "dma sim0 1 copy buf 1", "sleep x", "sleep -1", "repeat 2",
          "repeat 2 { info", "}", "fork info", "spid attach 1", "spid detach 1 2", "repeat { }",
          "fork { } info"})
        EXPECT_NE(parse_error(bad), "no error") << bad;
    EXPECT_EQ(parse_error("dma sim0 $ write buf+0x10 1;;\n#x\nfork{info}"), "no error");
    EXPECT_NE(parse_error(std::string(1000, '{')), "no error");
    std::string deep;
    for (int i = 0; i < 1000; i++)
        deep += "fork { ";
    EXPECT_NE(parse_error(deep), "no error");
}

} // namespace pasid::test
