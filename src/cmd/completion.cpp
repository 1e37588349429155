// SPDX-License-Identifier: GPL-2.0
// Completion and manual page: the command line as data, written for others.
#include "cmd/command.hpp"
#include "cmd/describe.hpp"

#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace pasid {

namespace {

using Commands = std::vector<CommandText>;

std::string joined(const std::vector<std::string> &words, std::string_view between)
{
    return fmt::format("{}", fmt::join(words, between));
}

// What may follow the words of @command.
std::string candidates(const CommandText &command)
{
    std::vector<std::string> words = command.children;
    for (const OptionText &option : command.options)
        if (!option.positional)
            words.insert(words.end(), option.names.begin(), option.names.end());
    return joined(words, " ");
}

std::string shell_word(const std::string &text)
{
    std::string out = "'";
    for (const char c : text)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

// Bash's way; zsh takes it as it is.
void bash_function(Output &out, const Commands &commands)
{
    out.line("_pasidctl() {");
    out.line("    local word path= i");
    out.line("    COMPREPLY=()");
    out.line("    for ((i = 1; i < COMP_CWORD; i++)); do");
    out.line("        word=${COMP_WORDS[i]}");
    out.line("        case \"$path $word\" in");
    for (const CommandText &command : commands)
        if (!command.words.empty())
            out.line(fmt::format("        \" {}\") path=\" {}\" ;;", joined(command.words, " "),
                                 joined(command.words, " ")));
    out.line("        esac");
    out.line("    done");
    out.line("    word=${COMP_WORDS[COMP_CWORD]}");
    out.line("    case \"$path\" in");
    for (const CommandText &command : commands)
        out.line(fmt::format("    \"{}{}\") COMPREPLY=($(compgen -W \"{}\" -- \"$word\")) ;;",
                             command.words.empty() ? "" : " ", joined(command.words, " "),
                             candidates(command)));
    out.line("    esac");
    out.line("}");
}

void bash(Output &out, const Commands &commands)
{
    out.line("# bash completion of pasidctl: source <(pasidctl completion bash)");
    bash_function(out, commands);
    out.line("complete -o default -F _pasidctl pasidctl");
}

void zsh(Output &out, const Commands &commands)
{
    out.line("#compdef pasidctl");
    out.line("autoload -U +X bashcompinit && bashcompinit");
    bash_function(out, commands);
    out.line("complete -o default -F _pasidctl pasidctl");
}

void fish(Output &out, const Commands &commands)
{
    out.line("# fish completion of pasidctl: pasidctl completion fish | source");
    std::map<std::string, std::string> help;
    for (const CommandText &command : commands)
        help[joined(command.words, " ")] = command.help;
    for (const CommandText &command : commands) {
        std::string when = "__fish_use_subcommand";
        if (!command.words.empty())
            when = "__fish_seen_subcommand_from " + command.words.back();
        const std::string start = fmt::format("complete -c pasidctl -n {}", shell_word(when));
        for (const std::string &child : command.children) {
            const std::string path = command.words.empty() ? child : command.words[0] + " " + child;
            out.line(fmt::format("{} -a {} -d {}", start, child, shell_word(help[path])));
        }
        for (const OptionText &option : command.options) {
            if (option.positional)
                continue;
            std::string names;
            for (const std::string &name : option.names)
                names += name[1] == '-' ? " -l " + name.substr(2) : " -s " + name.substr(1);
            out.line(fmt::format("{}{}{} -d {}", start, names, option.argument.empty() ? "" : " -r",
                                 shell_word(option.help)));
        }
    }
}

std::string roff(const std::string &text)
{
    std::string out;
    for (const char c : text)
        out += c == '\\' ? std::string("\\e") : c == '-' ? std::string("\\-") : std::string(1, c);
    return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

void manual(Output &out, const Commands &commands)
{
    out.line(".TH PASIDCTL 8 \"\" \"pasidctl " PASIDCTL_VERSION "\" \"System administration\"");
    out.line(".SH NAME");
    out.line("pasidctl \\- show, limit and trace PASIDs");
    out.line(".SH SYNOPSIS");
    out.line(".B pasidctl");
    out.line(".I COMMAND");
    out.line("[OPTION]...");
    out.line(".SH DESCRIPTION");
    out.line(roff(commands.front().help));
    out.line(".SH COMMANDS");
    for (const CommandText &command : commands) {
        if (command.words.empty())
            continue;
        out.line(fmt::format(".SS pasidctl {}", roff(joined(command.words, " "))));
        out.line(roff(command.help) + ".");
        for (const OptionText &option : command.options) {
            out.line(".TP");
            out.line(fmt::format("\\fB{}\\fR{}", roff(joined(option.names, ", ")),
                                 option.argument.empty() || option.positional
                                     ? ""
                                     : " \\fI" + roff(option.argument) + "\\fR"));
            out.line(roff(option.help));
        }
        if (!command.example.empty()) {
            out.line(".PP");
            out.line(roff(command.example));
        }
    }
    out.line(".SH EXIT STATUS");
    out.line("0 done; 1 a negative answer; 2 usage or file error; 3 the kernel or a permission "
             "refused.");
}

struct Writer {
    std::string_view name;
    void (*write)(Output &out, const Commands &commands);
};
constexpr std::array writers{Writer{"bash", bash}, Writer{"zsh", zsh}, Writer{"fish", fish},
                             Writer{"man", manual}};

const CLI::App &root_of(const CLI::App &app)
{
    const CLI::App *parent = app.get_parent();
    return parent ? root_of(*parent) : app;
}

} // namespace

Action setup_completion(CLI::App &app)
{
    const auto shell = std::make_shared<std::string>();
    std::vector<std::string> names;
    names.reserve(std::size(writers));
    for (const Writer &writer : writers)
        names.emplace_back(writer.name);
    app.add_option("SHELL", *shell, "bash, zsh or fish; man: the manual page")
        ->required()
        ->check(CLI::IsMember(names));
    return [shell, &app](Context &context) -> Result<Exit> {
        const Commands commands = describe_commands(root_of(app));
        for (const Writer &writer : writers)
            if (writer.name == *shell)
                writer.write(context.out, commands);
        return Exit::done;
    };
}

} // namespace pasid
