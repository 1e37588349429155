// SPDX-License-Identifier: GPL-2.0-only
#include "policy/passes.hpp"

namespace pasid::policy {

Compiled compile(std::string_view text, std::string_view filename, const Options &options)
{
    Source source(text, filename);
    Diagnostics diagnostics(source, options.max_diagnostics);
    Context context{.source = source, .diagnostics = diagnostics, .options = options};

    for (const Pass pass : all_passes)
        if (!pass(context))
            break;
    return {std::move(context.policy), std::move(context.image), diagnostics.take()};
}

} // namespace pasid::policy
