// Listing, details, disowning, locking.
#include <boost/json.hpp>
#include <unordered_set>

#include "sim/apple/handlers.h"
#include "sim/apple/listing.h"
#include "sim/world/catalogue.h"
#include "sim/world/codec.h"
#include "sim/world/row.h"

namespace muster::sim {
namespace {

constexpr int kReplacementVersion = 10;

// Reads `cursor` and `limit`; an empty cursor counts as none.
std::optional<PageRequest> parse_page_request(AppleCall& call) {
  PageRequest page;
  page.version = call.version;
  page.repeat_cursor = call.fault && call.fault->repeat_cursor;
  const auto body = parse_body(call);
  if (!body) return std::nullopt;
  if (const auto* cursor = body->if_contains("cursor"); cursor && !cursor->is_null()) {
    if (!cursor->is_string()) return std::nullopt;
    if (!cursor->get_string().empty()) page.cursor = std::string(cursor->get_string());
  }
  if (const auto* limit = body->if_contains("limit"); limit && !limit->is_null()) {
    // What Apple says to a limit of 0 or less is not known.
    if (!limit->is_int64() || limit->get_int64() < 0) return std::nullopt;
    if (limit->get_int64() > 0) page.limit = limit->get_int64();
  }
  call.record.cursor = page.cursor.value_or("");
  call.record.limit = page.limit.value_or(0);
  return page;
}

using PageMaker = PageAnswer (*)(World&, Account&, const Settings&, long long, const PageRequest&);

http::Response answer_page(AppleCall& call, PageMaker make) {
  const auto request = parse_page_request(call);
  if (!request) return call.refuse(400, "MALFORMED_REQUEST_BODY");
  auto page = make(call.service.world, call.owner(), call.settings(), call.now_ms, *request);
  if (!page.word.empty()) return call.refuse(400, page.word);
  call.record.rows = page.rows;
  return call.json(std::move(page.json));
}

std::string text_in(const boost::json::object& body, std::string_view name) {
  const auto* value = body.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : "";
}

void lock_as_asked(Device& device, const boost::json::object& body) {
  device.locked = true;
  device.need_extras().escrow_key = text_in(body, "escrow_key");
  device.need_extras().lost_message = text_in(body, "lost_message");
}

// What Apple says, and does, where no fault forces a word.
std::string lock_if_possible(const AppleCall& call, Device* device, const boost::json::object& body) {
  if (!device || device->account != call.account) return "NOT_ACCESSIBLE";
  if (std::string_view(kinds()[device->kind].family) == "AppleTV") return "DEVICE_NOT_SUPPORTED";
  if (device->locked) return "DEVICE_ALREADY_LOCKED";
  lock_as_asked(*device, body);
  return "SUCCESS";
}

}  // namespace

http::Response fetch_devices(AppleCall& call) { return answer_page(call, fetch_page); }

http::Response sync_devices(AppleCall& call) { return answer_page(call, sync_page); }

http::Response show_devices(AppleCall& call) {
  const auto body = parse_body(call);
  if (!body) return call.refuse(400, "MALFORMED_REQUEST_BODY");
  const auto list = parse_serials(call, *body, false);
  if (!list.word.empty()) return call.refuse(400, list.word);
  std::string out = "{\"devices\":{";
  std::unordered_set<std::string_view> seen;
  for (const auto& serial : list.serials) {
    if (!seen.insert(serial).second) continue;
    const auto* forced = call.fault && call.fault->results ? call.fault->results->find(serial) : nullptr;
    if (forced && !*forced) continue;
    if (out.back() != '{') out += ',';
    append_json_string(out, serial);
    out += ':';
    const Device* device = call.service.world.find_device(serial);
    const bool is_here = device && device->account == call.account;
    if (is_here && (!forced || *forced == "SUCCESS")) {
      append_row(out, call.service.world, *device, device->state,
                 {.version = call.version,
                  .event = nullptr,
                  .sparse_deleted = false,
                  .with_status = true,
                  .lower_uuids = call.service.settings.lower_uuids});
      ++call.record.rows;
    } else {
      out += "{\"response_status\":";
      append_json_string(out, forced ? **forced : call.settings().details_not_found);
      out += '}';
    }
  }
  return call.json(out + "}}");
}

http::Response disown(AppleCall& call) {
  const auto body = parse_body(call);
  if (!body) return call.refuse(400, "MALFORMED_REQUEST_BODY");
  const auto list = parse_serials(call, *body, true);
  if (!list.word.empty()) return call.refuse(400, list.word);
  call.record.results = disown_devices(call.assign_call(), list.serials);
  return call.json("{\"devices\":" + to_json(call.record.results) + "}");
}

http::Response lock_device(AppleCall& call) {
  const auto body = parse_body(call);
  const auto* serial = body ? body->if_contains("device") : nullptr;
  if (!serial || !serial->is_string()) return call.refuse(400, "MALFORMED_REQUEST_BODY");
  const std::string name(serial->get_string());
  Device* device = call.service.world.find_device(name);
  boost::json::object answer{{"serial_number", name}};
  const auto* forced = call.fault && call.fault->results ? call.fault->results->find(name) : nullptr;
  if (!forced) {
    answer["response_status"] = lock_if_possible(call, device, *body);
  } else {
    const bool is_here = device && device->account == call.account;
    if (is_here && *forced == "SUCCESS" && call.fault->results->apply_success) lock_as_asked(*device, *body);
    if (*forced) answer["response_status"] = **forced;
  }
  return call.json(boost::json::serialize(answer));
}

http::Response show_replacement(AppleCall& call) {
  const auto serial = call.request.query.get("device").value_or("");
  if (serial.empty()) return call.refuse(400, "DEVICE_ID_REQUIRED");
  const Device* device = call.service.world.find_device(serial);
  const bool known = device && device->account == call.account && device->extras &&
                     !device->extras->replaces.empty() && call.version >= kReplacementVersion;
  if (!known)
    return call.refuse(static_cast<int>(call.settings().replacement_not_found_status), "DEVICE_NOT_FOUND");
  std::string day;
  append_date(day, device->extras->replaced_ms);
  return call.json(
      boost::json::serialize(boost::json::object{{"serial_number", serial},
                                                 {"original_device_serial_number", device->extras->replaces},
                                                 {"replacement_date", day.substr(0, day.find('T'))}}));
}

}  // namespace muster::sim
