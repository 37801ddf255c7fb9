#include <algorithm>
#include <boost/json.hpp>
#include <unordered_map>

#include "api/console_handlers.h"
#include "api/handlers.h"
#include "api/json/device.h"
#include "api/json/enrollment.h"
#include "api/query.h"
#include "base/threads/wanted.h"
#include "http/json.h"
#include "sync/enrollment/late.h"
#include "sync/rules/filters.h"

namespace muster::api::muster_v1 {
namespace {

constexpr long long kMostDevicesOfAPage = 1000;

Result<> append(boost::json::array& list, Reader& reader, const Account& account,
                const std::vector<Device>& devices) {
  std::vector<DeviceId> ids;
  std::vector<Serial> serials;
  for (const auto& device : devices) ids.push_back(device.id), serials.push_back(device.serial);
  MUSTER_TRY(const auto found, reader.assignments(ids));
  std::unordered_map<DeviceId, const Assignment*> assignments;
  for (const auto& assignment : found) assignments.emplace(assignment.device, &assignment);
  MUSTER_TRY(const auto enrollments, reader.enrollments_in(account.id, serials));
  for (const auto& device : devices) {
    auto json = muster_v1::to_json(account, device);
    if (const auto told = enrollments.find(device.serial); told != enrollments.end())
      json["enrollment"] = muster_v1::to_json(told->second, device);
    const auto assignment = assignments.find(device.id);
    if (assignment != assignments.end()) json["assignment"] = muster_v1::to_json(*assignment->second);
    list.push_back(std::move(json));
  }
  return {};
}

// What the query asks for: the devices that its `filter` covers, with `uncovered` only those that no rule
// took, and with `late` only those that did not enroll in time.
class Choice {
 public:
  // Without an account the filter's lists are those of each account.
  static Result<Choice> of(const Call& call, Reader& reader, const Account* account) {
    Choice choice;
    MUSTER_TRY(choice.uncovered_, flag_in_query(call, "uncovered"));
    MUSTER_TRY(choice.late_, flag_in_query(call, "late"));
    if (choice.uncovered_ && choice.late_)
      return failure(
          Code::invalid,
          "\"uncovered\" and \"late\" exclude each other: no rule gave an uncovered device a profile");
    choice.now_ = call.context.clock.now();
    const auto text = call.request.query.get("filter");
    if (!text) return choice;
    MUSTER_TRY(choice.filter_,
               account ? sync::read_filter(reader, account->id, *text) : assign::Filter::parse(*text));
    return choice;
  }

  Result<std::vector<Device>> page(Reader& reader, const Account& account, const Serial& after,
                                   size_t limit) const {
    const auto* filter = filter_ ? &filter_->expression() : nullptr;
    if (late_) {
      MUSTER_TRY(const auto late, sync::late_devices(reader, account, now_));
      return reader.not_enrolled_page(account.id, late, after, limit, filter);
    }
    return uncovered_ ? reader.uncovered_page(account.id, after, limit, filter)
                      : reader.device_page(account.id, after, limit, filter);
  }

 private:
  std::optional<assign::Filter> filter_;
  bool uncovered_ = false, late_ = false;
  Time now_{};
};

// Every account's devices, in order of account and serial. The cursor is `ACCOUNT/SERIAL`: names have no
// slash.
Result<http::Response> of_all_accounts(const Call& call, size_t limit) {
  const std::string cursor = call.request.query.get("cursor").value_or("");
  const size_t slash = cursor.find('/');
  const std::string first = cursor.substr(0, slash);
  MUSTER_TRY(const auto first_after,
             serial_cursor(slash == std::string::npos ? "" : cursor.substr(slash + 1)));
  return call.store.read([&](Reader& reader) -> Result<http::Response> {
    boost::json::array list;
    MUSTER_TRY(const auto choice, Choice::of(call, reader, nullptr));
    MUSTER_TRY(auto accounts, own_accounts(call, reader));
    std::sort(accounts.begin(), accounts.end(),
              [](const Account& a, const Account& b) { return a.name < b.name; });
    for (const auto& account : accounts) {
      if (account.name.str() < first) continue;
      const Serial after = account.name.str() == first ? first_after : Serial();
      MUSTER_TRY(const auto devices, choice.page(reader, account, after, limit - list.size()));
      MUSTER_TRY(append(list, reader, account, devices));
      if (list.size() == limit)
        return http::json_response(200,
                                   {{"devices", std::move(list)},
                                    {"next_cursor", account.name.str() + "/" + devices.back().serial.str()}});
    }
    return http::json_response(200, {{"devices", std::move(list)}});
  });
}

Result<http::Response> of_account(const Call& call, size_t limit) {
  MUSTER_TRY(const auto account, account_of(call));
  MUSTER_TRY(const auto after, serial_cursor(call.request.query.get("cursor").value_or("")));
  return call.store.read([&](Reader& reader) -> Result<http::Response> {
    MUSTER_TRY(const auto choice, Choice::of(call, reader, &account));
    MUSTER_TRY(const auto devices, choice.page(reader, account, after, limit));
    boost::json::array list;
    MUSTER_TRY(append(list, reader, account, devices));
    boost::json::object answer{{"devices", std::move(list)}};
    if (devices.size() == limit) answer["next_cursor"] = devices.back().serial.str();
    return http::json_response(200, std::move(answer));
  });
}

// Cursors at equal distances, so that a client can go to any position of a long list without reading what is
// before it.
constexpr long long kLeastDistance = 100;
constexpr long long kMostCursors = 2500;
struct Positions {
  long long devices = 0;
  long long every = kLeastDistance;
  boost::json::array cursors = {};

