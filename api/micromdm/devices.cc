#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <limits>
#include <map>
#include <memory>
#include <span>
#include <utility>

#include "api/answer.h"
#include "api/begun_stream.h"
#include "api/body.h"
#include "api/handlers.h"
#include "api/json/enrollment.h"
#include "base/text/strings.h"
#include "base/time/rfc3339.h"
#include "http/json.h"
#include "sync/work/manual.h"

namespace muster::api::micromdm {
namespace {

constexpr size_t kStep = 1000;  // devices of a piece: 130 kB
constexpr long long kMostNumber = std::numeric_limits<long long>::max();

// Go's time that is none.
constexpr const char* kNever = "0001-01-01T00:00:00Z";

struct Listed {
  ListedDevice device;
  const Enrollment* enrollment = nullptr;  // null where no MDM server told of it
};

void append(std::string& json, const Listed& listed) {
  const Enrollment* const told = listed.enrollment;
  json += R"({"serial_number":)";
  json += boost::json::serialize(listed.device.serial.str());
  json += R"(,"udid":)";
  json += boost::json::serialize(told ? told->udid : "");
  json += told && told->enrolled_at ? R"(,"enrollment_status":true,"last_seen":")"
                                    : R"(,"enrollment_status":false,"last_seen":")";
  json += told ? format_rfc3339(told->last_seen) : kNever;
  json += R"(","dep_profile_status":)";
  json += boost::json::serialize(listed.device.profile_status);
  json += '}';
}

// Devices in front of page number `page`; as many as there can be when that is more.
long long devices_before(long long page, long long per_page) {
  return per_page > 0 && page > kMostNumber / per_page ? kMostNumber : page * per_page;
}

// Each piece is a reading of its own: the list may have a million devices, and none is in memory for long.
class Listing : public http::BodyStream {
 public:
  Listing(Store& store, AccountId account) : account_(account), store_(store) {}

  Result<std::optional<std::string>> next() override {
    if (is_over_) return std::nullopt;
    MUSTER_TRY(const auto part, store_.read([&](Reader& reader) { return read_part(reader); }));
    std::string piece = std::exchange(is_begun_, true) ? "" : R"({"devices":[)";
    for (const auto& device : part.devices) {
      const auto told = part.enrollments.find(device.serial);
      if (std::exchange(has_devices_, true)) piece += ',';
      append(piece, {device, told == part.enrollments.end() ? nullptr : &told->second});
    }
    if (is_over_) piece += "]}\n";
    return piece;
  }

  bool is_over() const { return is_over_; }

 protected:
  // The next devices; the last ones when it says that it is over.
  virtual Result<std::vector<ListedDevice>> read(Reader& reader) = 0;
  const AccountId account_;
  bool is_over_ = false;

 private:
  struct Part {
    std::vector<ListedDevice> devices;
    std::map<Serial, Enrollment> enrollments;
  };
  Result<Part> read_part(Reader& reader) {
    Part part;
    MUSTER_TRY(part.devices, read(reader));
    std::vector<Serial> serials;
    for (const auto& device : part.devices) serials.push_back(device.serial);
    MUSTER_TRY(part.enrollments, reader.enrollments_in(account_, serials));
    return part;
  }

  Store& store_;
  bool is_begun_ = false, has_devices_ = false;
};

// Devices from number `skip` on, `count` at most; 0 for all.
class Range : public Listing {
 public:
  Range(Store& store, AccountId account, long long skip, long long count)
      : Listing(store, account), skip_(skip), left_(count > 0 ? count : kMostNumber) {}

 private:
  Result<std::vector<ListedDevice>> read(Reader& reader) override {
    if (skip_ > 0) {
      MUSTER_TRY(const auto last_skipped, reader.serial_behind(account_, after_, std::exchange(skip_, 0)));
      is_over_ = !last_skipped;
      if (is_over_) return std::vector<ListedDevice>();
      after_ = *last_skipped;
    }
    const auto most = static_cast<size_t>(std::min<long long>(left_, kStep));
    MUSTER_TRY(auto devices, reader.listed_page(account_, after_, most));
    left_ -= static_cast<long long>(devices.size());
    is_over_ = devices.size() < most || left_ == 0;
    if (!devices.empty()) after_ = devices.back().serial;
    return devices;
  }

  Serial after_;
  long long skip_, left_;
};

class Named : public Listing {
 public:
  Named(Store& store, AccountId account, std::vector<Serial> serials)
      : Listing(store, account), serials_(std::move(serials)) {}

 private:
  Result<std::vector<ListedDevice>> read(Reader& reader) override {
    const std::span part =
        std::span(serials_).subspan(begin_).first(std::min(kStep, serials_.size() - begin_));
    begin_ += part.size();
    is_over_ = begin_ == serials_.size();
    MUSTER_TRY(const auto found, reader.devices(account_, part));
    std::vector<ListedDevice> devices;
    for (const auto& device : found)
      if (!device.tombstone) devices.push_back({device.serial, device.facts.profile_status});
    return devices;
  }

