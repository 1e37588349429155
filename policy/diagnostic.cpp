// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "policy/policy.hpp"

namespace pasid::policy {

namespace {

std::string_view name_of(Severity severity)
{
    return severity == Severity::error ? "error" : "warning";
}

} // namespace

std::string to_text(const Diagnostic &d)
{
    std::string out =
        fmt::format("{}:{}:{}: {}: {}\n", d.file, d.line, d.column, name_of(d.severity), d.message);
    if (!d.source.empty())
        out += fmt::format("    {}\n    {:{}}^\n", d.source, "", d.caret);
    if (!d.help.empty())
        out += fmt::format("  help: {}\n", d.help);
    return out;
}

std::string to_text(const std::vector<Diagnostic> &diagnostics)
{
    std::string out;
    for (const Diagnostic &diagnostic : diagnostics)
        out += to_text(diagnostic);
    return out;
}

std::string to_json(const std::vector<Diagnostic> &diagnostics)
{
    auto array = nlohmann::ordered_json::array();
    for (const Diagnostic &d : diagnostics)
        array.push_back({{"file", d.file},
                         {"line", d.line},
                         {"column", d.column},
                         {"severity", name_of(d.severity)},
                         {"message", d.message},
                         {"help", d.help}});
    // A file name may be any bytes.
    return array.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace pasid::policy
