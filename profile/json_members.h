// Where the members of a JSON object stand in its text, in the order and with the repetitions of the writer.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace muster {

/// A value as it is written, without white space around it.
struct JsonItem {
  size_t offset = 0;  ///< in the document, in bytes
  std::string_view text;
};

struct JsonMember {
  std::string key;  ///< with its escapes read
  size_t key_offset = 0;
  JsonItem value;
};

/// Goes over valid JSON value by value. The text must outlive it.
class JsonWalk {
 public:
  explicit JsonWalk(std::string_view text, size_t offset = 0) : text_(text), offset_(offset) {}

  /// The next character that is no white space, without going beyond it; '\0' at the end.
  char peek();
  /// Goes beyond `c` if it is next.
  bool take(char c);
  /// The value that is next.
  JsonItem value();

 private:
  void skip_string();
  void skip_nested();

  std::string_view text_;
  size_t offset_;
  size_t at_ = 0;
};

/// The members of a document that must be valid JSON and an object, one after the other. Members of members
/// are not looked at.
class MemberReader {
 public:
  explicit MemberReader(std::string_view document) : walk_(document) { walk_.take('{'); }
  std::optional<JsonMember> next();

 private:
  JsonWalk walk_;
};

/// The items of a JsonItem that is an array, one after the other.
class ItemReader {
 public:
  explicit ItemReader(const JsonItem& array) : walk_(array.text, array.offset) { walk_.take('['); }
  std::optional<JsonItem> next();

 private:
  JsonWalk walk_;
};

/// The text of a JsonItem that is a string, with its escapes read.
std::string string_in(std::string_view quoted);

}  // namespace muster
