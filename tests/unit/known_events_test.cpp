// SPDX-License-Identifier: GPL-2.0
// What is made once for many events: it must be the same as if made for each.
#include <cstring>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes.hpp"
#include "lib/known_events.hpp"
#include "render/fields.hpp"
#include "render/json.hpp"

namespace pasid::test {

TEST(KnownEvents, DifferInNothingButTimeNumberPasidAndValue)
{
    KnownEvents known(4);
    const ioasid_event event = make_event(IOASID_EVENT_DENY, 5);
    const std::size_t place = known.place(event);
    EXPECT_FALSE(known.has(place, event));
    known.keep(place, event);

    ioasid_event like = event;
    like.ts_ns = like.seq = like.value = 99;
    like.pasid = 99;
    EXPECT_EQ(known.place(like), place);
    EXPECT_TRUE(known.has(place, like));

    const auto varies = [&](std::size_t byte) {
        ioasid_event other = event;
        reinterpret_cast<unsigned char *>(&other)[byte] ^= 1;
        return known.has(place, other);
    };
    const auto within = [](std::size_t byte, std::size_t at, std::size_t size) {
        return byte >= at && byte < at + size;
    };
    for (std::size_t byte = 0; byte < sizeof(event); byte++)
        EXPECT_EQ(varies(byte), within(byte, offsetof(ioasid_event, ts_ns), 8) ||
                                    within(byte, offsetof(ioasid_event, seq), 8) ||
                                    within(byte, offsetof(ioasid_event, value), 8) ||
                                    within(byte, offsetof(ioasid_event, pasid), 4))
            << byte;
    known.forget(place);
    EXPECT_FALSE(known.has(place, event));
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

// A field that is taken from the outline although it varies would be the first event's.
TEST(Json, AnOutlineHasNothingOfWhatVaries)
{
    JsonRows<Event> rows;
    for (unsigned type = 0; type < IOASID_NR_EVENTS; type++) {
        Event event = full_event(static_cast<ioasid_event_type>(type));
        const auto outline = rows.outline(event);
        event.ts_ns = 123'456'789'012'345;
        event.seq = 18'446'744'073'709'551'615u;
        event.value = IOASID_POLICY_REMOVED;
        for (const std::optional<std::uint32_t> pasid : {std::optional(77u), {}}) {
            event.pasid = pasid;
            Event varying;
            varying.type = event.type;
            varying.ts_ns = event.ts_ns;
            varying.seq = event.seq;
            varying.value = event.value;
            varying.pasid = event.pasid;
            std::string text;
            rows.append(text, outline, varying);
            EXPECT_EQ(text, json_text(to_json(event)));
        }
    }
}

// docs/json.schema.json says of each field what the field says of itself.
template <class Row> void expect_documented(const Json &schema, const char *noun)
{
    std::vector<std::string> documented, described;
    for (const auto &[key, property] : schema["$defs"][noun]["properties"].items())
        documented.push_back(key + ": " + property.value("description", ""));
    for (const Field<Row> &field : fields<Row>())
        if (field.in_json())
            described.push_back(std::string(field.key) + ": " + std::string(field.help));
    EXPECT_EQ(documented, described) << noun;
}

TEST(Json, IsDocumented)
{
    std::ifstream file(PASID_SOURCE "/docs/json.schema.json");
    const Json schema = Json::parse(file);
    expect_documented<Ioasid>(schema, "ioasid");
    expect_documented<Binding>(schema, "binding");
    expect_documented<Process>(schema, "process");
    expect_documented<CgroupUsage>(schema, "cgroup-usage");
    expect_documented<Device>(schema, "device");
    expect_documented<System>(schema, "system");
    expect_documented<Event>(schema, "event");

    const auto expect_command = [&](const std::string &name) {
        EXPECT_TRUE(schema["commands"].contains(name)) << name;
    };
    for (const CommandRow &row : command_table()) {
        if (row.name == "metrics" || row.name == "completion") // print no JSON
            continue;
        if (row.children.empty())
            expect_command(std::string(row.name));
        for (const CommandRow &child : row.children)
            expect_command(std::string(row.name) + " " + std::string(child.name));
    }
}

} // namespace pasid::test
