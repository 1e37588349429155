// SPDX-License-Identifier: GPL-2.0-only
#include "policy/fields.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "policy/values.hpp"

namespace pasid::policy {

namespace {

constexpr Choice modes[] = {
#define X(constant, name) {#name, IOASID_MODE_##constant},
    IOASID_MODES(X)
#undef X
};

constexpr Choice owners[] = {
#define X(constant, name) {#name, IOASID_OWNER_##constant},
    IOASID_OWNERS(X)
#undef X
};

constexpr Choice inheritance[] = {{"true", 0}, {"false", 1}};

constexpr Choice distributions[] = {
#define X(constant, name) {#name, IOASID_DISTRIBUTION_##constant},
    IOASID_DISTRIBUTIONS(X)
#undef X
};

std::string_view name_of(std::span<const Choice> choices, std::uint32_t value)
{
    for (const Choice &choice : choices)
        if (choice.value == value)
            return choice.name;
    return choices.front().name;
}

FieldValue value_if(bool given, FieldValue value) { return given ? std::move(value) : nullptr; }

// Appends a copy of @text to the strings of the image, each with its NUL, and gives its offset;
// false: there is no space left.
bool add_string(ioasid_policy_image &image, std::string_view text, __u32 &offset)
{
    if (text.size() + 1 > IOASID_STRING_BYTES - image.nr_string_bytes)
        return false;
    offset = image.nr_string_bytes;
    text.copy(image.strings + offset, text.size());
    image.nr_string_bytes += static_cast<__u32>(text.size() + 1);
    return true;
}

// Empty for an offset beyond the strings.
std::string_view string_at(const ioasid_policy_image &image, __u32 offset)
{
    if (offset >= IOASID_STRING_BYTES)
        return {};
    return {image.strings + offset, strnlen(image.strings + offset, IOASID_STRING_BYTES - offset)};
}

template <class Pointer> struct Member;
template <class Class, class T> struct Member<T Class::*> {
    using Of = Class;
    using Type = T;
};
template <auto member> using MemberOf = typename Member<decltype(member)>::Of;
template <auto member> using MemberType = typename Member<decltype(member)>::Type;

// The kinds of fields. Each says how its value is stored and compared, how it is packed into the
// image and how many bytes of it that takes, and how it is shown; field() takes all of them, so
// that a kind which lacks one does not compile. A kind without given() is given as it is in force.

// @member of a rule or of the policy, and the place @at where it was written.
template <auto member, auto at = nullptr> struct Stored {
    using Object = MemberOf<member>;
    using Type = MemberType<member>;

    static void store(Object &object, const Value &value)
    {
        if constexpr (std::is_same_v<Type, std::string>)
            object.*member = value.text;
        else if constexpr (std::is_same_v<Type, Rate>)
            object.*member = value.rate;
        else if constexpr (std::is_same_v<Type, Range>)
            object.*member = value.range;
        else if constexpr (std::is_same_v<Type, std::vector<std::string>>)
            object.*member = value.list;
        else
            object.*member = static_cast<Type>(value.number);
        if constexpr (!std::is_null_pointer_v<decltype(at)>)
            object.*at = value.at;
    }
    static bool same(const Object &a, const Object &b) { return a.*member == b.*member; }
};

// A number that the image has in its @image.
template <auto member, auto image, auto at = nullptr> struct Number : Stored<member, at> {
    using Object = MemberOf<member>;
    using Image = MemberOf<image>;
    static constexpr std::size_t image_bytes = sizeof(MemberType<image>);

    static bool pack(const Object &from, Image &to, ioasid_policy_image &)
    {
        to.*image = static_cast<MemberType<image>>(from.*member);
        return true;
    }
    static void unpack(const Image &from, Object &to, const ioasid_policy_image &)
    {
        to.*member = static_cast<MemberType<member>>(from.*image);
    }
};

template <auto member, auto image, auto at = nullptr> struct Limit : Number<member, image, at> {
    static constexpr std::string_view schema = R"({"$ref": "#/$defs/limit"})";

    static FieldValue in_force(const MemberOf<member> &object)
    {
        return value_if(object.*member != IOASID_UNLIMITED, object.*member);
    }
};

// Always written, even if not given, because readers look for it.
template <auto member, auto image, auto at = nullptr> struct MainLimit : Limit<member, image, at> {
    static FieldValue given(const MemberOf<member> &object)
    {
        return object.*member == IOASID_UNLIMITED ? FieldValue("max") : FieldValue(object.*member);
    }
};

// One of @choices; @unset is not written. readable() has refused a value that is none of them.
template <auto member, auto image, const auto &choices, auto unset, auto at = nullptr>
struct OneOf : Number<member, image, at> {
    static constexpr std::string_view schema = R"({"enum": []})";

