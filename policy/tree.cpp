// SPDX-License-Identifier: GPL-2.0-only
#include "policy/tree.hpp"

#include <istream>
#include <map>
#include <optional>
#include <streambuf>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "policy/passes.hpp"
#include "policy/syntax_hints.hpp"

namespace pasid::policy {

namespace {

constexpr std::size_t max_depth = 16;

struct TooDeep {
    Position at;
};

Position position(const YAML::Mark &mark)
{
    return {static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1)};
}

// Builds the tree from the parser's events and refuses what a policy may not use.
class TreeBuilder : public YAML::EventHandler {
  public:
    TreeBuilder(const Source &source, Diagnostics &diagnostics)
        : source_(source), diagnostics_(diagnostics)
    {
    }

    std::optional<TreeNode> root;

    void OnDocumentStart(const YAML::Mark &) override {}
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark &mark, YAML::anchor_t) override
    {
        // The mark is that of the next token; the empty value is before it.
        std::size_t offset = source_.offset(position(mark));
        offset = source_.text().substr(0, offset).find_last_not_of(" \t\r\n");
        place(TreeNode{.at = source_.position(offset == std::string_view::npos ? 0 : offset)});
    }

    void OnAlias(const YAML::Mark &mark, YAML::anchor_t) override
    {
        diagnostics_.error(position(mark), "aliases are not supported",
                           "write the value again; text that starts with `*` needs quotes");
        place(TreeNode{.kind = TreeNode::Kind::refused, .at = position(mark)});
    }

    void OnAnchor(const YAML::Mark &mark, const std::string &) override
    {
        diagnostics_.error(position(mark), "anchors are not supported",
                           "remove it; text that starts with `&` needs quotes");
    }

    void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t,
                  const std::string &value) override
    {
        check_tag(mark, tag);
        if (tag == "!")
            check_closed(position(mark));
        place(TreeNode{.kind = TreeNode::Kind::scalar,
                       .at = position(mark),
                       .text = value,
                       .quoted = tag == "!"});
    }

    void OnSequenceStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t,
                         YAML::EmitterStyle::value) override
    {
        open(mark, tag, TreeNode::Kind::sequence);
    }
    void OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t,
                    YAML::EmitterStyle::value) override
    {
        open(mark, tag, TreeNode::Kind::mapping);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapEnd() override { close(); }

  private:
    struct Frame {
        TreeNode node;
        std::optional<TreeNode> key;
        std::map<std::string, Position> keys;
    };

    void check_tag(const YAML::Mark &mark, const std::string &tag)
    {
        if (!tag.empty() && tag != "?" && tag != "!")
            diagnostics_.error(
                position(mark),
                fmt::format("the tag {} is not supported", pasid::policy::quoted(tag)),
                "remove it");
    }

    // yaml-cpp takes the end of the file for a closing quote.
    void check_closed(Position at)
    {
        std::string_view text = source_.text().substr(source_.offset(at));
        if (text.empty() || (text[0] != '"' && text[0] != '\''))
            return;
        std::size_t i = 1;
        while (i < text.size() && text[i] != text[0])
            i += text[0] == '"' && text[i] == '\\' ? 2 : 1;
        if (i >= text.size())
            diagnostics_.error(at, "the closing quote is missing", {});
    }

    void open(const YAML::Mark &mark, const std::string &tag, TreeNode::Kind kind)
    {
        check_tag(mark, tag);
        if (stack_.size() == max_depth)
            throw TooDeep{position(mark)};
        stack_.push_back({TreeNode{.kind = kind, .at = position(mark)}, {}, {}});
    }

    void close()
    {
        TreeNode node = std::move(stack_.back().node);
        stack_.pop_back();
        place(std::move(node));
    }

    void place(TreeNode node)
    {
        if (stack_.empty()) {
            root = std::move(node);
            return;
        }
        Frame &frame = stack_.back();
        if (frame.node.kind == TreeNode::Kind::sequence) {
            frame.node.items.push_back(std::move(node));
        } else if (!frame.key) {
            frame.key = std::move(node);
        } else {
            if (new_key(frame))
                frame.node.entries.emplace_back(std::move(*frame.key), std::move(node));
            frame.key.reset();
        }
    }

    bool new_key(Frame &frame)
    {
        if (frame.key->kind != TreeNode::Kind::scalar)
            return true;
        auto [first, added] = frame.keys.emplace(frame.key->text, frame.key->at);
        if (!added)
            diagnostics_.error(frame.key->at,
                               fmt::format("duplicate key {}, first used on line {}",
                                           quoted(frame.key->text), first->second.line),
                               "remove one");
        return added;
    }

    const Source &source_;
    Diagnostics &diagnostics_;
    std::vector<Frame> stack_;
};

