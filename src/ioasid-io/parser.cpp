// SPDX-License-Identifier: GPL-2.0-only
// Hand-written parser: the language has words, four other tokens, and blocks.
#include "ioasid-io/arguments.hpp"
#include "ioasid-io/script.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace pasid::io {

namespace {

constexpr unsigned max_depth = 64;
constexpr std::string_view end_of_command = "\n";

// Tokens of all sources; the end of a line and ';' become the token "\n".
std::vector<Token> words_of(std::span<const Source> sources)
{
    std::vector<Token> words;
    for (const Source &source : sources) {
        Position position{source.name, source.first_line, 1};
        bool in_word = false;
        bool comment = false;
        for (const char c : source.text + "\n") {
            const bool blank = c == ' ' || c == '\t' || c == '\r';
            const bool single = c == '{' || c == '}' || c == ';' || c == '\n';
            comment = c != '\n' && (comment || (c == '#' && !in_word));
            if (!comment && single)
                words.push_back({c == ';' ? "\n" : std::string(1, c), position});
            else if (!comment && !blank && !in_word)
                words.push_back({std::string(1, c), position});
            else if (!comment && !blank)
                words.back().text.push_back(c);
            in_word = !comment && !blank && !single;
            position.column++;
            if (c == '\n')
                position = {source.name, position.line + 1, 1};
        }
    }
    return words;
}

class Parser {
  public:
    explicit Parser(std::vector<Token> words) : words_(std::move(words)) {}

    Result<std::vector<Command>> script()
    {
        auto commands = block(0);
        if (commands && !at_end())
            return error_at(here().position, "'}' without '{'", "remove it");
        return commands;
    }

  private:
    bool at_end() const { return next_ == words_.size(); }
    const Token &here() const { return words_[next_]; }
    bool at(std::string_view text) const { return !at_end() && here().text == text; }
    void skip_lines()
    {
        while (at(end_of_command))
            next_++;
    }

    // Parses commands up to '}' or the end.
    Result<std::vector<Command>> block(unsigned depth)
    {
        std::vector<Command> commands;
        for (skip_lines(); !at_end() && !at("}"); skip_lines()) {
            auto parsed = command(depth);
            if (!parsed)
                return std::move(parsed).error();
            commands.push_back(std::move(*parsed));
            if (!at_end() && !at("}") && !at(end_of_command))
                return error_at(here().position, fmt::format("unexpected '{}'", here().text),
                                "end the previous command with ';' or a newline");
        }
        return commands;
    }

    Result<Command> command(unsigned depth)
    {
        const Token name = words_[next_++];
        const VerbInfo *info = nullptr;
        for (const VerbInfo &row : all_verbs())
            if (row.name == name.text && (row.form.empty() ? !info : at(row.form)))
                info = &row;
        if (!info)
            return unknown(name);
        if (!info->form.empty())
            next_++;
        Command command;
        command.verb = info->verb;
        if (auto done = arguments(*info, name, command); !done)
            return done.error();
        if (auto done = options(*info, name, command); !done)
            return done.error();
        if (!info->has_body)
            return command;
        return with_body(std::move(command), name, depth);
    }

    // No verb has this name, or none has the form that follows.
    Error unknown(const Token &name) const
    {
        std::string synopses;
        for (const VerbInfo &row : all_verbs())
            if (row.name == name.text)
                synopses += fmt::format("{}{}", synopses.empty() ? "write " : " | ", row.synopsis);
        if (synopses.empty())
            return error_at(name.position, fmt::format("unknown command '{}'", name.text),
                            "see ioasid-io --help");
        if (at_word())
            return error_at(here().position,
                            fmt::format("'{} {}' is unknown", name.text, here().text), synopses);
        return error_at(name.position, fmt::format("'{}' needs more arguments", name.text),
                        synopses);
    }

    // Whether a word of the same command follows.
    bool at_word() const { return !at_end() && !at(end_of_command) && !at("{") && !at("}"); }

    static const OptionInfo *find_option(const VerbInfo &info, std::string_view name)
    {
        const auto found = std::ranges::find(info.options, name, &OptionInfo::name);
        return found == info.options.end() ? nullptr : &*found;
    }

    Result<void> arguments(const VerbInfo &info, const Token &name, Command &command)
    {
        const std::size_t count = info.arguments.size();
        const std::size_t required = count - info.optional;
        for (std::size_t i = 0; i < count; i++) {
            if (i >= required && (!at_word() || find_option(info, here().text)))
                return {};
            if (info.arguments[i] == ArgumentKind::span && at("all")) {
                command.arguments.push_back({.text = here().text, .number = 0});
                command.arguments.push_back({.text = here().text, .number = UINT64_MAX});
                next_++;
                return {};
            }
            if (auto done = argument(info.arguments[i], info, name, command.arguments); !done)
                return done;
        }
        while (info.repeated && at_word())
            for (const ArgumentKind kind : info.arguments.last(info.repeated))
                if (auto done = argument(kind, info, name, command.arguments); !done)
                    return done;
        return {};
    }

    Result<void> argument(ArgumentKind kind, const VerbInfo &info, const Token &name,
                          std::vector<Argument> &list)
    {
        const bool is_spid = kind == ArgumentKind::attach_id && at("spid");
        if (is_spid)
            next_++;
        if (!at_word())
            return error_at(name.position, fmt::format("'{}' needs more arguments", name.text),
                            fmt::format("write {}", info.synopsis));
        auto parsed = parse_argument(is_spid ? ArgumentKind::number : kind, here());
        if (!parsed)
            return parsed.error();
        parsed->is_spid = is_spid;
        list.push_back(std::move(*parsed));
        next_++;
        return {};
    }

    // Each at most once, in any order.
    Result<void> options(const VerbInfo &info, const Token &command_name, Command &command)
    {
        while (at_word()) {
            const Token name = here();
            const OptionInfo *option = find_option(info, name.text);
            if (!option)
                break;
            if (command.option(option->name))
                return error_at(name.position, fmt::format("'{}' is given twice", name.text),
                                "remove it");
            Option given{.name = option->name, .arguments = {}};
            next_++;
            for (const ArgumentKind kind : option->arguments)
                if (auto done = argument(kind, info, command_name, given.arguments); !done)
                    return done;
            command.options.push_back(std::move(given));
        }
        return {};
    }

    Result<Command> with_body(Command command, const Token &name, unsigned depth)
    {
        skip_lines();
        if (!at("{"))
            return error_at(name.position, fmt::format("'{}' needs a block", name.text),
                            fmt::format("write {}", info_of(command.verb).synopsis));
        if (depth == max_depth)
            return error_at(here().position, "blocks are nested too deep", "use fewer");
        next_++;
        auto body = block(depth + 1);
        if (!body)
            return std::move(body).error();
        if (!at("}"))
            return error_at(name.position,
                            fmt::format("the block of '{}' is not closed", name.text), "add '}'");
        next_++;
        command.body = std::move(*body);
        return command;
    }

    std::vector<Token> words_;
    std::size_t next_ = 0;
};

} // namespace

Result<std::vector<Command>> parse(std::span<const Source> sources)
{
    return Parser(words_of(sources)).script();
}

bool balanced(const Source &source)
{
    int depth = 0;
    for (const Token &word : words_of({&source, 1}))
        depth += (word.text == "{") - (word.text == "}");
    return depth <= 0;
}

} // namespace pasid::io