  const std::vector<Serial> serials_;
  size_t begin_ = 0;
};

// The serials of page number `page`, of `per_page` each; all of them for 0.
std::vector<Serial> page_of(std::vector<Serial> serials, long long page, long long per_page) {
  if (per_page == 0) return serials;
  const auto size = static_cast<long long>(serials.size());
  const long long begin = std::min(size, devices_before(page, per_page));
  const long long end = begin + std::min(size - begin, per_page);
  return {serials.begin() + begin, serials.begin() + end};
}

// The account's devices with these UDIDs; what is none is added to `unknown`.
Result<std::vector<Serial>> serials_of_udids(const Call& call, AccountId account,
                                             const std::vector<std::string>& given,
                                             std::vector<std::string>& unknown) {
  std::vector<std::string> udids;
  for (const auto& udid : given) udids.push_back(to_upper(udid));
  MUSTER_TRY(const auto found,
             call.store.read([&](Reader& reader) { return reader.enrollments_of_udids(udids); }));
  std::vector<Serial> serials;
  for (size_t i = 0; i < udids.size(); ++i) {
    const auto known = std::find_if(found.begin(), found.end(), [&](const Enrollment& each) {
      return each.udid == udids[i] && each.account == account;
    });
    if (known == found.end())
      unknown.push_back(given[i]);
    else
      serials.push_back(known->serial);
  }
  return serials;
}

}  // namespace

Result<http::Response> post_devices(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(auto serials, serials_field(body, "filter_serial", false));
  MUSTER_TRY(const auto udids, texts_field(body, "filter_udid"));
  MUSTER_TRY(const auto page, number_field(body, "page", 0, kMostNumber));
  MUSTER_TRY(const auto per_page, number_field(body, "per_page", 0, kMostNumber));
  if (page > 0 && per_page == 0)
    return failure(Code::invalid, "\"page\" has no effect without \"per_page\"",
                   "Say how many devices a page has");
  const bool are_named = !serials.empty() || !udids.empty();
  MUSTER_TRY(const auto account, account_of(call));
  std::vector<std::string> unknown;  // left out, as unknown serial numbers are
  MUSTER_TRY(const auto of_udids, serials_of_udids(call, account.id, udids, unknown));
  for (const auto& serial : of_udids)
    if (std::find(serials.begin(), serials.end(), serial) == serials.end()) serials.push_back(serial);
  if (are_named) serials = page_of(std::move(serials), page, per_page);
  Store& store = call.context.unaudited_store;  // the list outlives the call
  std::shared_ptr<Listing> listing;
  if (!are_named)
    listing = std::make_shared<Range>(store, account.id, devices_before(page, per_page), per_page);
  else
    listing = std::make_shared<Named>(store, account.id, std::move(serials));
  // Most lists are one piece. An error of the first is an answer of its own.
  MUSTER_TRY(auto first, listing->next());
  http::Response response{.status = 200, .headers = {{"Content-Type", http::kJson}}};
  if (listing->is_over())
    response.body = std::move(*first);
  else
    response.stream = std::make_shared<BegunStream>(std::move(*first), std::move(listing));
  return response;
}

Result<http::Response> delete_devices(const Call& call) {
  if (call.request.query.get("dep_name")) return nanodep::delete_devices(call);
  if (call.request.query.get("serial"))
    return failure(Code::invalid, "\"serial\" has no effect without \"dep_name\"",
                   "Give the name of the account as \"dep_name\", or \"serials\" in the body");
  MUSTER_TRY(auto body, json_body(call));
  if (const auto* inner = body.if_contains("Opts")) {
    if (!inner->is_object() || body.size() > 1)
      return failure(Code::invalid, "\"Opts\" must be an object, and the body's only member");
    body = boost::json::object(inner->get_object());
    MUSTER_TRY(only_members(body, "udids serials", "\"Opts\""));
  }
  MUSTER_TRY(const auto udids, texts_field(body, "udids"));
  MUSTER_TRY(auto serials, serials_field(body, "serials", udids.empty()));
  MUSTER_TRY(const auto account, account_of(call));
  std::vector<std::string> unknown;
  MUSTER_TRY(const auto of_udids, serials_of_udids(call, account.id, udids, unknown));
  if (!unknown.empty())
    return failure(Code::not_found, fmt::format("not found: {}", fmt::join(unknown, ", ")),
                   "No MDM server told of a device of this account with this UDID: use the serial number. "
                   "Nothing was removed");
  for (const auto& serial : of_udids)
    if (std::find(serials.begin(), serials.end(), serial) == serials.end()) serials.push_back(serial);
  MUSTER_TRY(sync::forget_devices(call.store, account.id, serials, call.context.clock.now()));
  return done();
}

}  // namespace muster::api::micromdm