  // Every second one, as soon as there are too many.
  void add(const Serial& serial) {
    if (++devices % every != 0) return;
    cursors.emplace_back(serial.str());
    if (static_cast<long long>(cursors.size()) <= kMostCursors) return;
    boost::json::array fewer;
    for (size_t i = 1; i < cursors.size(); i += 2) fewer.push_back(cursors[i]);
    cursors = std::move(fewer);
    every *= 2;
  }
};

Result<> check_wanted() {
  if (Wanted::still()) return {};
  return failure(Code::cancelled, "nobody waits for the answer any more");
}

Result<Positions> of_all(Reader& reader, AccountId account) {
  Positions positions;
  MUSTER_TRY(const auto counts, reader.device_counts(account));
  positions.devices = counts.devices;
  while (positions.devices / positions.every > kMostCursors) positions.every *= 2;
  for (Serial after;;) {
    MUSTER_TRY(check_wanted());
    MUSTER_TRY(const auto next, reader.serial_behind(account, after, positions.every));
    if (!next) return positions;
    after = *next;
    positions.cursors.emplace_back(after.str());
  }
}

Result<Positions> of_filter(Reader& reader, AccountId account, const FilterExpression& filter) {
  Positions positions;
  for (Serial after;;) {
    MUSTER_TRY(check_wanted());
    MUSTER_TRY(const auto page,
               reader.device_page(account, after, static_cast<size_t>(kMostDevicesOfAPage), &filter));
    for (const auto& device : page) positions.add(device.serial);
    if (page.size() < static_cast<size_t>(kMostDevicesOfAPage)) return positions;
    after = page.back().serial;
  }
}

}  // namespace

Result<http::Response> get_devices(const Call& call) {
  MUSTER_TRY(const auto asked, number_in_query(call, "limit", 1, kMostDevicesOfAPage, kMostDevicesOfAPage));
  const auto limit = static_cast<size_t>(asked);
  const bool of_all = call.request.query.get("account") == kAllAccounts;
  const auto answer = [&] { return of_all ? of_all_accounts(call, limit) : of_account(call, limit); };
  if (!call.request.query.get("filter") && !call.request.query.get("late")) return answer();
  return call.context.costly.in_turn(call.context.stop, answer);  // it may cover few of many
}

Result<http::Response> get_device_positions(const Call& call) {
  MUSTER_TRY(const auto account, account_of(call));
  return costly_answer(call, account.id, [&] {
    return call.store.read([&](Reader& reader) -> Result<http::Response> {
      Positions positions;
      if (const auto text = call.request.query.get("filter")) {
        MUSTER_TRY(const auto filter, sync::read_filter(reader, account.id, *text));
        MUSTER_TRY(positions, of_filter(reader, account.id, filter.expression()));
      } else {
        MUSTER_TRY(positions, of_all(reader, account.id));
      }
      return http::json_response(200, {{"devices", positions.devices},
                                       {"every", positions.every},
                                       {"cursors", std::move(positions.cursors)}});
    });
  });
}

}  // namespace muster::api::muster_v1
