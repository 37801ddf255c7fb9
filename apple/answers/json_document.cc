#include "apple/answers/json_document.h"

#include <boost/json/serialize.hpp>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "apple/answers/text_repair.h"
#include "base/guarded.h"
#include "base/text/json.h"

namespace muster::apple {
namespace {

// A device has two levels; what Apple may add has room, and no answer can exhaust the stack.
constexpr size_t kMaxDepth = 64;

// Its place is all that is known of a value: so it is asked for one after another.
template <class T>
std::optional<T> as(JsonValue value) {
  T wanted;
  if (value.get(wanted)) return std::nullopt;
  return wanted;
}

// Whether JSON writes the text as it is. Eight characters at a time, by the usual arithmetic on the bytes of
// a word: a byte is below n where subtracting n from each borrows into its highest bit, and equal to c where
// the difference to c is below 1. A borrow may also mark a byte behind one that is marked rightly: never a
// text without any.
bool is_plain(std::string_view text) {
  if (text.empty()) return true;
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHighs = 0x8080808080808080;
  const auto has_below = [](std::uint64_t word, std::uint64_t n) {
    return (word - kOnes * n) & ~word & kHighs;
  };
  const auto has = [&](std::uint64_t word, unsigned char c) { return has_below(word ^ (kOnes * c), 1); };
  const auto odd = [&](std::uint64_t word) {
    return has_below(word, 0x20) | has(word, '"') | has(word, '\\') | has(word, 0x7F);
  };
  std::uint64_t found = 0;
  size_t at = 0;
  for (; at + sizeof(found) <= text.size(); at += sizeof(found)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof(word));
    found |= odd(word);
  }
  std::uint64_t rest = kOnes * 'x';  // what is not of the text is plain
  std::memcpy(&rest, text.data() + at, text.size() - at);
  return !(found | odd(rest));
}

// How many members the object has that `text` is; well-formed JSON is given.
size_t members_of_root(std::string_view text) {
  size_t members = 0;
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i)
        if (text[i] == '\\') ++i;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    } else if (c == ':' && depth == 1) {
      ++members;
    }
  }
  return members;
}

// The general parser is asked when all is lost. It knows line and column of what is wrong; or it can read the
// text all the same, as it does numbers that are too large for any of ours: then it writes it in its own
// words.
Result<std::string> in_other_words(const std::string& text) {
  auto read = parse_json(text);
  if (!read) return failure(Code::remote, std::move(read).error().message);
  // This parser keeps the last of two members with the same key, and nobody could tell that there was
  // another.
  if (read->is_object() && read->get_object().size() != members_of_root(text))
    return failure(Code::remote, "duplicate key");
  return write_json(*read);
}

// From one backslash to the next, of which a page has few, if any.
bool has_nul(std::string_view text) {
  constexpr std::string_view kNul = "\\u0000";
  for (size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at + 2))
    if (text.substr(at, kNul.size()) == kNul) return true;
  return false;
}

// A parser has some bytes of memory for each of the text's. Those of one that is done are used for the next
// text, rather than asked of the machine again for every page of a list.
class SpareParsers {
 public:
  std::unique_ptr<simdjson::dom::parser> take() {
    auto spare = spare_.with([](auto& parsers) -> std::unique_ptr<simdjson::dom::parser> {
      if (parsers.empty()) return nullptr;
      auto last = std::move(parsers.back());
      parsers.pop_back();
      return last;
    });
    return spare ? std::move(spare) : std::make_unique<simdjson::dom::parser>();
  }
  void put(std::unique_ptr<simdjson::dom::parser> parser) {
    if (parser->capacity() > kLargestText) return;
    spare_.with([&](auto& parsers) {
      if (parsers.size() < kMost) parsers.push_back(std::move(parser));
    });
  }

 private:
  static constexpr size_t kMost = 2;               // a page and what is read of one beside it
  static constexpr size_t kLargestText = 1 << 20;  // a page of 1,000 devices has 0.4 MB

  Guarded<std::vector<std::unique_ptr<simdjson::dom::parser>>> spare_;
};

