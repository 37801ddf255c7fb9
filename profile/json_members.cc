#include "profile/json_members.h"

#include <algorithm>
#include <boost/json.hpp>

namespace muster {

char JsonWalk::peek() {
  at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
  return at_ < text_.size() ? text_[at_] : '\0';
}

bool JsonWalk::take(char c) {
  if (peek() != c) return false;
  ++at_;
  return true;
}

JsonItem JsonWalk::value() {
  const char first = peek();
  const size_t begin = at_;
  if (first == '"')
    skip_string();
  else if (first == '{' || first == '[')
    skip_nested();
  else
    at_ = std::min(text_.find_first_of(" \t\r\n,]}", at_), text_.size());
  return {offset_ + begin, text_.substr(begin, at_ - begin)};
}

void JsonWalk::skip_string() {
  for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_)
    if (text_[at_] == '\\') ++at_;
  ++at_;
}

void JsonWalk::skip_nested() {
  size_t depth = 0;
  do {
    const char c = peek();
    if (c == '"') {
      skip_string();
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++at_;
  } while (depth > 0 && at_ < text_.size());
}

std::optional<JsonMember> MemberReader::next() {
  if (walk_.peek() != '"') return {};
  const auto key = walk_.value();
  walk_.take(':');
  JsonMember member{string_in(key.text), key.offset, walk_.value()};
  walk_.take(',');
  return member;
}

std::optional<JsonItem> ItemReader::next() {
  if (const char c = walk_.peek(); c == ']' || c == '\0') return {};
  const auto item = walk_.value();
  walk_.take(',');
  return item;
}

std::string string_in(std::string_view quoted) {
  const auto value = boost::json::parse(boost::json::string_view(quoted.data(), quoted.size()));
  return std::string(value.get_string());
}

}  // namespace muster
