// The JSON object of a control call, read member by member; finish() reports the first one that is wrong, and
// any that nobody asked for: a misspelt member of a test must not pass silently.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"

namespace muster::sim {

class ControlBody {
 public:
  explicit ControlBody(const boost::json::object& members) : members_(members) {}

  bool has(const char* key) const { return members_.contains(key); }
  std::optional<std::string> text(const char* key);
  std::optional<std::string> word(const char* key, const std::vector<std::string>& words);
  std::optional<bool> flag(const char* key);
  std::optional<long long> number(const char* key, long long least, long long most);
  std::optional<std::vector<std::string>> texts(const char* key);
  /// RFC 3339, as milliseconds since 1970.
  std::optional<long long> date(const char* key);
  /// `8d`, `5m`; with a minus in front the other way. Milliseconds.
  std::optional<long long> duration(const char* key);
  /// The member as it is; null when absent.
  const boost::json::value* any(const char* key);

  Result<> finish();

 private:
  const boost::json::value* take(const char* key);
  void complain(const char* key, const std::string& must_be);

  const boost::json::object& members_;
  std::set<std::string> known_;
  std::string problem_;
};

}  // namespace muster::sim
