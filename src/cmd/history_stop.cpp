// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/command.hpp"
#include "render/json.hpp"

namespace pasid {

namespace {

Result<Exit> stop(Context &context)
{
    const auto stopped = context.environment.open_history()->stop();
    if (!stopped)
        return stopped.error();
    if (context.json())
        context.out.line(json_text({{"stopped", *stopped}}));
    else
        context.out.line(*stopped ? "stopped" : "already off");
    return Exit::done;
}

} // namespace

Action setup_history_stop(CLI::App &) { return stop; }

} // namespace pasid
