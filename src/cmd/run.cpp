// SPDX-License-Identifier: GPL-2.0-only
// Parses the command line with the table of commands and runs a command.
#include "cmd/command.hpp"

#include <algorithm>
#include <deque>
#include <sstream>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace pasid {

namespace {

struct ParsedCommand {
    CLI::App *app = nullptr;
    Action action;
};

class CommandLine {
  public:
    CommandLine()
    {
        app_.require_subcommand(1);
        app_.set_version_flag("--version", "pasidctl " PASIDCTL_VERSION);
        app_.failure_message([](const CLI::App *app, const CLI::Error &error) {
            const CLI::App *last = app;
            while (!last->get_subcommands().empty())
                last = last->get_subcommands().front();
            return fmt::format("{}; see {} --help\n", one_line(error.what()), full_name(last));
        });
        add(app_, command_table());
    }

    CLI::App &app() { return app_; }
    const CommonFlags &flags() const { return flags_; }
    const Action *chosen() const
    {
        for (const ParsedCommand &command : commands_)
            if (command.app->parsed())
                return &command.action;
        return nullptr;
    }

  private:
    static std::string one_line(std::string text)
    {
        for (char &c : text)
            if (c == '\n')
                c = ' ';
        return text;
    }

    static std::string full_name(const CLI::App *app)
    {
        const CLI::App *parent = app->get_parent();
        return parent ? full_name(parent) + " " + app->get_name() : app->get_name();
    }

    // Otherwise CLI11 appends its own description of the validators to an argument's name.
    static void clear_validator_texts(CLI::Option &option)
    {
        try {
            for (int i = 0;; i++)
                option.get_validator(i)->description("");
        } catch (const CLI::OptionNotFound &) {
            // no more validators
        }
    }

    void add(CLI::App &parent, std::span<const CommandRow> rows)
    {
        for (const CommandRow &row : rows) {
            CLI::App *app = parent.add_subcommand(std::string(row.name), std::string(row.help));
            app->footer(fmt::format("Example: {}", row.example));
            if (!row.children.empty()) {
                app->require_subcommand(1);
                add(*app, row.children);
                continue;
            }
            commands_.push_back({app, row.setup(*app)});
            for (CLI::Option *option : app->get_options([](const CLI::Option *) { return true; }))
                clear_validator_texts(*option);
            app->add_flag("--json", flags_.json, "Write JSON");
            app->add_flag("--no-color", flags_.no_color, "Disable colors, like NO_COLOR=1");
            app->add_flag("-q,--quiet", flags_.quiet, "Suppress informational messages");
        }
    }

    CLI::App app_{
        "Show, limit and trace PASIDs: who holds them, who is allowed to, and what just happened.",
        "pasidctl"};
    CommonFlags flags_;
    std::deque<ParsedCommand> commands_;
};

int exit_status(Context &context, const Result<Exit> &result)
{
    context.out.flush();
    if (!result) {
        context.messages.line(fmt::format("pasidctl: {}", describe(result.error())));
        context.messages.flush();
        return static_cast<int>(result.error().exit);
    }
    // A reader that closed its pipe is not a failure; a full disk is.
    if (!context.out.good() && context.out.error() != EPIPE) {
        context.messages.line(
            fmt::format("pasidctl: {}",
                        describe(system_error("cannot write", context.out.error(), context.done))));
        context.messages.flush();
        return static_cast<int>(Exit::usage);
    }
    return static_cast<int>(*result);
}

// CLI11's own error would not name the unknown command.
Result<void> check_names(std::span<const CommandRow> rows, int argc, const char *const *argv,
                         const std::string &before)
{
    if (argc < 1 || argv[0][0] == '-')
        return {};
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [&](const CommandRow &row) { return row.name == argv[0]; });
    if (found == rows.end())
        return Error{before, fmt::format("unknown command '{}'", argv[0]),
                     fmt::format("see {} --help", before), 0, Exit::usage};
    if (found->children.empty())
        return {};
    return check_names(found->children, argc - 1, argv + 1, before + " " + argv[0]);
}

} // namespace

int run_command_line(int argc, const char *const *argv, Environment &environment)
{
    Output out(environment.out_fd);
    Output messages(environment.error_fd);
    if (const auto known = check_names(command_table(), argc - 1, argv + 1, "pasidctl"); !known) {
        messages.line(describe(known.error()));
        return static_cast<int>(known.error().exit);
    }
    CommandLine line;
    try {
        line.app().parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        std::ostringstream text, error_text;
        const int status = line.app().exit(error, text, error_text);
        if (!text.str().empty())
            out.line(text.str().substr(0, text.str().size() - 1));
        if (!error_text.str().empty())
            messages.line("pasidctl: " + error_text.str().substr(0, error_text.str().size() - 1));
        return status == 0 ? 0 : static_cast<int>(Exit::usage);
    }
    Context context{environment, out, messages, line.flags(),
                    detect_terminal(environment.out_fd, line.flags().no_color)};
    try {
        return exit_status(context, (*line.chosen())(context));
    } catch (const std::exception &error) {
        return exit_status(context,
                           Error{"unexpected failure", error.what(), "", 0, Exit::refused});
    }
}

} // namespace pasid
