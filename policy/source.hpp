// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/policy.hpp"

namespace pasid::policy {

// The text of one file and where its lines are.
class Source {
  public:
    Source(std::string_view text, std::string_view filename);

    // Without a byte order mark.
    std::string_view text() const { return text_; }
    const std::string &filename() const { return filename_; }

    std::uint32_t lines() const { return static_cast<std::uint32_t>(starts_.size()); }
    // Without its line end; empty when there is no such line.
    std::string_view line(std::uint32_t number) const;
    Position position(std::size_t offset) const;
    // Of the place, the end of the text when there is no such place.
    std::size_t offset(Position at) const;

  private:
    std::string_view text_;
    std::string filename_;
    std::vector<std::size_t> starts_;
};

// Collects what the passes find.
class Diagnostics {
  public:
    Diagnostics(const Source &source, std::size_t limit) : source_(source), limit_(limit) {}

    void error(Position at, std::string_view message, std::string_view help = {});
    void warning(Position at, std::string_view message, std::string_view help = {});

    bool failed() const { return errors_ != 0; }
    // Ordered by place, cut off at the limit.
    std::vector<Diagnostic> take();

  private:
    void add(Severity severity, Position at, std::string_view message, std::string_view help);

    const Source &source_;
    std::size_t limit_;
    std::size_t errors_ = 0;
    struct Entry {
        Position at;
        Severity severity;
        std::string message, help;
    };
    std::vector<Entry> entries_;
};

// What was written, fit for a message: control characters escaped, long text cut.
std::string quoted(std::string_view text);

} // namespace pasid::policy
