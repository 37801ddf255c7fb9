#include "model/device_flags.h"

#include <boost/json.hpp>

namespace muster {
namespace {

// The value of a key of the object itself, not of one inside; null when there is none. Most rows do not have
// the key, and many filters ask a million rows: those are not parsed.
boost::json::value member(std::string_view other, std::string_view key) {
  if (other.find(key) == std::string_view::npos) return nullptr;
  boost::system::error_code error;
  auto row = boost::json::parse(boost::json::string_view(other.data(), other.size()), error);
  if (error || !row.is_object()) return nullptr;
  auto* found = row.get_object().if_contains(boost::json::string_view(key.data(), key.size()));
  return found ? std::move(*found) : boost::json::value(nullptr);
}

bool is_true(std::string_view other, std::string_view key) {
  if (other.find("true") == std::string_view::npos) return false;
  const auto flag = member(other, key);
  return flag.is_bool() && flag.get_bool();
}

}  // namespace

bool is_migrating(std::string_view other) {
  const auto deadline = member(other, "mdm_migration_deadline");
  return !deadline.is_null() && !(deadline.is_string() && deadline.get_string().empty());
}

bool is_replacement(std::string_view other) { return is_true(other, "is_replacement_device"); }

bool was_replaced(std::string_view other) { return is_true(other, "released_by_replacement"); }

}  // namespace muster
