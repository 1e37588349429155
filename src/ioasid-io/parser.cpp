// SPDX-License-Identifier: GPL-2.0-only
// Hand-written parser: the language has eight tokens and two kinds of blocks.
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
        const auto verbs = all_verbs();
        const auto found = std::find_if(verbs.begin(), verbs.end(), [&](const VerbInfo &info) {
            return info.name == name.text;
        });
        if (found == verbs.end())
            return error_at(name.position, fmt::format("unknown command '{}'", name.text),
                            "see ioasid-io --help");
        Command command{found->verb, {}, {}};
        if (auto done = arguments(*found, name, command); !done)
            return done.error();
        if (!found->has_body)
            return command;
        return with_body(std::move(command), name, depth);
    }

    Result<void> arguments(const VerbInfo &info, const Token &name, Command &command)
    {
        for (std::size_t i = 0; i < info.arguments.size(); i++) {
            if (at_end() || at(end_of_command) || at("{") || at("}")) {
                if (i + info.optional >= info.arguments.size())
                    break;
                return error_at(name.position, fmt::format("'{}' needs more arguments", info.name),
                                fmt::format("write {}", info.synopsis));
            }
            auto argument = parse_argument(info.arguments[i], here());
            if (!argument)
                return argument.error();
            command.arguments.push_back(std::move(*argument));
            next_++;
        }
        return check_spid(info, name, command);
    }

    // attach requires a SPID, detach must not have one.
    static Result<void> check_spid(const VerbInfo &info, const Token &name, const Command &command)
    {
        if (info.verb != Verb::spid)
            return {};
        const std::size_t wanted = command.arguments[0].text == "attach" ? 3 : 2;
        if (command.arguments.size() != wanted)
            return error_at(
                name.position,
                fmt::format("spid {} takes {} arguments", command.arguments[0].text, wanted - 1),
                fmt::format("write {}", info.synopsis));
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
