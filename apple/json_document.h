// Apple's JSON as a tree in one piece of memory, and the few questions we ask of its values.
#pragma once

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace muster::apple {

class JsonDocument {
 public:
  /// Parses an object. What Apple may get wrong in a single text (bytes that are not UTF-8, half a surrogate
  /// pair, a bare control character) is mended first, so that it costs that text and not the page.
  /// Code::remote says what is wrong.
  static Result<std::unique_ptr<JsonDocument>> parse(std::string text);

  explicit JsonDocument(std::string text);
  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;

  const boost::json::object& root() const { return value_.as_object(); }
  /// The text that was parsed: what came, or what it was mended to.
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  boost::json::monotonic_resource memory_;
  boost::json::value value_;
};

/// null and "" are what an absent key is (apple-dep-api.md section 7).
bool is_nothing(const boost::json::value& value);

/// The value of `key`, or null when it is absent, null or "".
const boost::json::value* find_value(const boost::json::object& object, std::string_view key);

/// The text of `key`; "" when there is none or it is no string.
std::string find_text(const boost::json::object& object, std::string_view key);

inline std::string_view view(const boost::json::string& text) { return {text.data(), text.size()}; }

/// The kind of a value, for people: "an array".
const char* kind_of(const boost::json::value& value);

/// Appends the value as JSON text. Much faster than boost::json::serialize for the short texts of a device.
void append_json(std::string& out, const boost::json::value& value);
void append_json(std::string& out, std::string_view text);

}  // namespace muster::apple
