// SPDX-License-Identifier: GPL-2.0-only
// A recording as a feed that can be replayed frame by frame in both directions.
#pragma once

#include <memory>
#include <string>

#include "lib/mapping.hpp"
#include "model/feed.hpp"
#include "record/frame.hpp"

namespace pasid {

class ReplayFeed final : public Feed, public Player {
  public:
    // Uses the complete frames of a truncated file. Fails if there are none.
    static Result<std::unique_ptr<ReplayFeed>> open(const std::string &path);

    // Returns the recorded frame regardless of @parts.
    Result<Snapshot> snapshot(unsigned parts) override;
    Result<void> events(std::vector<Event> &out, std::size_t limit) override;
    FeedNote note() const override;
    Player *player() override { return this; }

    std::size_t count() const override { return locations_.size(); }
    std::size_t position() const override { return position_; }
    void go_to(std::size_t frame) override;
    std::uint64_t wall_ns(std::size_t frame) const override { return locations_[frame].wall_ns; }

    // False if the file has data after its last complete frame.
    bool is_complete() const { return complete_; }

  private:
    struct FrameLocation {
        std::size_t offset = 0; // of the CBOR
        std::uint32_t bytes = 0;
        bool is_key = false;
        std::uint64_t wall_ns = 0;
    };

    Result<void> index(const std::string &path);
    Result<void> load();

    static constexpr std::size_t none = ~std::size_t{0};

    Mapping file_;
    std::vector<FrameLocation> locations_;
    bool complete_ = true;
    std::size_t position_ = 0;
    std::size_t decoded_ = none; // the last decoded frame
    bool events_returned_ = false;
    record::Decoder decoder_;
    record::Frame frame_;
};

} // namespace pasid
