// SPDX-License-Identifier: GPL-2.0-only
#include "policy/passes.hpp"

namespace pasid::policy {

std::vector<Pass> all_passes()
{
    return {make_check_text(),      make_parse_yaml(),     make_read_keys(),
            make_check_names(),     make_check_together(), make_read_patterns(),
            make_build_automaton(), make_check_sense(),    make_fill_image()};
}

Compiled compile(std::string_view text, std::string_view filename, const Options &options)
{
    Source source(text, filename);
    Diagnostics diagnostics(source, options.max_diagnostics);
    Context context{.source = source, .diagnostics = diagnostics, .options = options};

    for (const Pass &pass : all_passes())
        if (!pass.run(context))
            break;
    return {std::move(context.policy), std::move(context.image), diagnostics.take()};
}

} // namespace pasid::policy
