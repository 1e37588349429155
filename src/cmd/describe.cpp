// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/describe.hpp"

#include <CLI/App.hpp>

namespace pasid {

namespace {

OptionText text_of(const CLI::Option &option)
{
    OptionText text;
    text.positional = option.get_positional();
    text.help = option.get_description();
    if (option.get_items_expected_max() > 0)
        text.argument = option.get_type_name();
    if (text.positional) {
        text.names = {option.get_name()};
        return text;
    }
    for (const std::string &name : option.get_snames())
        text.names.push_back("-" + name);
    for (const std::string &name : option.get_lnames())
        text.names.push_back("--" + name);
    return text;
}

void add(std::vector<CommandText> &list, const CLI::App &app, const std::vector<std::string> &words)
{
    CommandText command;
    command.words = words;
    command.help = app.get_description();
    command.example = app.get_footer();
    for (const CLI::Option *option : app.get_options({}))
        command.options.push_back(text_of(*option));
    const auto children = app.get_subcommands([](const CLI::App *) { return true; });
    for (const CLI::App *child : children)
        command.children.push_back(child->get_name());
    list.push_back(std::move(command));
    for (const CLI::App *child : children) {
        auto longer = words;
        longer.push_back(child->get_name());
        add(list, *child, longer);
    }
}

} // namespace

std::vector<CommandText> describe_commands(const CLI::App &root)
{
    std::vector<CommandText> list;
    add(list, root, {});
    return list;
}

} // namespace pasid
