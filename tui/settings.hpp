// SPDX-License-Identifier: GPL-2.0-only
// What the user chose and wants to find again. Kept as JSON in a file under XDG_CONFIG_HOME.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/result.hpp"

namespace pasid::tui {

struct ColumnChoice {
    std::string key;
    bool shown = true;

    friend bool operator==(const ColumnChoice &, const ColumnChoice &) = default;
};

// Anything that was not chosen is not there.
struct ViewSettings {
    std::optional<std::string> sort;
    std::optional<bool> reverse;
    std::optional<bool> tree;
    std::vector<ColumnChoice> columns; // in their order; empty: the view's own
};

struct Settings {
    std::optional<std::string> view;
    std::optional<std::string> theme;
    std::optional<std::chrono::milliseconds> interval;
    std::optional<bool> mouse;
    std::optional<bool> follow;
    std::map<std::string, ViewSettings> views; // by name
};

// Keys and views that this version does not know are left alone.
Result<Settings> parse_settings(const std::string &text);
std::string settings_text(const Settings &settings);

// $XDG_CONFIG_HOME/pasidctl/toprc, or below ~/.config; "" when there is no home.
std::string settings_path();

// No file: nothing was chosen. An error says what is wrong with it.
Result<Settings> read_settings(const std::string &path);

// The file is the old one or the new one, never half of one.
Result<void> write_settings(const std::string &path, const Settings &settings);

} // namespace pasid::tui
