// SPDX-License-Identifier: GPL-2.0-only
#include <yaml-cpp/emitter.h>

#include "policy/quantities.hpp"

namespace pasid::policy {

namespace {

#define X(constant, name) #name,
constexpr std::string_view mode_names[] = {IOASID_MODES(X)};
constexpr std::string_view owner_names[] = {"process", IOASID_OWNERS(X)};
constexpr std::string_view distribution_names[] = {IOASID_DISTRIBUTIONS(X)};
#undef X

void emit_count(YAML::Emitter &out, std::uint64_t count)
{
    if (count == IOASID_UNLIMITED)
        out << "max";
    else
        out << static_cast<unsigned long long>(count);
}

void emit_name(YAML::Emitter &out, const std::string &text)
{
    bool letter = !text.empty() && ((text[0] | 0x20) >= 'a' && (text[0] | 0x20) <= 'z');
    if (!letter || needs_quotes(text))
        out << YAML::SingleQuoted; // or others would read a number or a truth value
    out << text;
}

template <class T> void emit(YAML::Emitter &out, const char *key, const T &value)
{
    out << YAML::Key << key << YAML::Value << value;
}

void emit_limit(YAML::Emitter &out, const char *key, std::uint64_t count)
{
    out << YAML::Key << key << YAML::Value;
    emit_count(out, count);
}

void emit_devices(YAML::Emitter &out, const std::vector<std::string> &devices)
{
    out << YAML::Key << "devices" << YAML::Value << YAML::Flow << YAML::BeginSeq;
    for (const std::string &device : devices)
        out << YAML::DoubleQuoted << device;
    out << YAML::EndSeq;
}

// What was given, and `max` always: it is what people look for.
void emit_rule(YAML::Emitter &out, const Rule &rule)
{
    out << YAML::BeginMap << YAML::Key << "name" << YAML::Value;
    emit_name(out, rule.name);
    emit(out, "cgroup", rule.cgroup);
    emit_limit(out, "max", rule.max);
    if (rule.max_bindings != IOASID_UNLIMITED)
        emit_limit(out, "max_bindings", rule.max_bindings);
    if (rule.rate.count)
        emit(out, "rate", rate_text(rule.rate));
    if (rule.burst)
        emit_limit(out, "burst", rule.burst);
    if (rule.range.last)
        emit(out, "range", range_text(rule.range));
    if (!rule.devices.empty())
        emit_devices(out, rule.devices);
    if (rule.owner != IOASID_OWNER_UNSET)
        emit(out, "owner", std::string(owner_text(rule.owner)));
    if (rule.alone)
        emit(out, "inherit", false);
    if (rule.mode != IOASID_MODE_ENFORCE)
        emit(out, "mode", std::string(mode_names[rule.mode]));
    if (rule.warn_percent)
        emit(out, "warn", std::to_string(rule.warn_percent) + "%");
    out << YAML::EndMap;
}

} // namespace

std::string_view owner_text(ioasid_owner owner) { return owner_names[owner]; }

std::string to_yaml(const Policy &policy)
{
    YAML::Emitter out;
    out << YAML::BeginMap;
    out << YAML::Key << "version" << YAML::Value << 1;
    out << YAML::Key << "defaults" << YAML::Value << YAML::BeginMap;
    out << YAML::Key << "max" << YAML::Value;
    emit_count(out, policy.default_max);
    if (policy.distribution != IOASID_DISTRIBUTION_LIMIT)
        emit(out, "distribution", std::string(distribution_names[policy.distribution]));
    out << YAML::EndMap;
    out << YAML::Key << "rules" << YAML::Value;
    if (policy.rules.empty())
        out << YAML::Flow;
    out << YAML::BeginSeq;
    for (const Rule &rule : policy.rules)
        emit_rule(out, rule);
    out << YAML::EndSeq << YAML::EndMap;
    return std::string(out.c_str()) + "\n";
}

} // namespace pasid::policy