// Reads text in place.
class ViewBuffer : public std::streambuf {
  public:
    explicit ViewBuffer(std::string_view text)
    {
        char *start = const_cast<char *>(text.data());
        setg(start, start, start + text.size());
    }
};

// The parser's messages are about YAML; say what to do about the usual causes.
std::string_view help_for(const std::string &message)
{
    static const std::pair<std::string_view, std::string_view> known[] = {
        {YAML::ErrorMsg::MAP_VALUE,
         "is the line indented like its neighbours? text with `: ` in it "
         "needs quotes"},
        {YAML::ErrorMsg::END_OF_MAP,
         "is the line indented like its neighbours, with `KEY: VALUE`?"},
        {YAML::ErrorMsg::END_OF_SEQ, "is the line indented like its neighbours, with `- ` before "
                                     "each item?"},
        {YAML::ErrorMsg::END_OF_MAP_FLOW, "a `}` or a `,` is missing"},
        {YAML::ErrorMsg::END_OF_SEQ_FLOW, "a `]` or a `,` is missing"},
        {YAML::ErrorMsg::EOF_IN_SCALAR, "the closing quote is missing"},
        {YAML::ErrorMsg::UNKNOWN_TOKEN, "text that starts with this character needs quotes"},
        {YAML::ErrorMsg::TAB_IN_INDENTATION, "YAML is indented with spaces"},
    };
    for (auto [text, help] : known)
        if (message == text)
            return help;
    return "not valid YAML";
}

void report(const Source &source, Diagnostics &diagnostics, Position at, const std::string &message)
{
    if (const auto hint = find_syntax_hint(source, at.line))
        return diagnostics.error(hint->at, hint->message, hint->help);
    if (message != YAML::ErrorMsg::UNKNOWN_ANCHOR)
        return diagnostics.error(at, fmt::format("YAML: {}", message), help_for(message));
    // The most frequent one is a pattern such as *.scope: say that. The mark is behind it.
    std::size_t star = source.line(at.line).substr(0, at.column - 1).rfind('*');
    if (star != std::string_view::npos)
        at.column = static_cast<std::uint32_t>(star + 1);
    diagnostics.error(at, "aliases are not supported",
                      "write the value out; text that starts with `*` needs quotes, and a cgroup "
                      "pattern starts with `/`");
}

// At its `---`, where it has one; without, the text is not of this kind at all.
void report_second(const Source &source, Diagnostics &diagnostics, const TreeNode &first,
                   Position at)
{
    std::uint32_t line = at.line;
    while (line && !source.line(line).starts_with("---"))
        line--;
    if (line)
        diagnostics.error({line, 1}, "a second document starts here",
                          "a file holds one policy: remove the `---` and what follows, or put "
                          "it into a file of its own");
    else if (first.kind == TreeNode::Kind::mapping)
        diagnostics.error(at, "text follows the end of the policy", "remove it");
    else
        diagnostics.error({1, 1}, "this is not a policy",
                          "a policy is lines of `KEY: VALUE`, the first of them `version: 1`");
}

} // namespace

std::string_view TreeNode::kind_name() const
{
    switch (kind) {
    case Kind::null:
        return "nothing";
    case Kind::scalar:
        return "a single value";
    case Kind::sequence:
        return "a list";
    case Kind::mapping:
        return "keys with values";
    case Kind::refused:
        break;
    }
    return "an alias";
}

bool parse_yaml(Context &context)
{
    const Source &source = context.source;
    Diagnostics &diagnostics = context.diagnostics;
    TreeNode &root = context.tree;
    ViewBuffer buffer(source.text());
    std::istream stream(&buffer);
    TreeBuilder builder(source, diagnostics);

    // The edge to yaml-cpp: it reports by exceptions.
    try {
        YAML::Parser parser(stream);
        if (!parser.HandleNextDocument(builder) || !builder.root ||
            builder.root->kind == TreeNode::Kind::null) {
            diagnostics.error({1, 1}, "the file is empty", "the smallest policy is `version: 1`");
            return false;
        }
        root = std::move(*builder.root);
        builder.root.reset();
        if (parser.HandleNextDocument(builder)) {
            report_second(source, diagnostics, root,
                          builder.root ? builder.root->at : Position{1, 1});
            return false;
        }
    } catch (const TooDeep &deep) {
        diagnostics.error(deep.at, fmt::format("nested deeper than {} levels", max_depth),
                          "a policy has three levels");
        return false;
    } catch (const YAML::Exception &error) {
        Position at = error.mark.is_null() ? Position{1, 1} : position(error.mark);
        report(source, diagnostics, at, error.msg);
        return false;
    }
    return true;
}

} // namespace pasid::policy
