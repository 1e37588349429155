// SPDX-License-Identifier: GPL-2.0-only
// An age is stored as its start time, so that a row without changes is equal in all frames and
// takes no space.
#include "record/rows.hpp"

#include <array>
#include <optional>
#include <type_traits>

#include "model/names.hpp"

namespace pasid::record {

namespace {

// One member list serves both writing and reading. Strings are stored as numbers, missing values as
// null.
class Writer {
  public:
    static constexpr bool writes = true;

    Writer(Strings &strings, std::uint64_t mono_ns) : strings_(strings), mono_ns_(mono_ns) {}
    Cell take() { return std::move(cell_); }

    template <class... T> void operator()(const T &...values)
    {
        (cell_.push_back(cell_of(values)), ...);
    }
    // Signed, because something may be older than the clock.
    void age(std::uint64_t ns) { (*this)(static_cast<std::int64_t>(mono_ns_ - ns)); }

  private:
    Cell cell_of(const std::string &text) { return strings_.number(text); }
    Cell cell_of(ioasid_event_type type) { return cell_of(std::string(event_name(type))); }
    template <class T> Cell cell_of(const T &value)
    {
        if constexpr (std::is_enum_v<T>)
            return static_cast<std::underlying_type_t<T>>(value);
        else
            return value;
    }
    template <class T> Cell cell_of(const std::optional<T> &value)
    {
        return value ? cell_of(*value) : Cell();
    }
    template <class T> Cell cell_of(const std::vector<T> &values)
    {
        Cell list = Cell::array();
        for (const T &value : values)
            list.push_back(cell_of(value));
        return list;
    }
    Cell cell_of(const Attachment &row)
    {
        return Cell::array({cell_of(row.device), cell_of(row.pasid)});
    }

    Strings &strings_;
    std::uint64_t mono_ns_;
    Cell cell_ = Cell::array();
};

class Reader {
  public:
    static constexpr bool writes = false;

    Reader(const Cell &cell, const Strings &strings, std::uint64_t mono_ns)
        : cell_(cell), strings_(strings), mono_ns_(mono_ns)
    {
    }

    template <class... T> void operator()(T &...values) { (read(cell_.at(at_++), values), ...); }
    void age(std::uint64_t &ns)
    {
        std::int64_t since = 0;
        (*this)(since);
        ns = mono_ns_ - static_cast<std::uint64_t>(since);
    }

  private:
    void read(const Cell &cell, std::string &text) const { text = strings_.text(cell); }
    void read(const Cell &cell, ioasid_event_type &type) const
    {
        const auto known = event_type(strings_.text(cell));
        if (!known)
            throw UnknownEvent(strings_.text(cell));
        type = static_cast<ioasid_event_type>(*known);
    }
    template <class T> void read(const Cell &cell, T &value) const
    {
        if constexpr (std::is_enum_v<T>)
            value = static_cast<T>(cell.get<std::underlying_type_t<T>>());
        else
            value = cell.get<T>();
    }
    template <class T> void read(const Cell &cell, std::optional<T> &value) const
    {
        if (cell.is_null()) {
            value = std::nullopt;
            return;
        }
        T present{};
        read(cell, present);
        value = std::move(present);
    }
    template <class T> void read(const Cell &cell, std::vector<T> &values) const
    {
        for (const Cell &each : cell)
            read(each, values.emplace_back());
    }
    void read(const Cell &cell, Attachment &row) const
    {
        read(cell.at(0), row.device);
        read(cell.at(1), row.pasid);
    }

    const Cell &cell_;
    const Strings &strings_;
    std::uint64_t mono_ns_;
    std::size_t at_ = 0;
};

// The same for IDs. If rows have a meaningful order, their position is part of the ID.
class IdWriter {
  public:
    static constexpr bool writes = true;

    explicit IdWriter(std::size_t place) : place_(place) {}
    std::vector<std::uint64_t> take() { return std::move(id_); }

    template <class... T> void operator()(T... numbers) { (id_.push_back(numbers), ...); }
    void place() { id_.push_back(place_); }

  private:
    std::size_t place_;
    std::vector<std::uint64_t> id_;
};

class IdReader {
  public:
    static constexpr bool writes = false;

    explicit IdReader(const std::vector<std::uint64_t> &id) : id_(id) {}

    template <class... T> void operator()(T &...numbers)
    {
        ((numbers = static_cast<T>(id_.at(at_++))), ...);
    }
    void place() { at_++; }

