// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/trace_sink.hpp"

#include <map>

#include <CLI/CLI.hpp>
#include <fcntl.h>

#include "lib/recording.hpp"
#include "render/fields.hpp"
#include "render/json.hpp"
#include "render/table.hpp"

namespace pasid {

namespace {

Tone tone_of(const Event &event)
{
    switch (event.type) {
    case IOASID_EVENT_DENY:
        return event.mode == IOASID_MODE_AUDIT ? Tone::warning : Tone::bad;
    case IOASID_EVENT_FAULT:
    case IOASID_EVENT_LOST:
        return Tone::bad;
    case IOASID_EVENT_WARN:
        return Tone::warning;
    default:
        return event.failed() ? Tone::bad : Tone::plain;
    }
}

Event total_of(std::uint64_t lost)
{
    Event total;
    const Clocks now = clocks_now();
    total.type = IOASID_EVENT_LOST;
    total.ts_ns = now.mono_ns;
    total.wall_ns = now.wall_ns;
    total.value = lost;
    total.where = "total";
    return total;
}

// Adds names to each event and prints it.
class Printer : public TraceSink {
  public:
    Printer(Context &context, EventNames &names) : context_(context), names_(names) {}

    void add(std::span<const ioasid_event> events, std::span<const EventStack> stacks) override
    {
        for (std::size_t i = 0; i < events.size(); i++) {
            join_event(events[i], names_, event_);
            if (!stacks.empty())
                event_.stack = stacks[i];
            print(event_);
        }
    }
    void end(std::uint64_t lost) override
    {
        if (lost > 0)
            print(total_of(lost));
    }
    Output &output() override { return context_.out; }

  protected:
    virtual void print(const Event &event) = 0;

    Context &context_;

  private:
    EventNames &names_;
    Event event_; // reused to avoid allocations
};

class JsonSink : public Printer {
  public:
    using Printer::Printer;

  protected:
    void print(const Event &event) override
    {
        line_.clear();
        line_.put_row(event);
        context_.out.line(line_.text());
    }

  private:
    JsonText line_;
};

class TextSink : public Printer {
  public:
    TextSink(Context &context, EventNames &names, TraceTime time)
        : Printer(context, names), time_(time), columns_(columns(context.terminal)),
          table_(columns_of(columns_), context.terminal)
    {
    }

    void begin() override { context_.out.line(table_.header()); }
    void resize() override
    {
        const Terminal now = detect_terminal(context_.out.fd(), context_.flags.no_color);
        table_.resize(now);
    }

  protected:
    void print(const Event &event) override
    {
        Event shown = event;
        shown.delta_ns = last_ns_ != 0 && event.ts_ns > last_ns_ ? event.ts_ns - last_ns_ : 0;
        last_ns_ = event.ts_ns;
        context_.out.line(table_.row(cells_of(columns_, shown), tone_of(event)));
        if (!event.stack)
            return;
        for (const auto &frames : {event.stack->kernel, event.stack->user})
            for (const std::string &frame : frames)
                context_.out.line("        " + printable(frame));
    }

  private:
    FieldList<Event> columns(const Terminal &terminal) const
    {
        constexpr int wide = 120; // narrower terminals omit columns
        auto list =
            by_title<Event>({time_ == TraceTime::wall   ? "TIME"
                             : time_ == TraceTime::mono ? "MONOTONIC"
                                                        : "DELTA",
                             "PASID", "EVENT", "PID", "TID", "COMM", "CGROUP", "DEVICE", "RESULT"});
        if (terminal.width < wide)
            std::erase_if(list, [](const Field<Event> *field) { return field->title == "TID"; });
        return list;
    }

    TraceTime time_;
    FieldList<Event> columns_;
    StreamTable table_;
    std::uint64_t last_ns_ = 0;
};

class FileSink : public TraceSink {
  public:
    FileSink(Fd file, EventNames &names)
        : file_(std::move(file)), out_(file_.get()), recorder_(out_.pending(), names)
    {
    }

    void add(std::span<const ioasid_event> events, std::span<const EventStack> stacks) override
    {
        recorder_.add(events, stacks);
    }
    void end(std::uint64_t) override { recorder_.end(); }
    Output &output() override { return out_; }

  private:
    Fd file_;
    Output out_;
    Recorder recorder_;
};

Result<Fd> create(const std::string &path)
{
    Fd file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file)
        return Error{"cannot write " + path, std::generic_category().message(errno), "", 0,
                     Exit::usage};
    return file;
}

} // namespace

CLI::Option *add_options(CLI::App &app, SinkOptions &options)
{
    app.add_option("--time", options.time,
                   "Timestamps: wall, mono (CLOCK_MONOTONIC seconds) or delta")
        ->type_name("CLOCK")
        ->transform(CLI::CheckedTransformer(std::map<std::string, TraceTime>{
            {"wall", TraceTime::wall}, {"mono", TraceTime::mono}, {"delta", TraceTime::delta}}));
    return app.add_option("-o,--output", options.record, "Record to this file")->type_name("FILE");
}

Result<Exit> write_events(Context &context, EventNames &names, const SinkOptions &options,
                          const std::function<Result<Exit>(TraceSink &)> &write)
{
    if (options.record.empty() && context.json()) {
        JsonSink sink(context, names);
        return write(sink);
    }
    if (options.record.empty()) {
        TextSink sink(context, names, options.time);
        return write(sink);
    }
    auto file = create(options.record);
    if (!file)
        return std::move(file).error();
    FileSink sink(std::move(*file), names);
    auto done = write(sink);
    if (done && !sink.output().good())
        return Error{"cannot write " + options.record,
                     std::generic_category().message(sink.output().error()),
                     "the part already written can still be replayed", 0, Exit::usage};
    return done;
}

} // namespace pasid
