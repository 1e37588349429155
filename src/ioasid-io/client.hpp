// SPDX-License-Identifier: GPL-2.0-only
// Runs a script against the device.
#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <mutex>

#include "ioasid-io/calls.hpp"
#include "lib/mapping.hpp"
#include "render/output.hpp"

namespace pasid::io {

struct Options {
    bool keep_going = false;
    bool quiet = false; // only failures are printed
};

class Client {
  public:
    // @device and @out must outlive the client. Background blocks of the script use @device at the
    // same time as the script.
    static Result<Client> make(IoasidDevice &device, Output &out, Options options);

    // Returns false if a command failed.
    bool run(const std::vector<Command> &script);

    // Waits for background blocks and prints their output. Returns false if a command in them
    // failed. The destructor waits too, and prints nothing.
    bool join();

    bool has_background() const { return shared_->background > 0; }

    // For tests: the memory that devices access.
    std::span<std::byte> buffer() const { return shared_->buffer.as<std::byte>(); }

  private:
    // What all threads share.
    struct Shared {
        IoasidDevice *device = nullptr;
        Options options;
        Mapping buffer;                       // "buf"
        std::mutex opening;                   // held while the device is opened or closed
        bool closed = false;                  // by the script; only "open" opens it again
        std::atomic<unsigned> background = 0; // blocks that are not joined
    };

    struct Job;

    // What one thread has of its own.
    struct Thread {
        explicit Thread(Mapping memory) : data(std::move(memory)) {}

        Variables variables;
        Mapping data;          // the device's end of a DMA
        Output *out = nullptr; // of the script itself; a background block appends to @text
        std::string text;
        std::vector<Job> jobs;
    };

    struct Job {
        std::unique_ptr<Thread> thread;
        std::future<bool> good;
    };

    // The commands of one thread.
    class Runner;

    Client(std::unique_ptr<Shared> shared, std::unique_ptr<Thread> main)
        : shared_(std::move(shared)), main_(std::move(main))
    {
    }

    std::unique_ptr<Shared> shared_;
    std::unique_ptr<Thread> main_; // destroyed first: waits for the others, which use shared_
};

} // namespace pasid::io
