#include "sim/faults/faults.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/text/flags.h"
#include "base/text/json.h"
#include "sim/faults/body.h"

namespace muster::sim {
namespace {

using Delivery = http::Response::Delivery;

constexpr long long kLongestDelayMs = 3'600'000;

std::string endpoint_words() {
  std::string words;
  for (const Endpoint& endpoint : kEndpoints)
    if (words.find(std::string(endpoint.name)) == std::string::npos)
      words += std::string(endpoint.name) + ", ";
  return words + "a path, a method and a path, or *";
}

Result<ForcedResults> parse_results(const boost::json::value& value) {
  const auto* members = value.if_object();
  if (!members) return failure(Code::invalid, "\"results\" must map serial numbers to codes");
  ForcedResults results;
  for (const auto& member : *members) {
    const std::string serial(member.key());
    if (member.value().is_null())
      results.words[serial] = std::nullopt;
    else if (member.value().is_string())
      results.words[serial] = std::string(member.value().get_string());
    else
      return failure(Code::invalid,
                     "the result of \"" + serial + "\" must be a code, or null to omit the device");
  }
  return results;
}

Result<http::Headers> parse_headers(const boost::json::value& value) {
  const auto* members = value.if_object();
  if (!members) return failure(Code::invalid, "\"headers\" must map names to strings");
  http::Headers headers;
  for (const auto& member : *members) {
    if (!member.value().is_string())
      return failure(Code::invalid, "header \"" + std::string(member.key()) + "\" must be a string");
    headers.add(std::string(member.key()), std::string(member.value().get_string()));
  }
  return headers;
}

Result<boost::json::object> parse_change(const boost::json::value& value, const char* name) {
  if (value.is_object()) return value.get_object();
  return failure(Code::invalid, std::string("\"") + name + "\" must be an object");
}

// Whether a request's `devices` have one of the serial numbers.
bool has_one_of(const std::string& body, const std::vector<std::string>& serials) {
  const auto json = parse_json(body);
  const auto* object = json ? json->if_object() : nullptr;
  const auto* devices = object ? object->if_contains("devices") : nullptr;
  const auto* list = devices ? devices->if_array() : nullptr;
  return list && std::any_of(list->begin(), list->end(), [&](const boost::json::value& item) {
           return item.is_string() && std::find(serials.begin(), serials.end(),
                                                std::string_view(item.get_string())) != serials.end();
         });
}

}  // namespace

long long FaultList::add(Fault fault, long long now_ms) {
  fault.id = ++last_id_;
  fault.start_ms += now_ms;
  faults_.push_back(std::move(fault));
  return last_id_;
}

std::optional<Fault> FaultList::take(const std::string& account, const Endpoint& endpoint, long long now_ms,
                                     const std::string& body) {
  std::erase_if(faults_, [&](const Fault& fault) {
    return fault.for_ms > 0 && now_ms >= fault.start_ms + fault.for_ms;
  });
  for (auto fault = faults_.begin(); fault != faults_.end(); ++fault) {
    if (!fault->account.empty() && fault->account != account) continue;
    if (!names_endpoint(fault->endpoint, endpoint)) continue;
    if (now_ms < fault->start_ms) continue;
    if (!fault->reject_serials.empty() && !has_one_of(body, fault->reject_serials)) continue;
    if (fault->skip > 0) {
      --fault->skip;
      continue;
    }
    ++fault->used;
    Fault taken = *fault;
    if (fault->count > 0 && fault->used == fault->count) faults_.erase(fault);
    return taken;
  }
  return std::nullopt;
}

bool FaultList::remove(long long id) {
  return std::erase_if(faults_, [&](const Fault& fault) { return fault.id == id; }) > 0;
}

Result<Fault> parse_fault(const boost::json::object& members) {
  ControlBody body(members);
  Fault fault;
  fault.account = body.text("account").value_or("");
  fault.endpoint = body.text("endpoint").value_or("*");
  fault.reject_serials = body.texts("reject_serials").value_or(std::vector<std::string>());
  fault.skip = body.number("skip", 0, 1'000'000'000).value_or(0);
  fault.count = body.number("count", 0, 1'000'000'000).value_or(1);
  fault.start_ms = body.duration("start").value_or(0);
  fault.for_ms = body.duration("for").value_or(0);
  if (const auto status = body.number("status", 200, 599)) fault.status = static_cast<int>(*status);
  fault.body = body.text("body").value_or("");
  fault.delay_ms = body.number("delay_ms", 0, kLongestDelayMs).value_or(0);
  const std::string delivery = body.word("deliver", {"whole", "cut", "reset"}).value_or("whole");
  fault.delivery = delivery == "cut"     ? Delivery::cut
                   : delivery == "reset" ? Delivery::reset
                                         : Delivery::whole;
  fault.after = body.word("when", {"before", "after"}).value_or("before") == "after";
  fault.repeat_cursor = body.flag("repeat_cursor").value_or(false);
  fault.drop_body = body.flag("drop_body").value_or(false);
  const auto* pieces = body.any("pieces");
  const auto* results = body.any("results");
  const auto* patch = body.any("patch");
  const auto* rows = body.any("rows");
  fault.rewrite.repeated = body.texts("repeat_keys").value_or(std::vector<std::string>());
  const auto apply_success = body.flag("apply_success");
  const auto* headers = body.any("headers");
  MUSTER_TRY(body.finish());
  if (fault.start_ms < 0 || fault.for_ms < 0)
    return failure(Code::invalid, "\"start\" and \"for\" are durations from now, such as \"10m\"");
  if (results) {
    MUSTER_TRY(fault.results, parse_results(*results));
    fault.results->apply_success = apply_success.value_or(true);
  }
  if (pieces) {
    MUSTER_TRY(fault.pieces, parse_pieces(*pieces));
    if (fault.delivery == Delivery::reset)
      return failure(Code::invalid, "an answer that is a reset has no \"pieces\"");
    if (fault.delivery == Delivery::cut && fault.pieces->repeat == 0)
      return failure(Code::invalid, "an answer without an end has no half, where it could be cut");
  }
  if (patch) {
    MUSTER_TRY(fault.rewrite.members, parse_change(*patch, "patch"));
  }
  if (rows) {
    MUSTER_TRY(fault.rewrite.rows, parse_change(*rows, "rows"));
  }
  if (fault.status && !fault.rewrite.empty())
    return failure(
        Code::invalid,
        "\"patch\", \"rows\" and \"repeat_keys\" change the real answer, which \"status\" replaces");
  if (headers) {
    MUSTER_TRY(fault.headers, parse_headers(*headers));
  }
  if (std::none_of(std::begin(kEndpoints), std::end(kEndpoints),
                   [&](const Endpoint& endpoint) { return names_endpoint(fault.endpoint, endpoint); }))
    return failure(Code::invalid, "there is no endpoint \"" + fault.endpoint + "\"; use " + endpoint_words());
  return fault;
}

boost::json::object to_json(const Fault& fault) {
  boost::json::object members;
  members["id"] = fault.id;
  if (!fault.account.empty()) members["account"] = fault.account;
  members["endpoint"] = fault.endpoint;
  if (!fault.reject_serials.empty())
    members["reject_serials"] = boost::json::array(fault.reject_serials.begin(), fault.reject_serials.end());
  members["skip"] = fault.skip;
  members["count"] = fault.count;
  members["used"] = fault.used;
  if (fault.start_ms > 0) members["start_ms"] = fault.start_ms;
  if (fault.for_ms > 0) members["for"] = format_duration(Millis(fault.for_ms));
  if (fault.status) {
    members["status"] = *fault.status;
    members["body"] = fault.body;
  }
  boost::json::object headers;
  for (const auto& [name, value] : fault.headers) headers[name] = value;
  if (!headers.empty()) members["headers"] = std::move(headers);
  if (fault.delay_ms > 0) members["delay_ms"] = fault.delay_ms;
  members["deliver"] = fault.delivery == Delivery::whole ? "whole"
                       : fault.delivery == Delivery::cut ? "cut"
                                                         : "reset";
  if (fault.pieces) members["pieces"] = to_json(*fault.pieces);
  members["when"] = fault.after ? "after" : "before";
  if (fault.results) {
    boost::json::object results;
    for (const auto& [serial, word] : fault.results->words)
      results[serial] = word ? boost::json::value(*word) : boost::json::value();
    members["results"] = std::move(results);
    members["apply_success"] = fault.results->apply_success;
  }
  const Rewrite& rewrite = fault.rewrite;
  if (!rewrite.members.empty()) members["patch"] = rewrite.members;
  if (!rewrite.rows.empty()) members["rows"] = rewrite.rows;
  if (!rewrite.repeated.empty())
    members["repeat_keys"] = boost::json::array(rewrite.repeated.begin(), rewrite.repeated.end());
  if (fault.repeat_cursor) members["repeat_cursor"] = true;
  if (fault.drop_body) members["drop_body"] = true;
  return members;
}

}  // namespace muster::sim
