// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/command.hpp"
#include "cmd/doctor_checks.hpp"
#include "render/json.hpp"

#include <fmt/format.h>

namespace pasid {

namespace {

struct VerdictStyle {
    std::string_view name;
    Tone tone;
};

VerdictStyle style_of(Verdict verdict)
{
    switch (verdict) {
    case Verdict::good:
        return {"ok", Tone::good};
    case Verdict::warning:
        return {"warning", Tone::warning};
    case Verdict::bad:
        break;
    }
    return {"missing", Tone::bad};
}

void print_text(Context &context, std::string_view name, const Finding &finding)
{
    const VerdictStyle style = style_of(finding.verdict);
    context.out.line(fmt::format("{}{:<8}{}{:<11} {}", tone_on(context.terminal, style.tone),
                                 style.name, tone_off(context.terminal, style.tone), name,
                                 finding.seen));
    if (!finding.remedy.empty())
        context.out.line(fmt::format("{:<20}-> {}", "", finding.remedy));
}

Result<System> read_system(Environment &environment)
{
    auto feed = environment.open_feed({.snapshots = true});
    if (!feed)
        return std::move(feed).error();
    auto snapshot = (*feed)->snapshot(part_system);
    if (!snapshot)
        return std::move(snapshot).error();
    return std::move(snapshot->system);
}

Result<Exit> doctor(Context &context)
{
    const auto host = context.environment.open_host();
    const auto policies = context.environment.open_policies();
    const CheckInput input{*host,
                           read_system(context.environment),
                           policies->try_load(),
                           policies->installed(),
                           policies->engine(),
                           context.environment.open_history()->state()};
    Json array = Json::array();
    bool fit = true;
    for (const DoctorCheck &check : doctor_checks()) {
        const Finding finding = check.run(input);
        fit = fit && finding.verdict != Verdict::bad;
        if (!context.json())
            print_text(context, check.name, finding);
        array.push_back(
            {{"check", check.name},
             {"result", style_of(finding.verdict).name},
             {"seen", finding.seen},
             {"remedy", finding.remedy.empty() ? Json(nullptr) : Json(finding.remedy)}});
    }
    if (context.json())
        context.out.line(json_text(array));
    return fit ? Exit::done : Exit::negative;
}

} // namespace

Action setup_doctor(CLI::App &) { return doctor; }

} // namespace pasid
