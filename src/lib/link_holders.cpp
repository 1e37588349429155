// SPDX-License-Identifier: GPL-2.0-only
#include "lib/link_holders.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <string_view>

#include <bpf/bpf.h>

#include "lib/fd.hpp"

namespace pasid {

namespace {

namespace fs = std::filesystem;

constexpr const char *bpffs = "/sys/fs/bpf";
constexpr std::string_view link_key = "link_id:";

std::string target_of(const fs::path &link)
{
    std::error_code failed;
    return fs::read_symlink(link, failed).string();
}

// Returns the number in the line "KEY<tab>NUMBER" of an fdinfo file; 0: not found.
std::uint32_t number_in(const fs::path &fdinfo, std::string_view key)
{
    std::ifstream lines(fdinfo);
    for (std::string line; std::getline(lines, line);)
        if (line.rfind(key, 0) == 0)
            return static_cast<std::uint32_t>(std::strtoul(line.c_str() + key.size(), nullptr, 10));
    return 0;
}

// Opening a bpffs file yields the pinned object: a map, a program or a link.
void find_pins(LinkHolders &holders)
{
    std::error_code failed;
    for (fs::recursive_directory_iterator file(bpffs, failed), end; !failed && file != end;
         file.increment(failed)) {
        const Fd fd(file->is_directory(failed) ? -1 : bpf_obj_get(file->path().c_str()));
        const std::string info = "/proc/self/fdinfo/" + std::to_string(fd.get());
        if (const auto link = fd ? number_in(info, link_key) : 0)
            holders.links[link].path = file->path().string();
    }
}

void check_fd(LinkHolders &holders, const LinkHolder &process, const fs::path &folder,
              const fs::path &fd)
{
    const std::string target = target_of(fd);
    if (target == "anon_inode:bpf_link" || target == "anon_inode:bpf-link") {
        holders.links.emplace(number_in(folder / "fdinfo" / fd.filename(), link_key), process);
    } else if (target == "anon_inode:[perf_event]") {
        char name[64] = {};
        __u32 length = sizeof(name), program = 0, type = 0;
        __u64 offset = 0, address = 0;
        if (bpf_task_fd_query(static_cast<int>(process.pid), std::stoi(fd.filename()), 0, name,
                              &length, &program, &type, &offset, &address) == 0 &&
            type == BPF_FD_TYPE_TRACEPOINT)
            holders.perf_events.push_back({program, name, process});
    }
}

void find_processes(LinkHolders &holders)
{
    std::error_code failed;
    for (const auto &folder : fs::directory_iterator("/proc", failed)) {
        const std::string name = folder.path().filename();
        LinkHolder process;
        const auto parsed = std::from_chars(name.data(), name.data() + name.size(), process.pid);
        if (parsed.ec != std::errc{} || parsed.ptr != name.data() + name.size())
            continue;
        std::ifstream comm(folder.path() / "comm");
        std::getline(comm, process.comm);
        std::error_code gone;
        for (fs::directory_iterator fd(folder.path() / "fd", gone), end; !gone && fd != end;
             fd.increment(gone))
            check_fd(holders, process, folder.path(), fd->path());
    }
}

} // namespace

LinkHolders find_link_holders()
{
    LinkHolders holders;
    find_pins(holders);
    find_processes(holders);
    return holders;
}

} // namespace pasid