SpareParsers& spare_parsers() {
  static SpareParsers spare;
  return spare;
}

}  // namespace

JsonDocument::JsonDocument(std::string text) : text_(std::move(text)), parser_(spare_parsers().take()) {}

JsonDocument::~JsonDocument() { spare_parsers().put(std::move(parser_)); }

Result<std::unique_ptr<JsonDocument>> JsonDocument::parse(std::string text) {
  auto document = std::make_unique<JsonDocument>(has_nul(text) ? repair_json_text(text) : std::move(text));
  if (!document->parse()) {
    document = std::make_unique<JsonDocument>(repair_json_text(document->text_));
    if (!document->parse()) {
      MUSTER_TRY(auto other, in_other_words(document->text_));
      document = std::make_unique<JsonDocument>(std::move(other));
      if (!document->parse()) return failure(Code::remote, "invalid JSON");
    }
  }
  if (!document->root_.is_object())
    return failure(Code::remote, std::string("it is ") + kind_of(document->root_) + ", expected an object");
  return document;
}

// The parser reads some bytes behind the text.
bool JsonDocument::parse() {
  text_.reserve(text_.size() + simdjson::SIMDJSON_PADDING);
  const bool has_room = parser_->capacity() >= text_.size() && parser_->max_depth() == kMaxDepth;
  if (!has_room && parser_->allocate(text_.size(), kMaxDepth)) return false;
  return !parser_->parse(text_.data(), text_.size(), false).get(root_);
}

bool is_nothing(JsonValue value) {
  if (value.is_null()) return true;
  const auto text = as_text(value);
  return text && text->empty();
}

std::optional<JsonValue> member_of(JsonObject object, std::string_view key) {
  JsonValue value;
  if (object.at_key(key).get(value)) return std::nullopt;
  return value;
}

std::optional<JsonValue> find_value(JsonObject object, std::string_view key) {
  const auto value = member_of(object, key);
  return value && !is_nothing(*value) ? value : std::nullopt;
}

std::string find_text(JsonObject object, std::string_view key) {
  const auto value = member_of(object, key);
  return value ? std::string(as_text(*value).value_or("")) : std::string();
}

std::optional<std::string_view> as_text(JsonValue value) { return as<std::string_view>(value); }
std::optional<JsonObject> as_object(JsonValue value) { return as<JsonObject>(value); }
std::optional<JsonArray> as_array(JsonValue value) { return as<JsonArray>(value); }

const char* kind_of(JsonValue value) {
  switch (value.type()) {
    case simdjson::dom::element_type::NULL_VALUE: return "null";
    case simdjson::dom::element_type::BOOL: return "a boolean";
    case simdjson::dom::element_type::INT64:
    case simdjson::dom::element_type::UINT64:
    case simdjson::dom::element_type::DOUBLE: return "a number";
    case simdjson::dom::element_type::STRING: return "a text";
    case simdjson::dom::element_type::ARRAY: return "an array";
    case simdjson::dom::element_type::OBJECT: return "an object";
  }
  return "something else";
}

void append_json(std::string& out, std::string_view text) {
  if (is_plain(text)) {
    out += '"';
    out += text;
    out += '"';
  } else {
    out += boost::json::serialize(boost::json::string_view(text.data(), text.size()));
  }
}

void append_json(std::string& out, JsonValue value) {
  if (const auto text = as_text(value)) return append_json(out, *text);
  if (const auto object = as_object(value)) {
    char next = '{';
    for (const auto member : *object) {
      out += std::exchange(next, ',');
      append_json(out, member.key);
      out += ':';
      append_json(out, member.value);
    }
    if (next == '{') out += next;
    out += '}';
    return;
  }
  if (const auto array = as_array(value)) {
    char next = '[';
    for (const auto item : *array) {
      out += std::exchange(next, ',');
      append_json(out, item);
    }
    if (next == '[') out += next;
    out += ']';
    return;
  }
  out += simdjson::to_string(value);
}

}  // namespace muster::apple
