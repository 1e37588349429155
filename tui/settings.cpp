// SPDX-License-Identifier: GPL-2.0-only
#include "tui/settings.hpp"

#include <fmt/format.h>

#include "render/json.hpp"

namespace pasid::tui {

namespace {

constexpr const char *what = "settings not read";

// Gets a value of type T; the error names the key.
template <class T> std::optional<T> take(const Json &object, const char *key, const char *type)
{
    const auto found = object.find(key);
    if (found == object.end())
        return std::nullopt;
    try {
        return found->get<T>();
    } catch (const Json::exception &) {
        throw std::runtime_error(fmt::format("\"{}\" is not {}", key, type));
    }
}

const Json &object_at(const Json &value, const char *name)
{
    if (!value.is_object())
        throw std::runtime_error(fmt::format("{} is not an object", name));
    return value;
}

ViewSettings view_settings(const Json &object)
{
    ViewSettings view;
    view.sort = take<std::string>(object, "sort", "a string");
    view.reverse = take<bool>(object, "reverse", "true or false");
    view.tree = take<bool>(object, "tree", "true or false");
    const auto columns = object.find("columns");
    if (columns == object.end())
        return view;
    if (!columns->is_array())
        throw std::runtime_error("\"columns\" is not a list");
    for (const Json &column : *columns) {
        const auto key = take<std::string>(object_at(column, "a column"), "key", "a string");
        if (!key)
            throw std::runtime_error("a column has no \"key\"");
        view.columns.push_back({*key, take<bool>(column, "shown", "true or false").value_or(true)});
    }
    return view;
}

Settings settings_of(const Json &whole)
{
    Settings settings;
    object_at(whole, "the file");
    settings.view = take<std::string>(whole, "view", "a string");
    settings.theme = take<std::string>(whole, "theme", "a string");
    if (const auto ms = take<std::int64_t>(whole, "interval_ms", "a number"))
        settings.interval = std::chrono::milliseconds(*ms);
    settings.mouse = take<bool>(whole, "mouse", "true or false");
    settings.follow = take<bool>(whole, "follow", "true or false");
    const auto views = whole.find("views");
    if (views == whole.end())
        return settings;
    for (const auto &[name, view] : object_at(*views, "\"views\"").items())
        settings.views.emplace(name, view_settings(object_at(view, "a view")));
    return settings;
}

template <class T> void put(Json &object, const char *key, const std::optional<T> &value)
{
    if (value)
        object[key] = *value;
}

} // namespace

Result<Settings> parse_settings(const std::string &text)
{
    try {
        return settings_of(Json::parse(text));
    } catch (const Json::parse_error &error) {
        return Error{what, fmt::format("not JSON at byte {}", error.byte), "", 0, Exit::usage};
    } catch (const std::exception &error) {
        return Error{what, error.what(), "", 0, Exit::usage};
    }
}

std::string settings_text(const Settings &settings)
{
    Json whole = Json::object();
    put(whole, "view", settings.view);
    put(whole, "theme", settings.theme);
    if (settings.interval)
        whole["interval_ms"] = settings.interval->count();
    put(whole, "mouse", settings.mouse);
    put(whole, "follow", settings.follow);
    Json &views = whole["views"] = Json::object();
    for (const auto &[name, view] : settings.views) {
        Json &object = views[name] = Json::object();
        put(object, "sort", view.sort);
        put(object, "reverse", view.reverse);
        put(object, "tree", view.tree);
        for (const ColumnSetting &column : view.columns)
            object["columns"].push_back({{"key", column.key}, {"shown", column.shown}});
    }
    return whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace pasid::tui
