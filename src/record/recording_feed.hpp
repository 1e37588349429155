// SPDX-License-Identifier: GPL-2.0-only
// A feed that also records what it passes on.
#pragma once

#include <memory>
#include <string>

#include "lib/fd.hpp"
#include "model/feed.hpp"
#include "record/frame.hpp"

namespace pasid {

// A recording being written. Frames are written completely or not at all.
class Recording {
  public:
    // Replaces an existing file.
    static Result<Recording> create(const std::string &path);

    Result<void> add(const record::Frame &frame);
    std::uint64_t bytes() const { return bytes_; }

  private:
    Recording(Fd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}
    Result<void> write_whole(std::span<const std::uint8_t> bytes);

    Fd fd_;
    std::string path_;
    std::uint64_t bytes_ = 0;
    std::uint32_t frames_ = 0;
    record::Encoder encoder_;
};

class RecordingFeed final : public Feed {
  public:
    RecordingFeed(Feed &feed, Recording recording) : feed_(feed), recording_(std::move(recording))
    {
    }

    // Reads all parts, because a replay may show other views.
    void set_window(const IoasidWindow &window) override;
    Result<Snapshot> snapshot(unsigned parts) override;
    int event_fd() const override { return feed_.event_fd(); }
    Result<void> events(std::vector<Event> &out, std::size_t limit) override;
    FeedNote note() const override;

    // The error that stopped the recording.
    const std::optional<Error> &failure() const { return failure_; }

  private:
    Feed &feed_;
    Recording recording_;
    std::vector<Event> events_; // since the last frame
    std::optional<Error> failure_;
};

} // namespace pasid
