// SPDX-License-Identifier: GPL-2.0-only
// A feed that writes down what it passes on.
#pragma once

#include <memory>
#include <string>

#include "lib/fd.hpp"
#include "model/feed.hpp"
#include "record/frame.hpp"

namespace pasid {

// A recording that is being written. Frames are whole or not there.
class Recording {
  public:
    // Replaces the file.
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

    // All parts are read: whoever replays may look at another view.
    void set_window(const IoasidWindow &window) override;
    Result<Snapshot> snapshot(unsigned parts) override;
    int event_fd() const override { return feed_.event_fd(); }
    Result<void> events(std::vector<Event> &out, std::size_t limit) override;
    FeedNote note() const override;

    // Why nothing is written any more.
    const std::optional<Error> &failure() const { return failure_; }

  private:
    Feed &feed_;
    Recording recording_;
    std::vector<Event> events_; // since the last frame
    std::optional<Error> failure_;
};

} // namespace pasid
