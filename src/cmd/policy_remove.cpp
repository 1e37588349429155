// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/command.hpp"
#include "render/json.hpp"

namespace pasid {

namespace {

Result<Exit> remove(Context &context)
{
    const auto removed = context.environment.open_policies()->remove();
    if (!removed)
        return removed.error();
    context.done = *removed ? "the policy was removed anyway" : "";
    if (context.json())
        context.out.line(json_text({{"removed", *removed}}));
    else
        context.out.line(*removed ? "removed" : "no policy was active");
    return Exit::done;
}

} // namespace

Action setup_policy_remove(CLI::App &) { return remove; }

} // namespace pasid
