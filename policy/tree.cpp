// SPDX-License-Identifier: GPL-2.0
#include "policy/tree.hpp"

#include <istream>
#include <map>
#include <optional>
#include <streambuf>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace pasid::policy {

namespace {

constexpr std::size_t max_depth = 16;

struct TooDeep {
    Position at;
};

Position position(const YAML::Mark &mark) {
    return {static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1)};
}

// Builds the tree from the parser's events and refuses what a policy may not use.
class TreeBuilder : public YAML::EventHandler {
public:
    TreeBuilder(Diagnostics &diagnostics) : diagnostics_(diagnostics) {}

    std::optional<Node> root;

    void OnDocumentStart(const YAML::Mark &) override {}
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark &mark, YAML::anchor_t) override {
        place(Node{.at = position(mark)});
    }

    void OnAlias(const YAML::Mark &mark, YAML::anchor_t) override {
        diagnostics_.error(position(mark), "aliases are not supported",
                           "write the value again; text that starts with `*` needs quotes");
        place(Node{.kind = Node::Kind::refused, .at = position(mark)});
    }

    void OnAnchor(const YAML::Mark &mark, const std::string &) override {
        diagnostics_.error(position(mark), "anchors are not supported",
                           "remove it; text that starts with `&` needs quotes");
    }

    void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t,
                  const std::string &value) override {
        check_tag(mark, tag);
        place(Node{.kind = Node::Kind::scalar,
                   .at = position(mark),
                   .text = value,
                   .quoted = tag == "!"});
    }

    void OnSequenceStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, Node::Kind::sequence);
    }
    void OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, Node::Kind::mapping);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapEnd() override { close(); }

private:
    struct Frame {
        Node node;
        std::optional<Node> key;
        std::map<std::string, Position> keys;
    };

    void check_tag(const YAML::Mark &mark, const std::string &tag) {
        if (!tag.empty() && tag != "?" && tag != "!")
            diagnostics_.error(position(mark), fmt::format("the tag {} is not supported",
                                                           pasid::policy::quoted(tag)),
                               "remove it");
    }

    void open(const YAML::Mark &mark, const std::string &tag, Node::Kind kind) {
        check_tag(mark, tag);
        if (stack_.size() == max_depth)
            throw TooDeep{position(mark)};
        stack_.push_back({Node{.kind = kind, .at = position(mark)}, {}, {}});
    }

    void close() {
        Node node = std::move(stack_.back().node);
        stack_.pop_back();
        place(std::move(node));
    }

    void place(Node node) {
        if (stack_.empty()) {
            root = std::move(node);
            return;
        }
        Frame &frame = stack_.back();
        if (frame.node.kind == Node::Kind::sequence) {
            frame.node.items.push_back(std::move(node));
        } else if (!frame.key) {
            frame.key = std::move(node);
        } else {
            if (new_key(frame))
                frame.node.entries.emplace_back(std::move(*frame.key), std::move(node));
            frame.key.reset();
        }
    }

    bool new_key(Frame &frame) {
        if (frame.key->kind != Node::Kind::scalar)
            return true;
        auto [first, added] = frame.keys.emplace(frame.key->text, frame.key->at);
        if (!added)
            diagnostics_.error(frame.key->at,
                               fmt::format("{} is given twice, first on line {}",
                                           quoted(frame.key->text), first->second.line),
                               "keep one of the two");
        return added;
    }

    Diagnostics &diagnostics_;
    std::vector<Frame> stack_;
};

// Reads text in place.
class ViewBuffer : public std::streambuf {
public:
    explicit ViewBuffer(std::string_view text) {
        char *start = const_cast<char *>(text.data());
        setg(start, start, start + text.size());
    }
};

// The parser's messages are about YAML; say what to do about the usual causes.
std::string_view help_for(const std::string &message) {
    static const std::pair<std::string_view, std::string_view> known[] = {
        {YAML::ErrorMsg::UNKNOWN_ANCHOR,
         "aliases are not supported; text that starts with `*` needs quotes"},
        {YAML::ErrorMsg::MAP_VALUE, "is the line indented like its neighbours? text with `: ` in it "
                                    "needs quotes"},
        {YAML::ErrorMsg::END_OF_MAP, "is the line indented like its neighbours, with `KEY: VALUE`?"},
        {YAML::ErrorMsg::END_OF_SEQ, "is the line indented like its neighbours, with `- ` before "
                                     "each item?"},
        {YAML::ErrorMsg::END_OF_MAP_FLOW, "a `}` or a `,` is missing"},
        {YAML::ErrorMsg::END_OF_SEQ_FLOW, "a `]` or a `,` is missing"},
        {YAML::ErrorMsg::EOF_IN_SCALAR, "the closing quote is missing"},
        {YAML::ErrorMsg::TAB_IN_INDENTATION, "YAML is indented with spaces"},
    };
    for (auto [text, help] : known)
        if (message == text)
            return help;
    return "not valid YAML";
}

}  // namespace

std::string_view Node::kind_name() const {
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

bool parse_tree(const Source &source, Diagnostics &diagnostics, Node &root) {
    ViewBuffer buffer(source.text());
    std::istream stream(&buffer);
    TreeBuilder builder(diagnostics);

    // The edge to yaml-cpp: it reports by exceptions.
    try {
        YAML::Parser parser(stream);
        if (!parser.HandleNextDocument(builder) || !builder.root ||
            builder.root->kind == Node::Kind::null) {
            diagnostics.error({1, 1}, "the file is empty",
                              "the smallest policy is `version: 1`");
            return false;
        }
        root = std::move(*builder.root);
        builder.root.reset();
        if (parser.HandleNextDocument(builder)) {
            diagnostics.error(builder.root ? builder.root->at : Position{1, 1},
                              "a second document starts here",
                              "a file holds one policy: remove the `---` and what follows, or put "
                              "it into a file of its own");
            return false;
        }
    } catch (const TooDeep &deep) {
        diagnostics.error(deep.at, fmt::format("nested deeper than {} levels", max_depth),
                          "a policy needs three");
        return false;
    } catch (const YAML::Exception &error) {
        Position at = error.mark.is_null() ? Position{1, 1} : position(error.mark);
        diagnostics.error(at, fmt::format("YAML: {}", error.msg), help_for(error.msg));
        return false;
    }
    return true;
}

}  // namespace pasid::policy
