// Control calls that show what is there: devices, profiles, operations.
#include <boost/json.hpp>
#include <charconv>
#include <map>

#include "base/text/strings.h"
#include "base/time/rfc3339.h"
#include "sim/control/handlers.h"
#include "sim/world/codec.h"
#include "sim/world/row.h"

namespace muster::sim {
namespace {

constexpr long long kMostRows = 5'000'000;
constexpr long long kRowsByDefault = 100'000;

// `since` of the query: milliseconds since 1970 or RFC 3339; 0 when absent.
Result<long long> since_in_query(const http::Request& request) {
  const auto text = request.query.get("since");
  if (!text || text->empty()) return 0LL;
  long long ms = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), ms);
  if (error == std::errc() && end == text->data() + text->size()) return ms;
  if (const auto time = parse_rfc3339(*text)) return to_millis(*time);
  return failure(Code::invalid,
                 "since must be milliseconds since 1970, or a date such as 2026-01-17T11:02:21Z");
}

bool has_profile(const DeviceState& state) {
  return state.status == ProfileStatus::assigned || state.status == ProfileStatus::pushed;
}

void append_lock(std::string& out, const Extras& extras) {
  out += ",\"locked\":true,\"escrow_key\":";
  append_json_string(out, extras.escrow_key);
  out += ",\"lost_message\":";
  append_json_string(out, extras.lost_message);
}

// The row at the newest version, with what Apple would not tell.
void append_device(std::string& out, const World& world, const Device& device) {
  append_row(out, world, device, device.state, {});
  out.pop_back();
  out += ",\"account\":";
  if (device.account == -1)
    out += "null";
  else
    append_json_string(out, world.accounts()[static_cast<size_t>(device.account)].name);
  out += device.released ? ",\"released\":true" : ",\"released\":false";
  out += ",\"throttled_until_ms\":" + std::to_string(device.throttled_until_ms);
  if (device.locked) append_lock(out, device.extras ? *device.extras : Extras());
  out += '}';
}

// A tab-separated line: serial, status, UUID of the profile (`-` for none).
void append_line(std::string& out, const World& world, const Device& device) {
  out += device.serial;
  out += '\t';
  out += to_word(device.state.status);
  out += '\t';
  out += device.state.profile == 0 ? "-" : world.profile(device.state.profile).uuid;
  out += '\n';
}

}  // namespace

Result<http::Response> list_account_devices(ControlCall& call) {
  MUSTER_TRY(const Account* account, account_in_path(call));
  const http::Query& query = call.request.query;
  MUSTER_TRY(const long long since_ms, since_in_query(call.request));
  MUSTER_TRY(const long long limit, number_in_query(call.request, "limit", kRowsByDefault, kMostRows));
  MUSTER_TRY(long long skip, number_in_query(call.request, "offset", 0, kMostRows));
  const std::string status = query.get("status").value_or("");
  const std::string uuid = query.get("profile_uuid").value_or("");
  const bool as_lines = query.get("format").value_or("json") == "tsv";
  const World& world = call.service.world;

  long long total = 0;
  long long shown = 0;
  std::string rows;
  for (const auto& entry : account->list) {
    const Device& device = world.device(entry.device);
    if (entry.departure != 0 || entry.listed_ms < since_ms) continue;
    if (!status.empty() && status != to_word(device.state.status)) continue;
    if (!uuid.empty() && (!has_profile(device.state) || world.profile(device.state.profile).uuid != uuid))
      continue;
    ++total;
    if (skip > 0) {
      --skip;
      continue;
    }
    if (shown == limit) continue;
    if (as_lines) {
      append_line(rows, world, device);
    } else {
      if (shown > 0) rows += ',';
      append_device(rows, world, device);
    }
    ++shown;
  }
  if (as_lines)
    return http::Response{
        .status = 200, .headers = {{"Content-Type", "text/tab-separated-values"}}, .body = std::move(rows)};
  return http::Response{.status = 200,
                        .headers = {{"Content-Type", "application/json; charset=utf-8"}},
                        .body = "{\"total\":" + std::to_string(total) + ",\"devices\":[" + rows + "]}\n"};
}

Result<http::Response> summarize_account(ControlCall& call) {
  MUSTER_TRY(const Account* account, account_in_path(call));
  MUSTER_TRY(const long long since_ms, since_in_query(call.request));
  const World& world = call.service.world;
  long long devices = 0;
  long long by_status[std::size(kStatusWords)] = {};
  std::map<std::string, long long> by_profile;
  for (const auto& entry : account->list) {
    if (entry.departure != 0 || entry.listed_ms < since_ms) continue;
    const DeviceState& state = world.device(entry.device).state;
    ++devices;
    ++by_status[static_cast<size_t>(state.status)];
    if (has_profile(state)) ++by_profile[world.profile(state.profile).uuid];
  }
  boost::json::object statuses;
  for (size_t i = 0; i < std::size(kStatusWords); ++i)
    statuses[boost::json::string_view(kStatusWords[i].data(), kStatusWords[i].size())] = by_status[i];
  boost::json::object profiles;
  for (const auto& [uuid, count] : by_profile) profiles[uuid] = count;
  return control_json(
      {{"devices", devices}, {"by_status", std::move(statuses)}, {"by_profile", std::move(profiles)}});
}

Result<http::Response> list_account_profiles(ControlCall& call) {
  MUSTER_TRY(const Account* account, account_in_path(call));
  std::map<ProfileId, long long> counts;
  for (const auto& entry : account->list) {
    const DeviceState& state = call.service.world.device(entry.device).state;
    if (entry.departure == 0 && has_profile(state)) ++counts[state.profile];
  }
  boost::json::array profiles;
  const auto& all = call.service.world.profiles();
  for (ProfileId id = 1; id < all.size(); ++id) {
    if (all[id].account != account->index) continue;
    profiles.push_back({{"profile_uuid", all[id].uuid},
                        {"profile_name", all[id].name},
                        {"devices", counts[id]},
                        {"document", boost::json::parse(all[id].document)}});
  }
  return control_json({{"profiles", std::move(profiles)}});
}

Result<http::Response> list_account_events(ControlCall& call) {
  MUSTER_TRY(const Account* account, account_in_path(call));
  MUSTER_TRY(const long long since_ms, since_in_query(call.request));
  MUSTER_TRY(const long long limit, number_in_query(call.request, "limit", kRowsByDefault, kMostRows));
  std::string rows;
  long long shown = 0;
  for (const auto& event : account->events) {
    if (event.ms < since_ms || shown == limit) continue;
    if (shown++ > 0) rows += ',';
    append_row(rows, call.service.world, call.service.world.device(event.device), event.state,
               {.version = kNewestVersion, .event = &event});
    rows.pop_back();
    rows += ",\"event_ms\":" + std::to_string(event.ms) + "}";
  }
  return http::Response{
      .status = 200,
      .headers = {{"Content-Type", "application/json; charset=utf-8"}},
      .body = "{\"events\":[" + rows + "],\"hidden\":" + std::to_string(account->hidden.size()) + "}\n"};
}

Result<http::Response> show_device(ControlCall& call) {
  const Device* device = call.service.world.find_device(call.request.parameters[0]);
  if (!device) return failure(Code::not_found, "there is no device " + call.request.parameters[0]);
  std::string row;
  append_device(row, call.service.world, *device);
  return http::Response{
      .status = 200, .headers = {{"Content-Type", "application/json; charset=utf-8"}}, .body = row + "\n"};
}

}  // namespace muster::sim
