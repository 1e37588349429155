// SPDX-License-Identifier: GPL-2.0-only
#include "ioasid-io/client.hpp"

#include <chrono>
#include <system_error>
#include <thread>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/names.hpp"

namespace pasid::io {

namespace {

void wait_for_line()
{
    char c = 0;
    while (read(STDIN_FILENO, &c, 1) == 1 && c != '\n') {
    }
}

// Converts a child's exit status to the answer of "fork".
Error child_failed(int status)
{
    return system_error("fork", WIFSIGNALED(status) ? EINTR : ECHILD);
}

} // namespace

class Client::Runner {
  public:
    Runner(Shared &shared, Thread &thread) : shared_(shared), thread_(thread) {}

    bool run(const std::vector<Command> &script);
    // Adds the number of blocks to @count.
    bool join(std::uint64_t &count);

  private:
    bool run_one(const Command &command);
    bool run_fork(const Command &command);
    bool run_repeat(const Command &command);
    bool run_background(const Command &command);
    bool run_join(const Command &command);
    bool print(const Command &command, const Answer &answer);
    void write(std::string_view text);
    void flush();
    // Whether to run the next command.
    bool goes_on(bool good) const
    {
        return (good || shared_.options.keep_going) && (!thread_.out || thread_.out->good());
    }
    Answer execute(const Command &command);
    Result<void> make_open();

    Shared &shared_;
    Thread &thread_;
};

bool Client::Runner::run(const std::vector<Command> &script)
{
    bool good = true;
    for (const Command &command : script) {
        if (!run_one(command))
            good = false;
        if (!goes_on(good))
            return false;
    }
    return good;
}

bool Client::Runner::run_one(const Command &command)
{
    switch (command.verb) {
    case Verb::fork:
        return run_fork(command);
    case Verb::repeat:
        return run_repeat(command);
    case Verb::background:
        return run_background(command);
    case Verb::join:
        return run_join(command);
    default:
        return print(command, execute(command));
    }
}

bool Client::Runner::run_repeat(const Command &command)
{
    bool good = true;
    for (std::uint64_t i = 0; i < command.arguments[0].number; i++) {
        if (!run(command.body))
            good = false;
        if (!goes_on(good))
            return false;
    }
    return good;
}

bool Client::Runner::run_fork(const Command &command)
{
    // The child would have their locks, but not their threads.
    if (shared_.background)
        return print(command, system_error("fork", EBUSY));
    flush();
    const pid_t child = ::fork();
    if (child < 0)
        return print(command, system_error("fork", errno));
    if (child == 0) {
        bool good = run(command.body);
        std::uint64_t count = 0;
        if (goes_on(good))
            good = join(count) && good;
        flush();
        _exit(good ? 0 : 1);
    }

    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status))
        return WEXITSTATUS(status) == 0; // the child's output has the reason
    return print(command, child_failed(status));
}

bool Client::Runner::run_background(const Command &command)
{
    auto data = Mapping::guarded(buffer_size);
    if (!data)
        return print(command, data.error());
    auto thread = std::make_unique<Thread>(std::move(*data));
    thread->variables = thread_.variables;
    thread->variables.pattern += 64; // other DMA data than that of the script
    try {
        // The body is copied because the script may be gone when the block ends.
        auto good = std::async(std::launch::async,
                               [&shared = shared_, own = thread.get(), body = command.body] {
            Runner runner(shared, *own);
            std::uint64_t count = 0;
            const bool ran = runner.run(body);
            return runner.join(count) && ran;
        });
        thread_.jobs.push_back({std::move(thread), std::move(good)});
    } catch (const std::system_error &error) {
        return print(command, system_error("background", error.code().value()));
    }
    shared_.background++;
    return true;
}

bool Client::Runner::join(std::uint64_t &count)
{
    bool good = true;
    for (Job &job : thread_.jobs) {
        good = job.good.get() && good;
        write(job.thread->text);
        shared_.background--;
        count++;
    }
    thread_.jobs.clear();
    return good;
}

// The output of the blocks has the reason of a failure.
bool Client::Runner::run_join(const Command &command)
{
    std::uint64_t count = 0;
    const bool good = join(count);
    return print(command, count) && good;
}

bool Client::Runner::print(const Command &command, const Answer &answer)
{
    const std::string_view name = info_of(command.verb).name;
    if (answer.error)
        write(fmt::format("{}: error {}{}{}\n", name, errno_name(answer.error),
                          answer.text.empty() ? "" : " ", answer.text));
    else if (!shared_.options.quiet)
        write(fmt::format("{}: {}\n", name, answer.text));
    flush();
    return !answer.error;
}

void Client::Runner::write(std::string_view text)
{
    (thread_.out ? thread_.out->pending() : thread_.text) += text;
}

void Client::Runner::flush()
{
    if (thread_.out)
        thread_.out->flush();
}

Answer Client::Runner::execute(const Command &command)
{
    switch (command.verb) {
    case Verb::sleep:
        flush();
        std::this_thread::sleep_for(std::chrono::duration<double>(command.arguments[0].seconds));
        return 0;
    case Verb::wait:
        wait_for_line();
        return 0;
    case Verb::open: {
        const std::lock_guard lock(shared_.opening);
        shared_.closed = false;
        return shared_.device->open();
    }
    case Verb::close: {
        const std::lock_guard lock(shared_.opening);
        shared_.closed = true;
        return shared_.device->close();
    }
    default:
        break;
    }
    if (needs_device(command.verb))
        if (auto opened = make_open(); !opened)
            return opened.error();
    Call call{*shared_.device, shared_.buffer.as<std::byte>(), thread_.data.as<std::byte>(),
              thread_.variables, command};
    return io::call(call);
}

Result<void> Client::Runner::make_open()
{
    const std::lock_guard lock(shared_.opening);
    if (shared_.closed || shared_.device->is_open())
        return {};
    auto opened = shared_.device->open();
    if (!opened)
        fmt::print(stderr, "ioasid-io: {}\n", describe(opened.error()));
    return opened;
}

Result<Client> Client::make(IoasidDevice &device, Output &out, Options options)
{
    auto buffer = Mapping::guarded(buffer_size);
    auto data = Mapping::guarded(buffer_size);
    if (!buffer || !data)
        return !buffer ? buffer.error() : data.error();
    // Neither is touched here, so that the device's access is the first page fault.
    auto shared = std::make_unique<Shared>();
    shared->device = &device;
    shared->options = options;
    shared->buffer = std::move(*buffer);
    auto main = std::make_unique<Thread>(std::move(*data));
    main->out = &out;
    return Client(std::move(shared), std::move(main));
}

bool Client::run(const std::vector<Command> &script)
{
    return Runner(*shared_, *main_).run(script);
}

bool Client::join()
{
    std::uint64_t count = 0;
    Runner runner(*shared_, *main_);
    const bool good = runner.join(count);
    main_->out->flush();
    return good;
}

} // namespace pasid::io
