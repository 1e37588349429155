// SPDX-License-Identifier: GPL-2.0-only
// Saved user settings: a JSON file under XDG_CONFIG_HOME.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/result.hpp"

namespace pasid::tui {

struct ColumnSetting {
    std::string key;
    bool shown = true;

    friend bool operator==(const ColumnSetting &, const ColumnSetting &) = default;
};

// Only what the user set.
struct ViewSettings {
    std::optional<std::string> sort;
    std::optional<bool> reverse;
    std::optional<bool> tree;
    std::vector<ColumnSetting> columns; // in order; empty: the default
};

struct Settings {
    std::optional<std::string> view;
    std::optional<std::string> theme;
    std::optional<std::chrono::milliseconds> interval;
    std::optional<bool> mouse;
    std::optional<bool> follow;
    std::map<std::string, ViewSettings> views; // by name
};

// Ignores unknown keys and views.
Result<Settings> parse_settings(const std::string &text);
std::string settings_text(const Settings &settings);

// $XDG_CONFIG_HOME/pasidctl/toprc, or ~/.config/pasidctl/toprc; "" without a home directory.
std::string settings_path();

// A missing file means default settings. Errors describe the problem in the file.
Result<Settings> read_settings(const std::string &path);

// Replaces the file atomically.
Result<void> write_settings(const std::string &path, const Settings &settings);

} // namespace pasid::tui
