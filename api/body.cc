#include "api/body.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <limits>
#include <set>
#include <unordered_set>

#include "base/text/did_you_mean.h"
#include "base/text/json.h"
#include "base/text/strings.h"
#include "base/text/utf8.h"
#include "model/text/ids_text.h"
#include "profile/json_members.h"

namespace muster::api {

namespace {
constexpr size_t kLongestShown = 64;  // bytes of what a client sent
}

namespace {

// The last of two alike would count, and the first have no effect.
Result<> no_duplicate_keys(std::string_view text) {
  std::set<std::string> keys;
  MemberReader members(text);
  while (const auto member = members.next())
    if (!keys.insert(member->key).second)
      return failure(Code::invalid,
                     "the body has the duplicate key \"" + cut_utf8(member->key, kLongestShown) + "\"");
  return {};
}

}  // namespace

Result<> only_members(const boost::json::object& object, std::string_view known, std::string_view where) {
  const auto names = split_list(known, ' ');
  for (const auto& member : object) {
    const std::string name(member.key());
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const auto guess = did_you_mean(to_lower(name), names);
    return failure(Code::invalid,
                   fmt::format("{} has an unknown member \"{}\"", where, cut_utf8(name, kLongestShown)),
                   guess.empty() ? fmt::format("Known are {}", fmt::join(names, ", "))
                                 : fmt::format("Did you mean \"{}\"?", guess));
  }
  return {};
}

Result<boost::json::object> json_body(const Call& call) {
  auto value = parse_json(call.request.body);
  if (!value) return failure(value.error().while_doing("invalid body"));
  if (!value->is_object()) return failure(Code::invalid, "the body must be a JSON object");
  MUSTER_TRY(no_duplicate_keys(call.request.body));
  MUSTER_TRY(only_members(value->get_object(), call.members));
  return std::move(value->as_object());
}

Result<boost::json::object> optional_json_body(const Call& call) {
  if (trim(call.request.body).empty()) return boost::json::object();
  return json_body(call);
}

Result<std::string> string_field(const boost::json::object& body, std::string_view name, bool required) {
  const auto* value = body.if_contains(name);
  if (value && !value->is_null() && !value->is_string())
    return failure(Code::invalid, "\"" + std::string(name) + "\" must be a string");
  std::string text = value && value->is_string() ? std::string(value->get_string()) : "";
  if (required && text.empty())
    return failure(Code::invalid, "\"" + std::string(name) + "\" is missing or empty");
  return text;
}

Result<long long> number_field(const boost::json::object& body, std::string_view name, long long least,
                               long long most) {
  const auto* value = body.if_contains(name);
  if (!value || value->is_null()) return least;
  boost::json::error_code error;
  const auto number = value->to_number<long long>(error);
  if (!error && number >= least && number <= most) return number;
  const bool is_open = most == std::numeric_limits<long long>::max();
  return failure(Code::invalid,
                 "\"" + std::string(name) + "\" must be a whole number" +
                     (is_open ? "" : " from " + std::to_string(least) + " to " + std::to_string(most)));
}

Result<std::optional<Millis>> seconds_field(const boost::json::object& body, std::string_view name,
                                            Millis most) {
  MUSTER_TRY(const auto seconds,
             number_field(body, name, 0, std::chrono::floor<std::chrono::seconds>(most).count()));
  const auto* const given = body.if_contains(name);
  if (!given || given->is_null()) return std::nullopt;
  return std::chrono::seconds(seconds);
}

Result<std::optional<long long>> optional_number_field(const boost::json::object& body,
                                                       std::string_view name) {
  const auto* value = body.if_contains(name);
  if (!value || value->is_null()) return std::nullopt;
  MUSTER_TRY(const auto number, number_field(body, name, std::numeric_limits<long long>::min(),
                                             std::numeric_limits<long long>::max()));
  return number;
}

Result<bool> flag_field(const boost::json::object& body, std::string_view name) {
  const auto* value = body.if_contains(name);
  if (!value || value->is_null()) return false;
  if (!value->is_bool()) return failure(Code::invalid, "\"" + std::string(name) + "\" must be true or false");
  return value->get_bool();
}

Result<std::optional<ProfileUuid>> profile_uuid_field(const boost::json::object& body,
                                                      std::string_view name) {
  MUSTER_TRY(const auto text, string_field(body, name, false));
  return read_profile_uuid(text);
}

Result<ProfileUuid> required_profile_uuid(const boost::json::object& body, std::string_view name) {
  MUSTER_TRY(auto uuid, profile_uuid_or_name(body, name));
  if (is_profile_uuid(uuid.str())) return uuid;
  return failure(
      Code::invalid,
      fmt::format("\"{}\" is not a profile UUID: {}", name,
                  boost::json::serialize(boost::json::string(cut_utf8(uuid.str(), kLongestShown)))),
      "It has 32 hex digits; `mdmctl get dep-profiles` lists the profiles and their UUIDs");
}

Result<ProfileUuid> profile_uuid_or_name(const boost::json::object& body, std::string_view name) {
  MUSTER_TRY(const auto text, string_field(body, name, true));
  auto uuid = read_profile_uuid(text);
  if (!uuid) return failure(Code::invalid, "\"" + std::string(name) + "\" is missing or empty");
  return *std::move(uuid);
}

Result<std::vector<Serial>> serials_field(const boost::json::object& body, std::string_view name,
                                          bool required) {
  std::vector<Serial> serials;
  std::unordered_set<Serial> seen;
  const auto* value = body.if_contains(name);
  if (value && !value->is_null()) {
    const auto* array = value->if_array();
    if (!array)
      return failure(Code::invalid, "\"" + std::string(name) + "\" must be a list of serial numbers");
    for (const auto& item : *array) {
      auto serial = item.is_string() ? read_serial(item.get_string()) : std::nullopt;
      if (!serial)
        return failure(Code::invalid, fmt::format("\"{}\" has an entry that is not a serial number: {}", name,
                                                  cut_utf8(boost::json::serialize(item), kLongestShown)));
      if (seen.insert(*serial).second) serials.push_back(*std::move(serial));
    }
  }
  if (required && serials.empty())
    return failure(Code::invalid, "\"" + std::string(name) + "\" must contain at least one serial number");
  return serials;
}

Result<std::vector<std::string>> texts_field(const boost::json::object& body, std::string_view name) {
  std::vector<std::string> texts;
  const auto* value = body.if_contains(name);
  if (!value || value->is_null()) return texts;
  const auto* array = value->if_array();
  if (!array) return failure(Code::invalid, "\"" + std::string(name) + "\" must be a list of strings");
  for (const auto& item : *array) {
    const auto text = item.is_string() ? trim_pasted(item.get_string()) : std::string_view();
    if (text.empty())
      return failure(Code::invalid,
                     "\"" + std::string(name) + "\" has an entry that is empty or not a string");
    texts.emplace_back(text);
  }
  return texts;
}

}  // namespace muster::api
