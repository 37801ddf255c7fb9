// The devices of the database, with Apple's keys, as NanoDEP's pull request 153 has them.
#include <algorithm>
#include <boost/json.hpp>
#include <memory>
#include <set>

#include "api/begun_stream.h"
#include "api/handlers.h"
#include "api/nanodep/page_query.h"
#include "base/text/json.h"
#include "base/text/strings.h"
#include "http/json.h"
#include "model/text/ids_text.h"
#include "sync/webhooks/apple_form.h"
#include "sync/work/manual.h"

namespace muster::api::nanodep {
namespace {

constexpr size_t kStep = 500;  // devices in a piece of the answer

boost::json::object device_json(const AccountName& account, const Device& device) {
  boost::json::object json{{"dep_name", account.str()}};
  for (const auto& member : sync::in_apples_form(device)) json.insert(member);
  return json;
}

// What is asked for, in order of account and serial.
struct Choice {
  std::vector<Account> accounts;
  std::vector<Serial> serials;  // none: all
  PageQuery page;
};

Result<std::vector<Serial>> serials_in(const http::Query& query) {
  std::set<Serial> serials;
  for (const auto& [name, value] : query) {
    if (name != "serial" || value.empty()) continue;
    const auto serial = read_serial(value);
    if (!serial) return failure(Code::invalid, "\"serial\" is not a serial number: \"" + value + "\"");
    serials.insert(*serial);
  }
  return std::vector<Serial>(serials.begin(), serials.end());
}

Result<std::vector<Account>> accounts_in(const Call& call) {
  std::set<std::string> wanted;
  for (const auto& [name, value] : call.request.query)
    if (name == "dep_name" && !value.empty()) wanted.insert(value);
  MUSTER_TRY(auto accounts, call.store.read([&](Reader& reader) { return own_accounts(call, reader); }));
  if (!wanted.empty())
    std::erase_if(accounts, [&](const Account& each) { return !wanted.contains(each.name.str()); });
  std::sort(accounts.begin(), accounts.end(),
            [](const Account& a, const Account& b) { return a.name < b.name; });
  return accounts;
}

// Each piece is a reading of its own: the list may have a million devices, and none is in memory for long.
class Listing : public http::BodyStream {
 public:
  Listing(Store& store, Choice choice) : store_(store), choice_(std::move(choice)) {}

  Result<std::optional<std::string>> next() override {
    if (is_over_) return std::nullopt;
    std::string piece = std::exchange(is_begun_, true) ? "" : R"({"devices":[)";
    MUSTER_TRY(store_.read([&](Reader& reader) -> Result<> {
      for (size_t room = kStep; room > 0 && has_more();) {
        MUSTER_TRY(const size_t count, append_some(reader, piece, room));
        room -= count;
      }
      return {};
    }));
    is_over_ = !has_more();
    if (is_over_) piece += "]}\n";
    return piece;
  }

  bool is_over() const { return is_over_; }

 private:
  bool has_more() const { return choice_.page.limit > 0 && account_ < choice_.accounts.size(); }

  // Of one account. Returns how many.
  Result<size_t> append_some(Reader& reader, std::string& piece, size_t room) {
    const Account& account = choice_.accounts[account_];
    const auto most = static_cast<size_t>(std::min(choice_.page.limit, static_cast<long long>(room)));
    MUSTER_TRY(const auto devices,
               choice_.serials.empty() ? page(reader, account.id, most) : named(reader, account.id, most));
    for (const auto& device : devices) {
      if (std::exchange(has_devices_, true)) piece += ',';
      piece += write_json(device_json(account.name, device));
    }
    choice_.page.limit -= static_cast<long long>(devices.size());
    if (devices.size() < most) {
      ++account_;
      after_ = {};
    } else {
      after_ = devices.back().serial;
    }
    return devices.size();
  }

  Result<std::vector<Device>> page(Reader& reader, AccountId account, size_t most) {
    if (choice_.page.offset > 0) {
      MUSTER_TRY(const auto counts, reader.device_counts(account));
      const long long skipped = std::min(choice_.page.offset, counts.devices);
      choice_.page.offset -= skipped;
      if (skipped == counts.devices) return std::vector<Device>();
      MUSTER_TRY(const auto last_skipped, reader.serial_behind(account, after_, skipped));
      if (last_skipped) after_ = *last_skipped;
    }
    return reader.device_page(account, after_, most);
  }

  Result<std::vector<Device>> named(Reader& reader, AccountId account, size_t most) {
    MUSTER_TRY(auto devices, reader.devices(account, choice_.serials));
    std::erase_if(devices, [&](const Device& each) { return each.tombstone || each.serial <= after_; });
    std::sort(devices.begin(), devices.end(),
              [](const Device& a, const Device& b) { return a.serial < b.serial; });
    const auto skipped = std::min(choice_.page.offset, static_cast<long long>(devices.size()));
    choice_.page.offset -= skipped;
    devices.erase(devices.begin(), devices.begin() + skipped);
    if (devices.size() > most) devices.resize(most);
    return devices;
  }

  Store& store_;
  Choice choice_;  // what is left of it
  size_t account_ = 0;
  Serial after_;
  bool is_begun_ = false, has_devices_ = false, is_over_ = false;
};

}  // namespace

Result<http::Response> get_devices(const Call& call) {
  Choice choice;
  MUSTER_TRY(choice.page, page_query(call));
  MUSTER_TRY(choice.serials, serials_in(call.request.query));
  MUSTER_TRY(choice.accounts, accounts_in(call));
  // The list outlives the call.
  const auto listing = std::make_shared<Listing>(call.context.unaudited_store, std::move(choice));
  MUSTER_TRY(auto first, listing->next());
  http::Response response{.status = 200, .headers = {{"Content-Type", http::kJson}}};
  if (listing->is_over())
    response.body = std::move(*first);
  else
    response.stream = std::make_shared<BegunStream>(std::move(*first), listing);
  return response;
}

// MicroMDM's `DELETE /v1/devices`, with `dep_name`. Unknown devices are no error to NanoDEP.
Result<http::Response> delete_devices(const Call& call) {
  const AccountName name(call.request.query.get("dep_name").value_or(""));
  if (call.request.query.get("account").value_or(name.str()) != name.str())
    return failure(Code::invalid, "\"account\" is not the account of \"dep_name\"", "Leave it out");
  if (!trim(call.request.body).empty())
    return failure(Code::invalid, "a call with \"dep_name\" takes no body", "Give the devices as \"serial\"");
  MUSTER_TRY(const auto serials, serials_in(call.request.query));
  MUSTER_TRY(const auto known, call.store.read([&](Reader& reader) -> Result<std::vector<Device>> {
    MUSTER_TRY(const auto account, reader.account(name));
    if (!account) return failure(no_such_account(name));
    return reader.devices(account->id, serials);
  }));
  std::vector<Serial> there;
  for (const auto& device : known)
    if (!device.tombstone) there.push_back(device.serial);
  if (!there.empty())
    MUSTER_TRY(sync::forget_devices(call.store, known.front().account, there, call.context.clock.now()));
  return http::Response{.status = 204};
}

}  // namespace muster::api::nanodep