    static FieldValue in_force(const MemberOf<member> &object)
    {
        return std::string(name_of(choices, object.*member));
    }
    static FieldValue given(const MemberOf<member> &object)
    {
        return object.*member == unset ? FieldValue(nullptr) : in_force(object);
    }
};

struct Inherit : Number<&Rule::no_inherit, &ioasid_rule::no_inherit, &Rule::inherit_at> {
    static constexpr std::string_view schema = R"({"type": "boolean"})";

    static FieldValue in_force(const Rule &rule) { return !rule.no_inherit; }
    static FieldValue given(const Rule &rule) { return value_if(rule.no_inherit, false); }
};

struct Warn : Number<&Rule::warn_percent, &ioasid_rule::warn_percent, &Rule::warn_at> {
    static constexpr std::string_view schema =
        R"({"type": ["integer", "null"], "minimum": 1, "maximum": 100})";

    static FieldValue in_force(const Rule &rule)
    {
        return value_if(rule.warn_percent, std::uint64_t{rule.warn_percent});
    }
    static FieldValue given(const Rule &rule)
    {
        return value_if(rule.warn_percent, fmt::format("{}%", rule.warn_percent));
    }
};

// The image has the size of the bucket, whether it was given or follows from the rate.
struct Burst : Number<&Rule::burst, &ioasid_rule::burst, &Rule::burst_at> {
    static constexpr std::string_view schema = R"({"type": ["integer", "null"], "minimum": 0})";

    static bool pack(const Rule &from, ioasid_rule &to, ioasid_policy_image &)
    {
        to.burst = from.bucket();
        return true;
    }
    static void unpack(const ioasid_rule &from, Rule &to, const ioasid_policy_image &)
    {
        to.burst = from.burst == from.rate ? 0 : from.burst;
    }
    static bool same(const Rule &a, const Rule &b) { return a.bucket() == b.bucket(); }
    static FieldValue in_force(const Rule &rule)
    {
        return value_if(rule.rate.count, rule.bucket());
    }
    static FieldValue given(const Rule &rule) { return value_if(rule.burst, rule.burst); }
};

struct RateLimit : Stored<&Rule::rate, &Rule::rate_at> {
    static constexpr std::size_t image_bytes =
        sizeof(ioasid_rule::rate) + sizeof(ioasid_rule::rate_period_ns);
    static constexpr std::string_view schema = R"({"type": ["string", "null"]})";

    static bool pack(const Rule &from, ioasid_rule &to, ioasid_policy_image &)
    {
        to.rate = from.rate.count;
        to.rate_period_ns = from.rate.period_ns;
        return true;
    }
    static void unpack(const ioasid_rule &from, Rule &to, const ioasid_policy_image &)
    {
        to.rate = {from.rate, from.rate_period_ns};
    }
    static FieldValue in_force(const Rule &rule)
    {
        return value_if(rule.rate.count, rate_text(rule.rate));
    }
};

struct Pasids : Stored<&Rule::range, &Rule::range_at> {
    static constexpr std::size_t image_bytes =
        sizeof(ioasid_rule::range_min) + sizeof(ioasid_rule::range_max);
    static constexpr std::string_view schema = R"({"type": ["string", "null"]})";

    static bool pack(const Rule &from, ioasid_rule &to, ioasid_policy_image &)
    {
        to.range_min = from.range.first;
        to.range_max = from.range.last;
        return true;
    }
    static void unpack(const ioasid_rule &from, Rule &to, const ioasid_policy_image &)
    {
        to.range = {from.range_min, from.range_max};
    }
    static FieldValue in_force(const Rule &rule)
    {
        return value_if(rule.range.last, range_text(rule.range));
    }
};

struct Name : Stored<&Rule::name, &Rule::name_at> {
    static constexpr std::size_t image_bytes = sizeof(ioasid_rule::name);
    static constexpr std::string_view schema = R"({"type": "string"})";

