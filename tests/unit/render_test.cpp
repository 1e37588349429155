// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes.hpp"
#include "render/fields.hpp"
#include "render/json.hpp"
#include "render/sort.hpp"
#include "render/table.hpp"

namespace pasid::test {

using testing::ElementsAre;

TEST(Value, Counted)
{
    EXPECT_EQ(counted(0, "rule"), "0 rules");
    EXPECT_EQ(counted(1, "rule"), "1 rule");
    EXPECT_EQ(counted(1000, "event", "1,000"), "1,000 events");
}

TEST(Value, DurationsFitSixColumns)
{
    const std::pair<std::uint64_t, const char *> cases[]{
        {0, "0ns"},
        {999, "999ns"},
        {1'000, "1us"},
        {999'999, "999us"},
        {1'000'000, "1ms"},
        {999'999'999, "999ms"},
        {1'000'000'000, "1.0s"},
        {59'999'999'999, "59.9s"},
        {60'000'000'000, "1m00s"},
        {3'599'000'000'000, "59m59s"},
        {3'600'000'000'000, "1h00m"},
        {86'400'000'000'000, "1d00h"},
        {8'640'000'000'000'000, "100d"},
    };
    for (const auto &[ns, text] : cases) {
        EXPECT_EQ(duration_text(ns), text);
        EXPECT_LE(duration_text(ns).size(), 6u);
    }
}

TEST(Value, Bytes)
{
    const std::pair<std::uint64_t, const char *> cases[]{
        {0, "0"},
        {1023, "1023"},
        {4096, "4K"},
        {0x4000, "16K"},
        {1024 * 1024 - 1, "1023.9K"},
        {5ull << 19, "2.5M"},
        {1ull << 40, "1T"},
        {~0ull, "15.9E"},
    };
    for (const auto &[bytes, text] : cases) {
        EXPECT_EQ(bytes_text(bytes), text);
        EXPECT_LE(bytes_text(bytes).size(), 7u);
    }
}

TEST(Value, NamesOfOthersCannotReachTheTerminal)
{
    EXPECT_EQ(printable("a\033[2Jb\n\x7f"), R"($'a\x1b[2Jb\x0a\x7f')");
    EXPECT_EQ(printable("caf\xc3\xa9 \xff \xc3"), "$'caf\xc3\xa9 \\xff \\xc3'");
    EXPECT_EQ(printable("\xc2\x9b"), R"($'\u009b')") << "C1 control: CSI";
    EXPECT_EQ(printable("/a\\x2db"), "/a\\x2db") << "a unit's name as systemd writes it";
    EXPECT_EQ(printable("a\xe2\x80\x8d\xe2\x80\xae"
                        "b"),
              R"($'a\u200d\u202eb')");
    EXPECT_NE(printable("/x\x01"), printable("/x\x02"));
    EXPECT_EQ(printable(printable("/x\x01")), printable("/x\x01"));
    EXPECT_EQ(to_text(Value{std::string("x\ty")}, Unit::none), R"($'x\x09y')");
}

TEST(Value, CutsKeepTheWidth)
{
    EXPECT_EQ(cut_to("/machine.slice/vm", 8, Cut::start), "…lice/vm");
    EXPECT_EQ(cut_to("/machine.slice/vm", 8, Cut::end), "/machin…");
    EXPECT_EQ(cut_to("/machine.slice/vm", 8, Cut::end, true), "/machin~");
    EXPECT_EQ(cut_to("short", 8, Cut::end), "short");
    EXPECT_EQ(cut_to("any", 0, Cut::end), "");
}

TEST(Table, FlexibleColumnsGiveWayTheWidestFirst)
{
    const std::vector<Column> columns{{"ID", Align::right, {}, Cut::end},
                                      {"PATH", Align::left, {6, 0, true}, Cut::start},
                                      {"NAME", Align::left, {4, 0, true}, Cut::end}};
    const std::vector<int> natural{3, 20, 8};
    EXPECT_THAT(fit_widths(columns, natural, 0), ElementsAre(3, 20, 8));
    EXPECT_THAT(fit_widths(columns, natural, 23), ElementsAre(3, 10, 8));
    EXPECT_THAT(fit_widths(columns, natural, 17), ElementsAre(3, 6, 6));
    EXPECT_THAT(fit_widths(columns, natural, 10), ElementsAre(3, 6, 4)) << "not below the minimum";
}

TEST(Table, ListIsAligned)
{
    Sink sink;
    {
        Output out(sink.fd());
        Ioasid row;
        row.pasid = 5;
        row.comm = "qemu";
        row.cgroup = "/vms/a";
        row.devices = {"sim0", "sim1"};
        Ioasid other = row;
        other.pasid = 1048575;
        other.devices.clear();
        const std::vector<Ioasid> rows{row, other};
        print_table(out, by_title<Ioasid>({"PASID", "COMM", "CGROUP", "DEVICES"}),
                    std::span<const Ioasid>(rows), Terminal{});
    }
    EXPECT_EQ(sink.text(), "  PASID COMM CGROUP DEVICES\n"
                           "      5 qemu /vms/a sim0,sim1\n"
                           "1048575 qemu /vms/a -\n");
}

TEST(Table, ColourOnlyWhereItIsWanted)
{
    Terminal terminal;
    EXPECT_EQ(tone_on(terminal, Tone::bad), "");
    terminal.color = true;
    EXPECT_EQ(tone_on(terminal, Tone::bad), "\033[31m");
    EXPECT_EQ(tone_off(terminal, Tone::plain), "");
}

Event deny_event()
{
    Event event;
    event.type = IOASID_EVENT_DENY;
    event.op = IOASID_OP_ALLOC;
    event.error = -EDQUOT;
    event.pid = 100;
    event.tid = 101;
    event.comm = "qemu";
    event.cgroup = "/vms/a";
    event.rule = "vms";
    event.limit_cgroup = "/vms";
    return event;
}

std::string stream_row(const Event &event, int width)
{
    Terminal terminal;
    terminal.tty = true;
    terminal.width = width;
    const auto list =
        by_title<Event>({"TIME", "PASID", "EVENT", "PID", "COMM", "CGROUP", "DEVICE", "RESULT"});
    const StreamTable table(columns_of(list), terminal);
    EXPECT_LE(display_width(table.header()), width);
    return table.row(cells_of(list, event), Tone::plain).substr(12);
}

TEST(Stream, A80ColumnTerminalLosesNothingOfADenial)
{
    EXPECT_EQ(stream_row(deny_event(), 80),
              "       - deny              100 qemu     /vms/a       -      EDQUOT\n"
              "             alloc by vms at /vms");
    EXPECT_EQ(stream_row(deny_event(), 130).find('\n'), std::string::npos);
}

TEST(Json, DenyHasItsKeysInOrder)
{
    EXPECT_EQ(json_text(to_json(deny_event())),
              R"({"ts_ns":0,"seq":0,"event":"deny","pasid":null,"pid":100,"tid":101,)"
              R"("comm":"qemu","cgroup":"/vms/a","device":null,"result":"EDQUOT","errno":122,)"
              R"("op":"alloc","rule":"vms","limit_cgroup":"/vms","mode":"enforce"})");
}

Event full_event(ioasid_event_type type)
{
    Event event;
    event.type = type;
    event.op = IOASID_OP_BIND;
    event.pid = 100;
    event.tid = 101;
    event.comm = "qe\"mu";
    event.cgroup = "/a";
    event.limit_cgroup = event.from_cgroup = "/";
    event.rule = "r";
    event.device = "sim0";
    event.error = -EPERM;
    event.where = "ringbuf";
    return event;
}

// Writing a row as text gives the same as converting it to JSON first.
template <class Row> void expect_written_as_its_tree(const Row &row)
{
    JsonText text;
    text.put_row(row);
    EXPECT_EQ(text.text(), json_text(to_json(row)));
}

TEST(Json, ARowIsWrittenAsItsTree)
{
    for (unsigned type = 0; type < IOASID_NR_EVENTS; type++) {
        Event event = full_event(static_cast<ioasid_event_type>(type));
        expect_written_as_its_tree(event);
        event.ts_ns = 123'456'789'012'345;
        event.seq = event.value = 18'446'744'073'709'551'615u;
        event.pasid = event.spid = 77;
        event.stack = EventStack{{"ioctl+0x10", "\"quoted\""}, {}};
        expect_written_as_its_tree(event);
    }
    Ioasid ioasid;
    for (const char *name :
         {"", "plain ~", "\"", "\\", "a\nb", "\x01", "\x7f", "\xc3\xa9", "\xff\xfe"}) {
        ioasid.comm = name;
        ioasid.devices = {name, "sim0"};
        expect_written_as_its_tree(ioasid);
    }
    expect_written_as_its_tree(System{});
    expect_written_as_its_tree(Space{});
    expect_written_as_its_tree(Process{});
    for (const Value &value : {Value{1.0}, Value{0.1}, Value{1e300}, Value{std::int64_t{-5}},
                               Value{true}, Value{Null{}}}) {
        JsonText text;
        text.put_value(value);
        EXPECT_EQ(text.text(), json_text(json_value(value)));
    }
}

TEST(Json, EachTypeOfEventHasOnlyItsOwnKeys)
{
    Event event;
    event.type = IOASID_EVENT_FAULT;
    event.value = 0x1000;
    Json json = to_json(event);
    EXPECT_EQ(json["iova"], 0x1000);
    EXPECT_FALSE(json.contains("duration_ns"));
    EXPECT_FALSE(json.contains("op"));
    event.type = IOASID_EVENT_UNBIND;
    json = to_json(event);
    EXPECT_EQ(json["duration_ns"], 0x1000);
    EXPECT_FALSE(json.contains("iova"));
    event.type = IOASID_EVENT_LOST;
    event.where = "ringbuf";
    json = to_json(event);
    EXPECT_EQ(json["count"], 0x1000);
    EXPECT_EQ(json["where"], "ringbuf");
    EXPECT_TRUE(json["seq"].is_null());
}

// Of the types of events that address spaces have.
struct SpaceEvent {
    ioasid_event_type type;
    const char *detail;
    const char *json; // what follows errno
};

TEST(Json, EventsOfAddressSpaces)
{
    const SpaceEvent cases[]{
        {IOASID_EVENT_ATTACH, "ok ioas 3", R"("ioas":3)"},
        {IOASID_EVENT_DETACH, "ok 1ms ioas 3", R"("duration_ns":1048576,"ioas":3)"},
        {IOASID_EVENT_MAP, "ok 0x100000 +16K ioas 3", R"("iova":1048576,"length":16384,"ioas":3)"},
        {IOASID_EVENT_UNMAP, "ok 0x100000 +16K ioas 3",
         R"("iova":1048576,"length":16384,"ioas":3)"},
        {IOASID_EVENT_PAGE_REQUEST, "ok 0x100000 not_present ioas 3",
         R"("iova":1048576,"ioas":3,"reason":"not_present")"},
        {IOASID_EVENT_PAGE_RESPONSE, "ok 0x100000 ioas 3", R"("iova":1048576,"ioas":3)"},
        {IOASID_EVENT_INVALIDATE, "ok 0x100000 +16K ioas 3",
         R"("iova":1048576,"length":16384,"ioas":3)"},
    };
    for (const SpaceEvent &each : cases) {
        Event event;
        event.type = each.type;
        event.value = 0x100000;
        event.ioas = 3;
        if (each.type == IOASID_EVENT_PAGE_REQUEST)
            event.reason = IOASID_FAULT_NOT_PRESENT;
        event.length = 0x4000;
        const std::string json = json_text(to_json(event));
        EXPECT_EQ(json.substr(json.find("\"errno\":0,") + 10), std::string(each.json) + "}");
        EXPECT_EQ(by_title<Event>({"RESULT"})[0]->text(event), each.detail);
    }
    Event fault;
    fault.type = IOASID_EVENT_FAULT;
    fault.error = -EFAULT;
    fault.value = 0x5000;
    EXPECT_EQ(by_title<Event>({"RESULT"})[0]->text(fault), "EFAULT 0x5000");
    EXPECT_TRUE(to_json(fault)["ioas"].is_null());
    EXPECT_TRUE(to_json(fault)["reason"].is_null());
    fault.reason = IOASID_FAULT_TABLE_ADDRESS;
    EXPECT_EQ(by_title<Event>({"RESULT"})[0]->text(fault), "EFAULT 0x5000 table_address");
    EXPECT_EQ(to_json(fault)["reason"], "table_address");
    fault.reason = 200; // of a newer module
    EXPECT_EQ(to_json(fault)["reason"], "?");
    Event all;
    all.type = IOASID_EVENT_INVALIDATE;
    all.length = ~0ull;
    all.ioas = 4;
    EXPECT_EQ(by_title<Event>({"RESULT"})[0]->text(all), "ok 0x0 all ioas 4");
}

TEST(Json, ListHasTheDocumentedKeys)
{
    const Json json = to_json(Ioasid{});
    for (const char *key :
         {"pasid", "spid", "state", "set", "refs", "pid", "comm", "cgroup", "devices", "age_ns"})
        EXPECT_TRUE(json.contains(key)) << key;
    EXPECT_TRUE(json["spid"].is_null());
    EXPECT_TRUE(json["devices"].is_array());
}

TEST(Json, CgroupHasTheDocumentedKeys)
{
    const Json json = to_json(CgroupUsage{});
    for (const char *key : {"cgroup", "rule", "mode", "max", "current", "peak", "denied_here",
                            "denied_asked", "would_deny"})
        EXPECT_TRUE(json.contains(key)) << key;
    EXPECT_TRUE(json["max"].is_null());
}

TEST(Json, BrokenUtf8StaysValidJson)
{
    Ioasid row;
    row.comm = "\xff\xfe";
    EXPECT_TRUE(Json::accept(json_text(to_json(row))));
}

TEST(Json, ArrayIsOneRowALine)
{
    Sink sink;
    {
        Output out(sink.fd());
        const std::vector<Ioasid> rows(3);
        print_json_array(out, std::span<const Ioasid>(rows));
        print_json_array(out, std::span<const Ioasid>());
    }
    const std::string text = sink.text();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
    EXPECT_EQ(Json::parse(text.substr(0, text.rfind("[]"))).size(), 3u);
}

TEST(Sort, NumbersAsNumbersAndNoneFirst)
{
    std::vector<Ioasid> rows(3);
    rows[0].pasid = 10;
    rows[1].pasid = 9;
    rows[2].pasid = 11;
    rows[1].spid = 1;
    sort_rows(rows, *find_field<Ioasid>("pasid"));
    EXPECT_EQ(rows.front().pasid, 9u);
    sort_rows(rows, *find_field<Ioasid>("pasid"), true);
    EXPECT_EQ(rows.front().pasid, 11u);
    sort_rows(rows, *find_field<Ioasid>("spid"));
    EXPECT_EQ(rows.back().pasid, 9u);
}

TEST(Output, NothingMoreAfterTheReaderLeft)
{
    int pipe_fds[2];
    ASSERT_EQ(pipe(pipe_fds), 0);
    ::close(pipe_fds[0]);
    signal(SIGPIPE, SIG_IGN);
    Output out(pipe_fds[1]);
    out.line("x");
    out.flush();
    EXPECT_FALSE(out.good());
    EXPECT_EQ(out.error(), EPIPE);
    ::close(pipe_fds[1]);
}

} // namespace pasid::test
