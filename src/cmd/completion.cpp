// SPDX-License-Identifier: GPL-2.0-only
// Shell completions and the manual page, generated from the command line's description.
#include "cmd/command.hpp"
#include "render/fields.hpp"

#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace pasid {

namespace {

// The command line as data; --help, the completions and the manual page show the same.
struct OptionText {
    std::vector<std::string> names; // "-n", "--count"; for an argument: its name
    std::string argument;           // "" for a flag
    std::string help;
    bool positional = false;
};

struct CommandText {
    std::vector<std::string> words; // "policy", "apply"
    std::string help;
    std::string example;
    std::vector<OptionText> options;
    std::vector<std::string> children;
};

using Commands = std::vector<CommandText>;

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

void add(Commands &list, const CLI::App &app, const std::vector<std::string> &words)
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

// All commands below @root, which comes first; parents before their children.
Commands describe_commands(const CLI::App &root)
{
    Commands list;
    add(list, root, {});
    return list;
}

std::string joined(const std::vector<std::string> &words, std::string_view between)
{
    return fmt::format("{}", fmt::join(words, between));
}

// Words that may follow the words of @command.
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

// For bash; zsh uses it through bashcompinit.
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

// Condition that @command is being completed: its words are present, and it is not a subcommand of
// another command whose last word is the same.
std::string fish_condition(const CommandText &command, const Commands &commands)
{
    if (command.words.empty())
        return "__fish_use_subcommand";
    std::string when;
    for (const std::string &word : command.words)
        when += (when.empty() ? "" : "; and ") + ("__fish_seen_subcommand_from " + word);
    for (const CommandText &other : commands)
        if (other.words.size() > command.words.size() && other.words.back() == command.words.back())
            when += "; and not __fish_seen_subcommand_from " + other.words.front();
    return when;
}

void fish(Output &out, const Commands &commands)
{
    out.line("# fish completion of pasidctl: pasidctl completion fish | source");
    std::map<std::string, std::string> help;
    for (const CommandText &command : commands)
        help[joined(command.words, " ")] = command.help;
    for (const CommandText &command : commands) {
        const std::string when = fish_condition(command, commands);
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

struct UnitText {
    Unit unit;
    std::string_view text;
};
constexpr std::array unit_texts{
    UnitText{Unit::duration, "; nanoseconds"}, UnitText{Unit::clock, "; nanoseconds since 1970"},
    UnitText{Unit::seconds, "; nanoseconds since boot"}, UnitText{Unit::rate, "; per second"},
    UnitText{Unit::bytes, "; bytes"}};

std::string_view unit_text(Unit unit)
{
    for (const UnitText &each : unit_texts)
        if (each.unit == unit)
            return each.text;
    return "";
}

// The JSON keys of a type, each with its table column if it has one.
template <class Row> void manual_fields(Output &out, std::string_view title)
{
    out.line(fmt::format(".SS {}", title));
    for (const Field<Row> &field : fields<Row>()) {
        out.line(".TP");
        const std::string key = roff(std::string(field.key));
        const std::string column = roff(std::string(field.title));
        if (!field.in_json())
            out.line(fmt::format("column {}", column));
        else
            out.line(fmt::format("\\fB{}\\fR{}", key,
                                 field.in_table() ? fmt::format(" (column {})", column) : ""));
        out.line(roff(fmt::format("{}{}", field.help, unit_text(field.unit))));
    }
}

void manual_nouns(Output &out)
{
    out.line(".SH FIELDS");
    out.line(
        "These fields appear with \\-\\-json, in tables and in top. New versions only add keys.");
    manual_fields<Ioasid>(out, "A PASID: list, show, top");
    manual_fields<Binding>(out, "A binding of a PASID to a device: show, top");
    manual_fields<CgroupUsage>(out, "A cgroup: cgroup, top");
    manual_fields<Process>(out, "A process: top");
    manual_fields<Device>(out, "A device: status, top");
    manual_fields<System>(out, "The system: status, top");
    manual_fields<Event>(out, "An event: trace, top");
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
    manual_nouns(out);
    out.line(".SH EXIT STATUS");
    out.line("0 success; 1 not found, or differences or problems reported; 2 usage or file error; "
             "3 denied by "
             "the kernel or for lack of permission.");
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
    app.add_option("SHELL", *shell, "bash, zsh or fish; or man for the manual page")
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