    static bool pack(const Rule &from, ioasid_rule &to, ioasid_policy_image &)
    {
        from.name.copy(to.name, IOASID_RULE_NAME_LEN - 1);
        return true;
    }
    static void unpack(const ioasid_rule &from, Rule &to, const ioasid_policy_image &)
    {
        to.name.assign(from.name, strnlen(from.name, sizeof(from.name)));
    }
    static FieldValue in_force(const Rule &rule) { return Word{rule.name}; }
};

struct CgroupPattern : Stored<&Rule::cgroup, &Rule::cgroup_at> {
    static constexpr std::size_t image_bytes = sizeof(ioasid_rule::pattern);
    static constexpr std::string_view schema = R"({"type": "string"})";

    static bool pack(const Rule &from, ioasid_rule &to, ioasid_policy_image &whole)
    {
        return add_string(whole, from.cgroup, to.pattern);
    }
    static void unpack(const ioasid_rule &from, Rule &to, const ioasid_policy_image &whole)
    {
        to.cgroup = string_at(whole, from.pattern);
    }
    static FieldValue in_force(const Rule &rule) { return rule.cgroup; }
};

// The order of devices does not count.
struct Devices : Stored<&Rule::devices, &Rule::devices_at> {
    static constexpr std::size_t image_bytes =
        sizeof(ioasid_rule::devices) + sizeof(ioasid_rule::nr_devices);
    static constexpr std::string_view schema =
        R"({"type": ["array", "null"], "items": {"type": "string"}})";

