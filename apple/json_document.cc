#include "apple/json_document.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdint>
#include <cstring>

#include "apple/text_repair.h"
#include "http/json.h"

namespace muster::apple {
namespace {

// A device has two levels; what Apple may add has room, and no answer can exhaust the stack.
constexpr size_t kMaxDepth = 64;

bool parse_into(boost::json::value& value, std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::json::error_code error;
  value = boost::json::parse(text, error, value.storage(), options);
  return !error;
}

// Whether JSON writes the text as it is. Eight characters at a time, by the usual arithmetic on the bytes of a word: a byte
// is below n where subtracting n from each borrows into its highest bit, and equal to c where the difference to c is
// below 1. A borrow may also mark a byte behind one that is marked rightly: never a text without any.
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

// The general parser knows line and column, and nothing of our memory: it is asked when all is lost.
std::string why_unreadable(std::string_view text) {
  const auto again = http::parse_json(text);
  return again ? "it cannot be read" : again.error().message;
}

}  // namespace

// A tree takes about twice the room of its text: mostly one piece.
JsonDocument::JsonDocument(std::string text)
    : text_(std::move(text)), memory_(text_.size() * 2 + 1024), value_(&memory_) {}

Result<std::unique_ptr<JsonDocument>> JsonDocument::parse(std::string text) {
  auto document = std::make_unique<JsonDocument>(std::move(text));
  if (!parse_into(document->value_, document->text_)) {
    document = std::make_unique<JsonDocument>(repair_json_text(document->text_));
    if (!parse_into(document->value_, document->text_))
      return failure(Code::remote, why_unreadable(document->text_));
  }
  if (!document->value_.is_object())
    return failure(Code::remote,
                   std::string("it is ") + kind_of(document->value_) + " where an object should be");
  return document;
}

bool is_nothing(const boost::json::value& value) {
  if (value.is_null()) return true;
  const auto* text = value.if_string();
  return text && text->empty();
}

const boost::json::value* find_value(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && !is_nothing(*value) ? value : nullptr;
}

std::string find_text(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(view(value->get_string())) : std::string();
}

const char* kind_of(const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::null: return "null";
    case boost::json::kind::bool_: return "a boolean";
    case boost::json::kind::int64:
    case boost::json::kind::uint64:
    case boost::json::kind::double_: return "a number";
    case boost::json::kind::string: return "a text";
    case boost::json::kind::array: return "an array";
    case boost::json::kind::object: return "an object";
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

void append_json(std::string& out, const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::null: out += "null"; break;
    case boost::json::kind::bool_: out += value.get_bool() ? "true" : "false"; break;
    case boost::json::kind::int64: out += std::to_string(value.get_int64()); break;
    case boost::json::kind::string: append_json(out, view(value.get_string())); break;
    case boost::json::kind::array: {
      out += '[';
      const size_t start = out.size();
      for (const auto& item : value.get_array()) {
        if (out.size() != start) out += ',';
        append_json(out, item);
      }
      out += ']';
      break;
    }
    case boost::json::kind::object: {
      out += '{';
      const size_t start = out.size();
      for (const auto& member : value.get_object()) {
        if (out.size() != start) out += ',';
        append_json(out, std::string_view(member.key().data(), member.key().size()));
        out += ':';
        append_json(out, member.value());
      }
      out += '}';
      break;
    }
    default: out += boost::json::serialize(value); break;
  }
}

}  // namespace muster::apple
