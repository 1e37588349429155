// SPDX-License-Identifier: GPL-2.0-only
#include "lib/host.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <bpf/bpf.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/fd.hpp"
#include "lib/module_btf.hpp"

namespace pasid {

namespace {

class RealHost : public Host {
  public:
    bool exists(const std::string &path) override { return access(path.c_str(), F_OK) == 0; }

    std::optional<std::string> read(const std::string &path) override
    {
        std::ifstream file(path);
        if (!file)
            return std::nullopt;
        std::string text(std::istreambuf_iterator<char>(file), {});
        if (!text.empty() && text.back() == '\n')
            text.pop_back();
        return text;
    }

    std::vector<std::string> names_in(const std::string &directory) override
    {
        std::vector<std::string> names;
        std::error_code failed;
        for (const auto &entry : std::filesystem::directory_iterator(directory, failed))
            names.push_back(entry.path().filename().string());
        std::sort(names.begin(), names.end());
        return names;
    }

    int try_list(const std::string &directory) override
    {
        std::error_code failed;
        const std::filesystem::directory_iterator list(directory, failed);
        return failed.value();
    }

    int try_open(const std::string &path) override
    {
        const Fd fd(open(path.c_str(), O_RDWR | O_CLOEXEC));
        return fd ? 0 : errno;
    }

    std::uint64_t file_system(const std::string &path) override
    {
        struct statfs status {};
        return statfs(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.f_type) : 0;
    }

    bool has_capability(int capability) override
    {
        __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
        __user_cap_data_struct data[2]{};
        if (syscall(SYS_capget, &header, data) != 0)
            return false;
        return data[capability / 32].effective & (1u << (capability % 32));
    }

    int try_bpf() override
    {
        const Fd map(bpf_map_create(BPF_MAP_TYPE_ARRAY, "doctor", 4, 8, 1, nullptr));
        return map ? 0 : errno;
    }

    bool module_has_own_type(const std::string &name) override
    {
        const auto types = ModuleBtf::read();
        return types && has_own_struct(types->module.get(), name);
    }

    std::vector<AttachedProgram> attached_programs() override { return pasid::attached_programs(); }

    std::string kernel_release() override
    {
        utsname name{};
        uname(&name);
        return name.release;
    }
};

} // namespace

std::unique_ptr<Host> real_host() { return std::make_unique<RealHost>(); }

} // namespace pasid