    static bool pack(const Rule &from, ioasid_rule &to, ioasid_policy_image &whole)
    {
        for (const std::string &device : from.devices) {
            __u32 offset = 0;
            if (!add_string(whole, device, offset))
                return false;
            if (to.nr_devices++ == 0)
                to.devices = offset;
        }
        return true;
    }
    static void unpack(const ioasid_rule &from, Rule &to, const ioasid_policy_image &whole)
    {
        __u32 offset = from.devices;
        for (__u32 i = 0; i < std::min<__u32>(from.nr_devices, IOASID_RULE_DEVICES); i++) {
            to.devices.emplace_back(string_at(whole, offset).substr(0, IOASID_DEVICE_NAME_LEN - 1));
            offset += static_cast<__u32>(to.devices.back().size() + 1);
        }
    }
    static bool same(const Rule &a, const Rule &b)
    {
        return std::is_permutation(a.devices.begin(), a.devices.end(), b.devices.begin(),
                                   b.devices.end());
    }
    static FieldValue in_force(const Rule &rule)
    {
        return value_if(!rule.devices.empty(), rule.devices);
    }
};

template <class Kind> void store_value(Policy &policy, Rule *rule, const Value &value)
{
    if constexpr (std::is_same_v<typename Kind::Object, Rule>)
        Kind::store(*rule, value);
    else
        Kind::store(policy, value);
}

using Read = ParseResult (*)(const TreeNode &, const Key &);

// What a row says of a key in words.
struct Text {
    std::string_view name, allowed, example, help;
    bool required = false;
    std::string_view json_key = name;
    std::span<const Choice> choices{};
};

template <class Kind> constexpr auto field(const Text &text, Read read)
{
    constexpr bool in_rule = std::is_same_v<typename Kind::Object, Rule>;
    using Result = std::conditional_t<in_rule, RuleField, DefaultField>;
    const Key key{in_rule ? Where::rule : Where::defaults,
                  text.name,
                  text.required,
                  text.allowed,
                  text.example,
                  text.help,
                  text.choices,
                  read,
                  store_value<Kind>};
    Result result{key,         Kind::image_bytes, Kind::pack,     Kind::unpack,
                  Kind::same,  Kind::in_force,    Kind::in_force, text.json_key,
                  Kind::schema};
    if constexpr (requires { &Kind::given; })
        result.given = Kind::given;
    return result;
}

constexpr std::string_view count = "a count or `max`";

constexpr DefaultField default_table[] = {
    field<MainLimit<&Policy::default_max, &ioasid_policy_image::default_max>>(
        {.name = "max",
         .allowed = count,
         .example = "64",
         .help = "PASIDs that such a cgroup may hold at once; `max`, the default, is no limit",
         .json_key = "default_max"},
        read_count),
    field<OneOf<&Policy::distribution, &ioasid_policy_image::distribution, distributions,
                IOASID_DISTRIBUTION_LIMIT>>(
        {.name = "distribution",
         .allowed = "`limit` or `reserve`",
         .example = "reserve",
         .help = "limit: limits may add up to more than the capacity; reserve: each limit is "
                 "taken out of the capacity",
         .choices = distributions},
        read_choice),
};

constexpr RuleField rule_table[] = {
    field<Name>({.name = "name",
                 .allowed = "1 to 63 of A-Z a-z 0-9 . _ -",
                 .example = "vms",
                 .help = "unique name, shown in denials and reports",
                 .required = true},
                read_name),
    field<CgroupPattern>({.name = "cgroup",
                          .allowed = "a cgroup v2 path, with * and **",
                          .example = "/machine.slice/*.scope",
                          .help = "the cgroups it applies to; the most specific rule wins",
                          .required = true},
                         read_text),
    field<MainLimit<&Rule::max, &ioasid_rule::max, &Rule::max_at>>(
        {.name = "max",
         .allowed = count,
         .example = "64",
         .help = "PASIDs that the cgroup and its descendants may hold at once; `max` is no limit"},
        read_count),
    field<Limit<&Rule::max_bindings, &ioasid_rule::max_bindings, &Rule::max_bindings_at>>(
        {.name = "max_bindings",
         .allowed = count,
         .example = "128",
         .help = "device bindings that the cgroup and its descendants may hold at once"},
        read_count),
    field<RateLimit>(
        {.name = "rate",
         .allowed = "a count and a period, e.g. 1000/s, 60/m or 10/h",
         .example = "1000/s",
         .help = "allocations per second, minute or hour, of all cgroups it governs together"},
        read_rate),
    field<Burst>({.name = "burst",
                  .allowed = "a count from 1 to 1048576",
                  .example = "100",
                  .help = "allocations at once before the rate applies; default: the rate's count"},
                 read_tokens),
    field<Pasids>({.name = "range",
                   .allowed = "FIRST-LAST, e.g. 0x100-0xfff, from 1 to 1048575",
                   .example = "0x100-0xfff",
                   .help = "the PASIDs that may be allocated"},
                  read_range),
    field<Devices>({.name = "devices",
                    .allowed = "a list of devices, e.g. [\"sim0\"]",
                    .example = "[\"sim0\", \"edu1\"]",
                    .help = "the devices that may be bound; default: any"},
                   read_devices),
    field<OneOf<&Rule::owner, &ioasid_rule::owner, owners, IOASID_OWNER_UNSET, &Rule::owner_at>>(
        {.name = "owner",
         .allowed = "`process`, `cgroup` or `user`",
         .example = "user",
         .help = "which processes of the same user may use a PASID; default: only its holder",
         .choices = owners},
        read_choice),
    field<Inherit>({.name = "inherit",
                    .allowed = "`true` or `false`",
                    .example = "false",
                    .help = "false: of the rules of ancestors only the counts apply, not "
                            "rate, range, devices and owner",
                    .choices = inheritance},
                   read_choice),
    field<OneOf<&Rule::mode, &ioasid_rule::mode, modes, IOASID_MODE_ENFORCE, &Rule::mode_at>>(
        {.name = "mode",
         .allowed = "`enforce` or `audit`",
         .example = "audit",
         .help = "audit: count and report what would be denied, deny nothing",
         .choices = modes},
        read_choice),
    field<Warn>({.name = "warn",
                 .allowed = "a percentage, e.g. 80%",
                 .example = "80%",
                 .help = "emit a warning event when usage reaches this part of `max`",
                 .json_key = "warn_percent"},
                read_percent),
};

constexpr bool covers_the_image()
{
    std::size_t bytes = sizeof(ioasid_rule::id) + sizeof(ioasid_rule::__reserved);
    for (const RuleField &field : rule_table)
        bytes += field.image_bytes;
    return bytes == sizeof(ioasid_rule);
}
static_assert(covers_the_image(), "a field of struct ioasid_rule belongs to no row, or to two");

} // namespace

std::span<const RuleField> rule_fields() { return rule_table; }
std::span<const DefaultField> default_fields() { return default_table; }

std::string_view owner_text(ioasid_owner owner) { return name_of(owners, owner); }

} // namespace pasid::policy
