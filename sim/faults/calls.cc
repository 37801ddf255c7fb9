#include "sim/faults/calls.h"

#include <algorithm>
#include <boost/json.hpp>

#include "sim/world/codec.h"

namespace muster::sim {
namespace {

boost::json::object to_json_object(const std::map<std::string, long long>& counts) {
  boost::json::object members;
  for (const auto& [name, count] : counts) members[name] = count;
  return members;
}

std::string date(long long ms) {
  std::string text;
  append_date(text, ms);
  return text;
}

}  // namespace

void CallBook::record(CallRecord call) {
  const std::string endpoint = call.method + " " + call.path;
  ++total_;
  ++by_endpoint_[endpoint];
  ++by_account_[call.account][endpoint];
  ++by_status_[call.word.empty() ? std::to_string(call.status)
                                 : std::to_string(call.status) + " " + call.word];
  if (call.serials > 0 && !call.name.empty()) {
    SerialCounts& counts = serials_[call.name];
    ++counts.calls;
    counts.serials += static_cast<long long>(call.serials);
    counts.most_in_one_call = std::max(counts.most_in_one_call, static_cast<long long>(call.serials));
    for (const auto& [serial, word] : call.results.words) ++counts.results[word];
    for (auto& serial : call.results.repeated)
      if (repeated_.size() < kMostRepeated) repeated_.push_back(std::move(serial));
  }
  call.results = {};
  log_.push_back(std::move(call));
  if (log_.size() > keep_) log_.pop_front();
}

void CallBook::reset(long long now_ms) {
  const size_t keep = keep_;
  *this = CallBook(keep);
  since_ms_ = now_ms;
}

boost::json::object CallBook::to_json(const SerialCounts& counts) {
  return {{"calls", counts.calls},
          {"serials", counts.serials},
          {"most_in_one_call", counts.most_in_one_call},
          {"results", to_json_object(counts.results)}};
}

boost::json::object CallBook::counts() const {
  boost::json::object accounts;
  for (const auto& [account, counts] : by_account_) accounts[account] = to_json_object(counts);
  boost::json::object serials;
  for (const auto& [name, counts] : serials_) serials[name] = to_json(counts);
  if (!serials.contains("assign")) serials["assign"] = to_json(SerialCounts{});
  return {{"since", date(since_ms_)},
          {"total", total_},
          {"endpoints", to_json_object(by_endpoint_)},
          {"accounts", std::move(accounts)},
          {"statuses", to_json_object(by_status_)},
          {"serials", std::move(serials)},
          {"repeated", boost::json::value_from(repeated_)}};
}

boost::json::array CallBook::log(size_t limit, const std::string& account) const {
  std::vector<const CallRecord*> chosen;
  for (auto call = log_.rbegin(); call != log_.rend() && chosen.size() < limit; ++call)
    if (account.empty() || call->account == account) chosen.push_back(&*call);
  std::reverse(chosen.begin(), chosen.end());
  boost::json::array calls;
  for (const CallRecord* call : chosen) {
    boost::json::object members{{"time", date(call->ms)},         {"time_ms", call->ms},
                                {"account", call->account},       {"name", call->name},
                                {"method", call->method},         {"path", call->path},
                                {"user_agent", call->user_agent}, {"version", call->version},
                                {"status", call->status}};
    if (!call->word.empty()) members["apple_code"] = call->word;
    if (call->serials > 0) members["serials"] = call->serials;
    if (call->rows > 0) members["rows"] = call->rows;
    if (call->limit > 0) members["limit"] = call->limit;
    if (!call->cursor.empty()) members["cursor"] = call->cursor;
    if (call->fault > 0) members["fault"] = call->fault;
    if (call->delivery != "whole") members["delivery"] = call->delivery;
    calls.push_back(std::move(members));
  }
  return calls;
}

}  // namespace muster::sim
