#include "cli/input/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "base/text/utf8.h"
#include "cli/input/yaml_fault.h"

namespace muster::cli {

// The library's own limit, which it needs for its stack, is 500.
static_assert(kDeepestYaml < 500);

namespace {

constexpr const char* kKeepApart = "Keep long lists in CSV files (`file:`), and profiles in JSON files";

// The library's marks as places. It counts bytes; columns are characters. Marks come in the order of the text
// mostly, so the last one's column is gone on from.
class Places {
 public:
  explicit Places(std::string_view text) : text_(text) {
    for (size_t at = 0; (at = text.find('\n', at)) != std::string_view::npos;) lines_.push_back(++at);
  }

  /// The text from there on.
  std::string_view from(const YAML::Mark& mark) const { return text_.substr(byte_of(mark)); }
  /// Whether a tab is in the indentation of that line.
  bool is_indented_by_tab(const YAML::Mark& mark) const {
    const auto line = text_.substr(lines_[line_of(mark)]);
    return line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string_view::npos;
  }

  TextPlace of(const YAML::Mark& mark) {
    const size_t line = line_of(mark), byte = byte_of(mark);
    if (line != line_ || byte < byte_) {
      line_ = line;
      byte_ = lines_[line];
      column_ = 1;
    }
    for (; byte_ < byte; ++byte_) column_ += (static_cast<unsigned char>(text_[byte_]) & 0xC0) != 0x80;
    return {.line = line_ + 1, .column = column_};
  }

 private:
  size_t line_of(const YAML::Mark& mark) const {
    return mark.line < 0 ? 0 : std::min(static_cast<size_t>(mark.line), lines_.size() - 1);
  }
  size_t byte_of(const YAML::Mark& mark) const {
    return mark.column < 0 ? 0
                           : std::min(lines_[line_of(mark)] + static_cast<size_t>(mark.column), text_.size());
  }

  std::string_view text_;
  std::vector<size_t> lines_{0};
  size_t line_ = 0, byte_ = 0, column_ = 1;
};

// What a node is made of, with all that is below it.
struct Weight {
  size_t nodes = 1, bytes = 0, height = 0;

  void add(const Weight& below) {
    nodes += below.nodes;
    bytes += below.bytes;
    height = std::max(height, below.height + 1);
  }
};

// Makes nodes of the library's events. After a fault it goes through the rest without effect.
class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(Places& places) : places_(places) {}

  std::optional<YamlFault> fault;
  std::vector<YamlNode> documents;

  void OnDocumentStart(const YAML::Mark& mark) override {
    anchors_.clear();
    // The library takes a line that is indented less than the first one for a document of its own.
    if (!std::exchange(is_first_, false) && !places_.from(mark).starts_with("---"))
      refuse(mark, "this is indented less than the first line",
             "Indent all members of a map alike; a new document begins with ---");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (takes(mark, {})) end({.node = make(YamlNode::Kind::nothing, mark), .anchor = anchor});
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const Weight weight{.bytes = value.size()};
    if (!may_have(mark, tag) || !takes(mark, weight)) return;
    auto scalar = make(YamlNode::Kind::scalar, mark);
    scalar.text = value;
    scalar.quoted = tag == "!";
    end({.node = std::move(scalar), .anchor = anchor, .weight = weight});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    begin(YamlNode::Kind::list, mark, tag, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    begin(YamlNode::Kind::map, mark, tag, anchor);
  }
  void OnSequenceEnd() override { end_open(); }
  void OnMapEnd() override { end_open(); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (fault) return;
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end())
      return refuse(mark, "this alias stands within what it refers to", "An alias repeats what is above it");
    if (takes(mark, known->second.weight)) end({.node = known->second.node, .weight = known->second.weight});
  }

 private:
  struct Part {
    YamlNode node{};
    YAML::anchor_t anchor = 0;
    Weight weight{};
    std::optional<YamlNode> key{};  // of a map: its value is still to come
  };

  YamlNode make(YamlNode::Kind kind, const YAML::Mark& mark) {
    YamlNode node;
    node.kind = kind;
    node.place = places_.of(mark);
    return node;
  }

