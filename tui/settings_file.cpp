// SPDX-License-Identifier: GPL-2.0-only
#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include "lib/fd.hpp"
#include "lib/replace_file.hpp"
#include "tui/settings.hpp"

namespace pasid::tui {

namespace {

constexpr std::size_t max_bytes = 1u << 20;

Error not_saved(const std::string &path, int err)
{
    return system_error("settings not saved to " + path, err);
}

} // namespace

std::string settings_path()
{
    const char *config = std::getenv("XDG_CONFIG_HOME");
    if (config && config[0] == '/') // the specification says to ignore relative paths
        return std::string(config) + "/pasidctl/toprc";
    const char *home = std::getenv("HOME");
    return home && home[0] == '/' ? std::string(home) + "/.config/pasidctl/toprc" : "";
}

Result<Settings> read_settings(const std::string &path)
{
    if (path.empty())
        return Settings{};
    const Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd && (errno == ENOENT || errno == ENOTDIR))
        return Settings{};
    std::string text;
    for (char bytes[4096]; fd && text.size() <= max_bytes;) {
        const ssize_t got = read(fd.get(), bytes, sizeof(bytes));
        if (got < 0)
            return system_error("settings not read: " + path, errno);
        if (got == 0)
            break;
        text.append(bytes, static_cast<std::size_t>(got));
    }
    if (!fd)
        return system_error("settings not read: " + path, errno);
    auto settings = parse_settings(text);
    if (settings)
        return settings;
    Error error = std::move(settings).error();
    error.why = path + ": " + error.why;
    error.remedy = "fix or remove it; W rewrites it";
    return error;
}

Result<void> write_settings(const std::string &path, const Settings &settings)
{
    if (path.empty())
        return Error{"settings not saved", "no home directory", "set XDG_CONFIG_HOME"};
    std::error_code failed;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), failed);
    if (failed)
        return not_saved(path, failed.value());
    if (const int err = replace_file(path, settings_text(settings), 0600); err != 0)
        return not_saved(path, err);
    return {};
}

} // namespace pasid::tui
