// SPDX-License-Identifier: GPL-2.0
#include <yaml-cpp/emitter.h>

#include "policy/values.hpp"

namespace pasid::policy {

namespace {

constexpr std::string_view mode_names[] = {
#define X(constant, name) #name,
    IOASID_MODES(X)
#undef X
};
static_assert(std::size(mode_names) == IOASID_NR_MODES);

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

void emit_rule(YAML::Emitter &out, const Rule &rule)
{
    out << YAML::BeginMap;
    out << YAML::Key << "name" << YAML::Value;
    emit_name(out, rule.name);
    out << YAML::Key << "cgroup" << YAML::Value << rule.cgroup;
    out << YAML::Key << "max" << YAML::Value;
    emit_count(out, rule.max);
    if (rule.mode != IOASID_MODE_ENFORCE)
        out << YAML::Key << "mode" << YAML::Value << std::string(mode_names[rule.mode]);
    out << YAML::EndMap;
}

} // namespace

std::string to_yaml(const Policy &policy)
{
    YAML::Emitter out;
    out << YAML::BeginMap;
    out << YAML::Key << "version" << YAML::Value << 1;
    out << YAML::Key << "defaults" << YAML::Value << YAML::BeginMap;
    out << YAML::Key << "max" << YAML::Value;
    emit_count(out, policy.default_max);
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
