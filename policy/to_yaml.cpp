// SPDX-License-Identifier: GPL-2.0-only
#include <yaml-cpp/emitter.h>

#include "policy/fields.hpp"
#include "policy/values.hpp"

namespace pasid::policy {

namespace {

struct Emit {
    YAML::Emitter &out;

    void operator()(std::nullptr_t) const {}
    void operator()(bool value) const { out << value; }
    void operator()(std::uint64_t value) const { out << static_cast<unsigned long long>(value); }
    void operator()(const std::string &text) const { out << text; }
    void operator()(const Word &word) const
    {
        const std::string &text = word.text;
        const bool letter = !text.empty() && ((text[0] | 0x20) >= 'a' && (text[0] | 0x20) <= 'z');
        if (!letter || needs_quotes(text))
            out << YAML::SingleQuoted;
        out << text;
    }
    void operator()(const std::vector<std::string> &list) const
    {
        out << YAML::Flow << YAML::BeginSeq;
        for (const std::string &text : list)
            out << YAML::DoubleQuoted << text;
        out << YAML::EndSeq;
    }
};

template <class Fields, class Object>
void emit(YAML::Emitter &out, const Fields &fields, const Object &object)
{
    out << YAML::BeginMap;
    for (const auto &field : fields) {
        const FieldValue value = field.given(object);
        if (std::holds_alternative<std::nullptr_t>(value))
            continue;
        out << YAML::Key << std::string(field.key.name) << YAML::Value;
        std::visit(Emit{out}, value);
    }
    out << YAML::EndMap;
}

} // namespace

std::string to_yaml(const Policy &policy)
{
    YAML::Emitter out;
    out << YAML::BeginMap;
    out << YAML::Key << "version" << YAML::Value << 1;
    out << YAML::Key << "defaults" << YAML::Value;
    emit(out, default_fields(), policy);
    out << YAML::Key << "rules" << YAML::Value;
    if (policy.rules.empty())
        out << YAML::Flow;
    out << YAML::BeginSeq;
    for (const Rule &rule : policy.rules)
        emit(out, rule_fields(), rule);
    out << YAML::EndSeq << YAML::EndMap;
    return std::string(out.c_str()) + "\n";
}

} // namespace pasid::policy