  private:
    const std::vector<std::uint64_t> &id_;
    std::size_t at_ = 0;
};

template <class Codec, class Row>
using RowRef = std::conditional_t<Codec::writes, const Row, Row> &;

template <class Codec> void identity(Codec &codec, RowRef<Codec, Ioasid> row) { codec(row.pasid); }

template <class Codec> void members(Codec &codec, RowRef<Codec, Ioasid> row)
{
    codec(row.spid, row.state, row.set, row.refs, row.pid, row.uid, row.comm, row.cgroup_id,
          row.cgroup, row.devices);
    codec.age(row.age_ns);
    codec.age(row.unused_ns);
}

template <class Codec> void identity(Codec &codec, RowRef<Codec, Binding> row)
{
    codec(row.pasid, row.device_id);
}

template <class Codec> void members(Codec &codec, RowRef<Codec, Binding> row)
{
    codec(row.device, row.pid, row.comm, row.cgroup);
    codec.age(row.age_ns);
    codec(row.faults, row.ioas, row.kind);
}

template <class Codec> void identity(Codec &codec, RowRef<Codec, Device> row) { codec(row.id); }

template <class Codec> void members(Codec &codec, RowRef<Codec, Device> row)
{
    codec(row.name, row.backend, row.bindings, row.pasid_bits, row.dmas, row.faults, row.caps);
}

// Sorted by path.
template <class Codec> void identity(Codec &codec, RowRef<Codec, CgroupUsage> row)
{
    codec.place();
    codec(row.cgroup_id);
}

template <class Codec> void members(Codec &codec, RowRef<Codec, CgroupUsage> row)
{
    codec(row.cgroup, row.depth, row.rule, row.mode, row.max, row.current, row.peak,
          row.denied_here, row.denied_asked, row.would_deny);
}

template <class Codec> void identity(Codec &codec, RowRef<Codec, Process> row) { codec(row.pid); }

template <class Codec> void members(Codec &codec, RowRef<Codec, Process> row)
{
    codec(row.uid, row.comm, row.cgroup, row.pasids, row.active, row.free_pending, row.bindings);
    codec.age(row.oldest_ns);
}

template <class Codec> void identity(Codec &codec, RowRef<Codec, Space> row) { codec(row.number); }

template <class Codec> void members(Codec &codec, RowRef<Codec, Space> row)
{
    codec(row.ioas, row.kind, row.format, row.parent, row.mapped, row.attached, row.devices,
          row.flags, row.set, row.pid, row.uid, row.comm, row.cgroup);
    codec.age(row.age_ns);
}

template <class Codec> void members(Codec &codec, RowRef<Codec, Event> event)
{
    codec(event.ts_ns, event.wall_ns, event.seq, event.type, event.op, event.mode, event.pasid,
          event.spid, event.pid, event.tid, event.comm, event.cgroup_id, event.cgroup,
          event.limit_cgroup, event.from_cgroup, event.rule, event.device, event.error, event.value,
          event.length, event.ioas, event.reason, event.where);
}

template <auto list> void pack(const Snapshot &snapshot, Strings &strings, Rows &rows)
{
    for (const auto &row : snapshot.*list) {
        IdWriter id(rows.size());
        identity(id, row);
        Writer writer(strings, snapshot.mono_ns);
        members(writer, row);
        rows.emplace(id.take(), writer.take());
    }
}

template <auto list> void unpack(const Rows &rows, const Strings &strings, Snapshot &snapshot)
{
    for (const auto &[id, cell] : rows) {
        auto &row = (snapshot.*list).emplace_back();
        IdReader reader(id);
        identity(reader, row);
        Reader members_reader(cell, strings, snapshot.mono_ns);
        members(members_reader, row);
    }
}

template <auto list> constexpr RowKind kind_of_row{pack<list>, unpack<list>};

constexpr std::array all_kinds{
    kind_of_row<&Snapshot::ioasids>,   kind_of_row<&Snapshot::bindings>,
    kind_of_row<&Snapshot::devices>,   kind_of_row<&Snapshot::cgroups>,
    kind_of_row<&Snapshot::processes>, kind_of_row<&Snapshot::spaces>,
};

} // namespace

std::span<const RowKind> kinds() { return all_kinds; }

Cell pack_event(const Event &event, Strings &strings)
{
    Writer writer(strings, 0);
    members(writer, event);
    return writer.take();
}

Event unpack_event(const Cell &cell, const Strings &strings)
{
    Event event;
    Reader reader(cell, strings, 0);
    members(reader, event);
    return event;
}

} // namespace pasid::record
