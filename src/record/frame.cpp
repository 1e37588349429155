// SPDX-License-Identifier: GPL-2.0-only
#include "record/frame.hpp"

#include <array>
#include <cstring>

#include "record/rows.hpp"

namespace pasid::record {

namespace {

// Keys of a frame; in CBOR one letter is as short as a small number.
constexpr const char *key_time = "t";
constexpr const char *key_system = "s";
constexpr const char *key_policy = "p";
constexpr const char *key_strings = "w";
constexpr const char *key_events = "e";
constexpr const char *key_changed = "c"; // by kind: new or different rows
constexpr const char *key_gone = "g";    // by kind: IDs of removed rows

Cell time_of(const Snapshot &snapshot)
{
    return {snapshot.parts, snapshot.mono_ns, snapshot.wall_ns, snapshot.ioasids_cut};
}

void set_time(Snapshot &snapshot, const Cell &cell)
{
    snapshot.parts = cell.at(0);
    snapshot.mono_ns = cell.at(1);
    snapshot.wall_ns = cell.at(2);
    snapshot.ioasids_cut = cell.at(3);
}

Cell system_of(const System &row)
{
    return {row.version, row.live,    row.capacity,        row.sets,       row.pasid_bits,
            row.events,  row.denials, row.policy_attached, row.fail_closed};
}

System to_system(const Cell &cell)
{
    System row;
    row.version = cell.at(0);
    row.live = cell.at(1);
    row.capacity = cell.at(2);
    row.sets = cell.at(3);
    row.pasid_bits = cell.at(4);
    row.events = cell.at(5);
    row.denials = cell.at(6);
    row.policy_attached = cell.at(7);
    row.fail_closed = cell.at(8);
    return row;
}

Cell policy_of(const Snapshot &snapshot)
{
    return {snapshot.policy_generation, snapshot.policy.rules, snapshot.policy.audit};
}

void set_policy(Snapshot &snapshot, const Cell &cell)
{
    snapshot.policy_generation = cell.at(0);
    snapshot.policy.rules = cell.at(1).get<std::vector<std::string>>();
    snapshot.policy.audit = cell.at(2);
}

// Adds rows of @now that are new or different, and IDs of rows that are gone.
void put_difference(const Rows &before, const Rows &now, Cell &changed, Cell &gone)
{
    for (const auto &[id, row] : now) {
        const auto old = before.find(id);
        if (old == before.end() || old->second != row)
            changed.push_back({id, row});
    }
    for (const auto &[id, row] : before)
        if (!now.contains(id))
            gone.push_back(id);
}

void apply_difference(Rows &rows, const Cell &changed, const Cell &gone)
{
    for (const Cell &id : gone)
        rows.erase(id.get<std::vector<std::uint64_t>>());
    for (const Cell &row : changed)
        rows.insert_or_assign(row.at(0).get<std::vector<std::uint64_t>>(), row.at(1));
}

} // namespace

std::uint32_t Strings::number(const std::string &text)
{
    const auto [at, is_new] = numbers_.emplace(text, static_cast<std::uint32_t>(numbers_.size()));
    if (is_new)
        new_.push_back(text);
    return at->second;
}

const std::string &Strings::text(std::uint32_t number) const { return texts_.at(number); }

void Strings::add(const std::string &text) { texts_.push_back(text); }

void Strings::clear()
{
    numbers_.clear();
    texts_.clear();
    new_.clear();
}

std::vector<std::uint8_t> Encoder::encode(const Frame &frame, bool key)
{
    if (key || rows_.empty()) {
        strings_.clear();
        rows_.assign(kinds().size(), {});
        key = true;
    }
    Cell changed = Cell::array(), gone = Cell::array();
    for (std::size_t i = 0; i < kinds().size(); i++) {
        Rows now;
        kinds()[i].pack(frame.snapshot, strings_, now);
        Cell rows = Cell::array(), ids = Cell::array();
        put_difference(rows_[i], now, rows, ids);
        changed.push_back(std::move(rows));
        gone.push_back(std::move(ids));
        rows_[i] = std::move(now);
    }
    Cell events = Cell::array();
    for (const Event &event : frame.events)
        events.push_back(pack_event(event, strings_));

    const Cell whole{{key_time, time_of(frame.snapshot)},
                     {key_system, system_of(frame.snapshot.system)},
                     {key_policy, policy_of(frame.snapshot)},
                     {key_strings, strings_.take_new()},
                     {key_events, std::move(events)},
                     {key_changed, std::move(changed)},
                     {key_gone, std::move(gone)}};
    std::vector<std::uint8_t> bytes(frame_header_size);
    Cell::to_cbor(whole, bytes);
    const FrameHeader head{static_cast<std::uint32_t>(bytes.size() - frame_header_size), key,
                           frame.snapshot.wall_ns};
    std::memcpy(bytes.data(), &head, frame_header_size);
    return bytes;
}

// The library throws exceptions for invalid CBOR and unexpected types.
Result<Frame> Decoder::decode(std::span<const std::uint8_t> cbor, bool key)
{
    try {
        const Cell whole = Cell::from_cbor(cbor.begin(), cbor.end());
        if (key || rows_.empty()) {
            strings_.clear();
            rows_.assign(kinds().size(), {});
        }
        for (const Cell &text : whole.at(key_strings))
            strings_.add(text.get<std::string>());
        Frame frame;
        set_time(frame.snapshot, whole.at(key_time));
        frame.snapshot.system = to_system(whole.at(key_system));
        set_policy(frame.snapshot, whole.at(key_policy));
        for (std::size_t i = 0; i < kinds().size(); i++) {
            apply_difference(rows_[i], whole.at(key_changed).at(i), whole.at(key_gone).at(i));
            kinds()[i].unpack(rows_[i], strings_, frame.snapshot);
        }
        for (const Cell &event : whole.at(key_events))
            frame.events.push_back(unpack_event(event, strings_));
        return frame;
    } catch (const UnknownEvent &event) {
        return Error{"cannot read the recording",
                     std::string("this version of pasidctl does not support its events `") +
                         event.what() + "`: use the version that recorded it",
                     "", 0, Exit::usage};
    } catch (const std::exception &) {
        return Error{"cannot read the recording", "the file is damaged", "", 0, Exit::usage};
    }
}

} // namespace pasid::record
