// Apple's JSON as a tree in one block of memory, with the accessors that Muster needs.
#pragma once

#include <simdjson.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace muster::apple {

/// Parts of a document; valid as long as it is.
using JsonValue = simdjson::dom::element;
using JsonObject = simdjson::dom::object;
using JsonArray = simdjson::dom::array;

class JsonDocument {
 public:
  /// Parses an object. What Apple may get wrong in a single text (bytes that are not UTF-8, half a surrogate
  /// pair, a bare control character, NUL) is repaired first, so that it costs that text and not the page.
  /// Code::remote says what is wrong.
  static Result<std::unique_ptr<JsonDocument>> parse(std::string text);

  explicit JsonDocument(std::string text);
  ~JsonDocument();
  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;

  JsonObject root() const { return root_.get_object().value_unsafe(); }
  /// The text that was parsed: what came, or what it was mended to.
  const std::string& text() const { return text_; }

 private:
  bool parse();

  std::string text_;
  std::unique_ptr<simdjson::dom::parser> parser_;  // and what it read
  JsonValue root_;
};

/// null and "" are what an absent key is (apple-dep-api.md section 7).
bool is_nothing(JsonValue value);

/// The value of `key`, or nothing when there is no such key.
std::optional<JsonValue> member_of(JsonObject object, std::string_view key);

/// The same, and nothing also when it is null or "".
std::optional<JsonValue> find_value(JsonObject object, std::string_view key);

/// The text of `key`; "" when there is none or it is no string.
std::string find_text(JsonObject object, std::string_view key);

/// A value as what it is, or nothing.
std::optional<std::string_view> as_text(JsonValue value);
std::optional<JsonObject> as_object(JsonValue value);
std::optional<JsonArray> as_array(JsonValue value);

/// The kind of a value, for users: "an array".
const char* kind_of(JsonValue value);

/// Appends the value as JSON text.
void append_json(std::string& out, JsonValue value);
void append_json(std::string& out, std::string_view text);

}  // namespace muster::apple
