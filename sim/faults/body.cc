#include "sim/faults/body.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/text/flags.h"
#include "base/time/rfc3339.h"

namespace muster::sim {

const boost::json::value* ControlBody::take(const char* key) {
  known_.insert(key);
  return members_.if_contains(key);
}

void ControlBody::complain(const char* key, const std::string& must_be) {
  if (problem_.empty()) problem_ = fmt::format("\"{}\" must be {}", key, must_be);
}

const boost::json::value* ControlBody::any(const char* key) { return take(key); }

std::optional<std::string> ControlBody::text(const char* key) {
  const auto* value = take(key);
  if (!value) return std::nullopt;
  if (value->is_string()) return std::string(value->get_string());
  complain(key, "a text");
  return std::nullopt;
}

std::optional<std::string> ControlBody::word(const char* key, const std::vector<std::string>& words) {
  auto value = text(key);
  if (!value) return std::nullopt;
  std::string all;
  for (const auto& word : words) {
    if (word == *value) return value;
    all += (all.empty() ? "" : " or ") + word;
  }
  complain(key, all);
  return std::nullopt;
}

std::optional<bool> ControlBody::flag(const char* key) {
  const auto* value = take(key);
  if (!value) return std::nullopt;
  if (value->is_bool()) return value->get_bool();
  complain(key, "true or false");
  return std::nullopt;
}

std::optional<long long> ControlBody::number(const char* key, long long least, long long most) {
  const auto* value = take(key);
  if (!value) return std::nullopt;
  if (value->is_int64() && value->get_int64() >= least && value->get_int64() <= most)
    return value->get_int64();
  complain(key, fmt::format("a whole number between {} and {}", least, most));
  return std::nullopt;
}

std::optional<std::vector<std::string>> ControlBody::texts(const char* key) {
  const auto* value = take(key);
  if (!value) return std::nullopt;
  std::vector<std::string> texts;
  if (const auto* array = value->if_array()) {
    for (const auto& item : *array)
      if (item.is_string()) texts.emplace_back(item.get_string());
    if (texts.size() == array->size()) return texts;
  }
  complain(key, "a list of strings");
  return std::nullopt;
}

std::optional<long long> ControlBody::date(const char* key) {
  const auto value = text(key);
  if (!value) return std::nullopt;
  if (const auto time = parse_rfc3339(*value)) return to_millis(*time);
  complain(key, "a date such as 2026-01-17T11:02:21Z");
  return std::nullopt;
}

std::optional<long long> ControlBody::duration(const char* key) {
  const auto value = text(key);
  if (!value) return std::nullopt;
  const bool negative = value->starts_with('-');
  if (const auto duration = parse_duration(negative ? value->substr(1) : *value))
    return negative ? -duration->count() : duration->count();
  complain(key, "a duration such as 8d, 5m or -30s");
  return std::nullopt;
}

Result<> ControlBody::finish() {
  if (!problem_.empty()) return failure(Code::invalid, problem_);
  for (const auto& member : members_) {
    if (known_.contains(std::string(member.key()))) continue;
    std::string known;
    for (const auto& key : known_) known += (known.empty() ? "" : ", ") + key;
    return failure(Code::invalid,
                   fmt::format("\"{}\" means nothing here; there is {}", std::string(member.key()), known));
  }
  return {};
}

}  // namespace muster::sim
