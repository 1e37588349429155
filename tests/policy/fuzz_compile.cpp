// SPDX-License-Identifier: GPL-2.0-only
//
// libFuzzer target: the compiler handles any input, and a policy that it accepts can be
// restored from the image unchanged.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/policy.hpp"

using namespace pasid::policy;

namespace {

void require(bool condition)
{
    if (!condition)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    std::string_view text(reinterpret_cast<const char *>(data), size);
    Compiled compiled = compile(text, "fuzz.yaml");

    to_json(compiled.diagnostics);
    to_text(compiled.diagnostics);
    bool errors = false;
    for (const Diagnostic &d : compiled.diagnostics) {
        require(d.line >= 1 && d.column >= 1 && !d.message.empty());
        errors = errors || d.severity == Severity::error;
    }
    require(compiled.ok() == !errors);
    if (!compiled.ok())
        return 0;

    Compiled again = compile(to_yaml(decompile(*compiled.image)), "again.yaml");
    require(again.ok() && same(again.policy, compiled.policy));
    for (const Rule &rule : compiled.policy.rules)
        match(*compiled.image, rule.cgroup);
    return 0;
}