  void refuse(const YAML::Mark& mark, std::string reason, std::string remedy) {
    if (!fault) fault = YamlFault{places_.of(mark), std::move(reason), std::move(remedy)};
  }

  // Counts what comes; false, with a fault, when that is too much. The sums are over all documents.
  bool takes(const YAML::Mark& mark, const Weight& more) {
    if (fault) return false;
    nodes_ += more.nodes;
    bytes_ += more.bytes;
    if (open_.size() + more.height > kDeepestYaml)
      refuse(mark, fmt::format("this is nested more than {} deep", kDeepestYaml), "");
    else if (nodes_ > kMostYamlNodes)
      refuse(mark, fmt::format("with this there are more than {} keys and values", kMostYamlNodes),
             kKeepApart);
    else if (bytes_ > kLargestYaml)
      refuse(mark, "with what the aliases repeat, this is more than 4 MB", kKeepApart);
    return !fault;
  }

  bool may_have(const YAML::Mark& mark, const std::string& tag) {
    if (fault) return false;
    if (tag == "?" || tag == "!" || tag.empty()) return true;
    refuse(mark, "unknown tag (`!...`)", "Remove it; a text that looks like a number needs quotes only");
    return false;
  }

  void begin(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (!may_have(mark, tag) || !takes(mark, {.height = 1})) return;
    open_.push_back({.node = make(kind, mark), .anchor = anchor});
  }

  void end_open() {
    if (fault) return;
    Part part = std::move(open_.back());
    open_.pop_back();
    end(std::move(part));
  }

  void end(Part part) {
    if (fault) return;
    if (part.anchor) anchors_[part.anchor] = {.node = part.node, .weight = part.weight};
    if (open_.empty()) {
      if (part.node.kind != YamlNode::Kind::nothing) documents.push_back(std::move(part.node));
      return;
    }
    Part& outer = open_.back();
    outer.weight.add(part.weight);
    if (outer.node.kind == YamlNode::Kind::list) {
      outer.node.items.push_back(std::move(part.node));
    } else if (!outer.key) {
      outer.key = std::move(part.node);
    } else {
      outer.node.members.push_back({std::move(*outer.key), std::move(part.node)});
      outer.key.reset();
    }
  }

  Places& places_;
  bool is_first_ = true;
  std::vector<Part> open_;
  std::map<YAML::anchor_t, Part> anchors_;
  size_t nodes_ = 0, bytes_ = 0;
};

}  // namespace

const char* kind_of(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::nothing: return "nothing";
    case YamlNode::Kind::scalar: return "a text";
    case YamlNode::Kind::list: return "a list";
    case YamlNode::Kind::map: return "a map of keys and values";
  }
  return "";
}

tl::expected<std::vector<YamlNode>, YamlFault> parse_yaml(std::string_view text) {
  if (text.size() > kLargestYaml)
    return tl::unexpected(YamlFault{.reason = "the file is larger than 4 MB", .remedy = kKeepApart});
  std::string_view rest = text;
  while (const size_t length = utf8_length(rest)) rest.remove_prefix(length);
  if (!rest.empty())
    return tl::unexpected(
        YamlFault{place_in(text, text.size() - rest.size()), "this is not UTF-8", "Save the file as UTF-8"});
  // The library would take some of them for the end of the file, or for another encoding.
  const auto control = std::find_if(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
  });
  if (control != text.end())
    return tl::unexpected(YamlFault{place_in(text, static_cast<size_t>(control - text.begin())),
                                    "unexpected control character",
                                    "Remove it, or write it in double quotes like \"\\x01\""});
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());

  Places places(text);
  Builder builder(places);
  try {
    // With a document's end below it, the library notices a quote that has no end.
    std::istringstream stream{std::string(text) + "\n...\n"};
    YAML::Parser parser(stream);
    while (!builder.fault && parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& exception) {
    const std::string message =
        places.is_indented_by_tab(exception.mark) ? YAML::ErrorMsg::TAB_IN_INDENTATION : exception.msg;
    if (!builder.fault) builder.fault = yaml_fault(message, places.of(exception.mark));
  }
  if (builder.fault) return tl::unexpected(std::move(*builder.fault));
  return std::move(builder.documents);
}

}  // namespace muster::cli
