// SPDX-License-Identifier: GPL-2.0-only
#include "ioasid-io/client.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/names.hpp"

namespace pasid::io {

namespace {

// Test pattern that differs by position and by @seed, so that misplaced DMA data is detected.
void fill(std::span<std::byte> memory, std::uint8_t seed)
{
    for (std::size_t i = 0; i < memory.size(); i++)
        memory[i] = static_cast<std::byte>((i * 31 + i / 251 + seed * 97ul + 1) & 0xff);
}

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

Result<Client> Client::make(IoasidDevice &device, Output &out, Options options)
{
    Client client(device, out, options);
    auto buffer = Mapping::guarded(buffer_size);
    auto data = Mapping::guarded(buffer_size);
    if (!buffer || !data)
        return !buffer ? buffer.error() : data.error();
    client.buffer_ = std::move(*buffer);
    client.data_ = std::move(*data);
    // Not touched here, so that the device's access is the first page fault.
    return client;
}

bool Client::run(const std::vector<Command> &script)
{
    bool good = true;
    for (const Command &command : script) {
        if (!run_one(command))
            good = false;
        if ((!good && !options_.keep_going) || !out_->good())
            return false;
    }
    return good;
}

bool Client::run_one(const Command &command)
{
    if (command.verb == Verb::fork)
        return run_fork(command);
    if (command.verb == Verb::repeat)
        return run_repeat(command);
    return print(command, execute(command));
}

bool Client::run_repeat(const Command &command)
{
    bool good = true;
    for (std::uint64_t i = 0; i < command.arguments[0].number; i++) {
        if (!run(command.body))
            good = false;
        if ((!good && !options_.keep_going) || !out_->good())
            return false;
    }
    return good;
}

bool Client::run_fork(const Command &command)
{
    out_->flush();
    const pid_t child = ::fork();
    if (child < 0)
        return print(command, system_error("fork", errno));
    if (child == 0) {
        const bool good = run(command.body);
        out_->flush();
        _exit(good ? 0 : 1);
    }

    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status))
        return WEXITSTATUS(status) == 0; // the child's output has the reason
    return print(command, child_failed(status));
}

bool Client::print(const Command &command, const Answer &answer)
{
    const std::string_view name = info_of(command.verb).name;
    if (!answer)
        out_->line(fmt::format("{}: error {}", name, errno_name(answer.error().err)));
    else if (!options_.quiet)
        out_->line(fmt::format("{}: {}", name, *answer));
    out_->flush();
    return answer.has_value();
}

Client::Answer Client::execute(const Command &command)
{
    switch (command.verb) {
    case Verb::sleep:
        out_->flush();
        std::this_thread::sleep_for(std::chrono::duration<double>(command.arguments[0].seconds));
        return std::uint64_t{0};
    case Verb::wait:
        wait_for_line();
        return std::uint64_t{0};
    case Verb::open:
        closed_ = false;
        if (auto opened = device_->open(); !opened)
            return opened.error();
        return std::uint64_t{0};
    case Verb::close:
        closed_ = true;
        if (auto closed = device_->close(); !closed)
            return closed.error();
        return std::uint64_t{0};
    default:
        break;
    }
    if (auto opened = make_open(); !opened)
        return opened.error();
    return execute_on_device(command);
}

Result<void> Client::make_open()
{
    if (closed_ || device_->is_open())
        return {};
    auto opened = device_->open();
    if (!opened)
        fmt::print(stderr, "ioasid-io: {}\n", describe(opened.error()));
    return opened;
}

Result<std::uint32_t> Client::id(const Argument &argument) const
{
    if (!argument.last_id)
        return static_cast<std::uint32_t>(argument.number);
    if (!last_id_)
        return system_error("$", ENOENT);
    return *last_id_;
}

Client::Answer Client::execute_on_device(const Command &command)
{
    const auto &arguments = command.arguments;
    const auto number = [](const Result<void> &done) {
        return done ? Answer{std::uint64_t{0}} : Answer{done.error()};
    };
    const auto with_id = [&](std::size_t index, const auto &call) -> Answer {
        const auto pasid = id(arguments[index]);
        return pasid ? number(call(*pasid)) : Answer{pasid.error()};
    };

    switch (command.verb) {
    case Verb::version: {
        const auto version = device_->api_version();
        return version ? Answer{std::uint64_t{*version}} : Answer{version.error()};
    }
    case Verb::info: {
        const auto info = device_->info();
        return info ? Answer{std::uint64_t{info->ioasid_bits}} : Answer{info.error()};
    }
    case Verb::alloc: {
        const auto pasid = device_->alloc(static_cast<std::uint32_t>(arguments[0].number),
                                          static_cast<std::uint32_t>(arguments[1].number));
        if (!pasid)
            return pasid.error();
        last_id_ = *pasid;
        return std::uint64_t{*pasid};
    }
    case Verb::free:
        return with_id(0, [&](std::uint32_t pasid) { return device_->free(pasid); });
    case Verb::bind:
        return with_id(
            1, [&](std::uint32_t pasid) { return device_->bind(arguments[0].text, pasid); });
    case Verb::unbind:
        return with_id(
            1, [&](std::uint32_t pasid) { return device_->unbind(arguments[0].text, pasid); });
    case Verb::spid:
        return with_id(1, [&](std::uint32_t pasid) {
            return arguments.size() == 2
                       ? device_->spid_detach(pasid)
                       : device_->spid_attach(pasid,
                                              static_cast<std::uint32_t>(arguments[2].number));
        });
    default:
        return dma(command);
    }
}

Client::Answer Client::dma(const Command &command)
{
    const auto &arguments = command.arguments;
    const auto pasid = id(arguments[1]);
    if (!pasid)
        return pasid.error();

    const std::uint32_t flags = arguments[2].text == "read" ? IOASID_DMA_READ : IOASID_DMA_WRITE;
    std::uint64_t iova = arguments[3].number;
    if (arguments[3].in_buffer)
        iova += reinterpret_cast<std::uintptr_t>(buffer().data());
    const auto data =
        data_.as<std::byte>().first(std::min<std::uint64_t>(arguments[4].number, buffer_size));
    // For a read, data that differs from the buffer.
    fill(data, flags == IOASID_DMA_WRITE ? ++pattern_ : pattern_ + 101);

    auto moved =
        device_->dma(arguments[0].text, *pasid, flags, iova, arguments[4].number, data.data());
    if (!moved || !arguments[3].in_buffer)
        return moved;
    return checked_dma(command, *moved, flags);
}

// Checks that the device accessed this process's memory.
Client::Answer Client::checked_dma(const Command &command, std::uint64_t moved, std::uint32_t flags)
{
    const std::uint64_t offset = command.arguments[3].number;
    const char *what = flags == IOASID_DMA_READ ? "dma read" : "dma write";
    if (offset > buffer_size || moved > buffer_size - offset)
        return system_error(what, EIO); // the device cannot reach past the buffer
    if (std::memcmp(buffer().data() + offset, data_.as<std::byte>().data(), moved) != 0)
        return system_error(what, EIO);
    return moved;
}

} // namespace pasid::io
