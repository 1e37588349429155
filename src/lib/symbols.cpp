// SPDX-License-Identifier: GPL-2.0-only
#include "lib/symbols.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

namespace pasid {

namespace {

constexpr std::size_t max_processes = 4096;

// Skips the frames of the tracing itself.
bool is_tracing(std::string_view name)
{
    for (const char *start : {"bpf_", "__bpf_", "__traceiter_ioasid_", "__ioasid_emit_", "0x"})
        if (name.starts_with(start))
            return true;
    return false;
}

} // namespace

void Symbols::read_kernel(std::istream &kallsyms)
{
    kernel_read_ = true;
    for (std::string line; std::getline(kallsyms, line);) {
        std::istringstream words(line);
        std::uint64_t address = 0;
        char type = 0;
        std::string name, module;
        if (!(words >> std::hex >> address >> type >> name) || address == 0)
            continue; // zero addresses: no permission to see them
        if (type != 't' && type != 'T' && type != 'w' && type != 'W')
            continue;
        if (words >> module)
            name += " " + module;
        kernel_.emplace(address, std::move(name));
    }
}

void Symbols::prepare()
{
    std::ifstream kallsyms("/proc/kallsyms");
    read_kernel(kallsyms);
}

std::string Symbols::kernel_name(std::uint64_t address)
{
    if (!kernel_read_)
        prepare();
    auto found = kernel_.upper_bound(address);
    if (found == kernel_.begin())
        return fmt::format("{:#x}", address);
    --found;
    const auto &[start, name] = *found;
    const auto blank = name.find(' ');
    return fmt::format("{}+{:#x}{}", name.substr(0, blank), address - start,
                       blank == std::string::npos ? "" : name.substr(blank));
}

void Symbols::read_process(std::uint32_t tid, std::istream &maps)
{
    Regions &regions = processes_[tid];
    for (std::string line; std::getline(maps, line);) {
        std::istringstream words(line);
        std::uint64_t start = 0, end = 0, offset = 0;
        char dash = 0;
        std::string rights, device, inode, file;
        if (words >> std::hex >> start >> dash >> end >> rights >> offset >> device >> inode &&
            std::getline(words >> std::ws, file))
            regions[start] = {end, offset, file};
    }
}

const Symbols::Regions &Symbols::regions_of(std::uint32_t tid)
{
    const auto known = processes_.find(tid);
    if (known != processes_.end())
        return known->second;
    if (processes_.size() >= max_processes)
        processes_.clear();
    std::ifstream maps(fmt::format("/proc/{}/maps", tid));
    read_process(tid, maps);
    return processes_[tid];
}

std::string Symbols::user_name(const Regions &regions, std::uint64_t address) const
{
    auto found = regions.upper_bound(address);
    if (found != regions.begin() && address < (--found)->second.end) {
        const auto &[start, region] = *found;
        const std::string name = region.file.substr(region.file.rfind('/') + 1);
        return fmt::format("{}+{:#x}", name, address - start + region.file_offset);
    }
    return fmt::format("{:#x}", address);
}

EventStack Symbols::name(const ioasid_stacked_event &event)
{
    const auto addresses = [](const __u64(&list)[IOASID_STACK_DEPTH], __s32 bytes) {
        const auto count = static_cast<std::size_t>(std::max(bytes, 0)) / sizeof(__u64);
        return std::span(list).first(std::min(count, std::size(list)));
    };
    EventStack stack;
    for (const std::uint64_t address : addresses(event.kernel, event.kernel_bytes))
        stack.kernel.push_back(kernel_name(address));
    const auto first = std::find_if_not(stack.kernel.begin(), stack.kernel.end(), is_tracing);
    stack.kernel.erase(stack.kernel.begin(), first);
    if (event.event.tid == 0)
        return stack;
    const Regions &regions = regions_of(event.event.tid);
    for (const std::uint64_t address : addresses(event.user, event.user_bytes))
        stack.user.push_back(user_name(regions, address));
    return stack;
}

} // namespace pasid
