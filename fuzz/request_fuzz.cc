// Requests to our server, as bytes on the wire: read by http/ as the server does it, then answered by the
// whole API over a real database. Apple is never called: the server is stopping, as far as the handlers know.
#include <algorithm>
#include <optional>

#include "api/live/live_feed.h"
#include "api/routing/routes.h"
#include "base/log/log.h"
#include "base/text/json.h"
#include "fuzz/check.h"
#include "fuzz/world.h"
#include "http/client/client.h"
#include "http/server/request_parser.h"
#include "http/url.h"
#include "sync/enrollment/check_in_desk.h"
#include "sync/lane_runner.h"
#include "sync/own_runs.h"
#include "sync/rules/rules.h"

namespace {

using namespace muster;
using fuzz::check;

const std::string kApiKey = "key";
constexpr size_t kBodyLimit = 64 << 10;

class Server : fuzz::World {
 public:
  Server() {
    stopping_.request_stop();
    const auto done = store->write(installation, [&](Writer& writer) -> Result<> {
      MUSTER_TRY(writer.put_key_pair(account, fuzz::key_pair()));
      MUSTER_TRY(writer.put_token(account, {"CK_1", "CS_1", "AT_1", "AS_1", std::nullopt}));
      for (Device& device : devices_) {
        device.account = account;
        MUSTER_TRY(writer.insert_device(device));
      }
      return {};
    });
    check(done.has_value(), "the database can be filled");
  }

  http::Response answer(const http::Request& request) {
    auto response = handler_(request);
    if (request.method != "GET" && response.status == 200) restore();
    return response;
  }

 private:
  // Each input finds the same database.
  void restore() {
    const auto done = store->write(installation, [&](Writer& writer) -> Result<> {
      MUSTER_TRY(const auto rules, writer.rules(account));
      for (const auto& rule : rules) MUSTER_TRY(writer.remove_rule(rule.id));
      MUSTER_TRY(writer.put_backfill(account, {}));
      for (const Device& device : devices_) MUSTER_TRY(writer.update_device(device));
      return {};
    });
    check(done.has_value(), "the database can be put back");
  }

  static Device device(const std::string& serial) {
    Device device;
    device.serial = Serial(serial);
    device.facts.model = "iPad";
    device.facts.profile_status = "empty";
    device.facts.other = R"({"mdm_migration_deadline":"2026-06-01T00:00:00Z"})";
    return device;
  }

  std::vector<Device> devices_ = {device("C00000000001"), device("C00000000002")};
  std::stop_source stopping_;
  http::Client client_;
  SystemClock clock_;
  sync::Services services_{*store, client_, clock_, "http://127.0.0.1:1"};
  sync::LaneRunner lane_runner_{*store, services_, clock_, {}};
  sync::Scheduler scheduler_{clock_, 1,
                             [](AccountId, Lane, const sync::RunRequest&) { return std::optional<Time>(); }};
  sync::OwnRuns runs_{scheduler_, lane_runner_};
  api::Costly costly_;
  api::RequestCounts request_counts_;
  sync::EndedRuns ended_runs_;
  api::live::LiveFeed live_feed_{*store, clock_, runs_, ended_runs_};
  sync::CheckInDesk check_ins_{*store};
  api::Context context_{.unaudited_store = *store,
                        .services = services_,
                        .clock = clock_,
                        .stop = stopping_.get_token(),
                        .runs = runs_,
                        .costly = costly_,
                        .request_counts = request_counts_,
                        .live_feed = live_feed_,
                        .check_ins = &check_ins_};
  http::Handler handler_ = api::make_api(context_, kApiKey).handle;
};

// As http/server/connection.cc reads a connection.
std::optional<http::Request> read_request(std::string_view bytes) {
  http::RequestParser parser;
  const auto put_until = [&](auto is_there) {
    while (!parser.fault() && !(parser.*is_there)()) {
      if (bytes.empty()) return false;
      bytes.remove_prefix(parser.put(bytes));
      if (parser.needs_more()) return false;
    }
    return !parser.fault();
  };
  if (!put_until(&http::RequestParser::has_head)) return std::nullopt;
  auto request = parser.head();
  request.peer = "127.0.0.1";
  if (!parser.is_whole() && (!parser.limit_body(kBodyLimit) || !put_until(&http::RequestParser::is_whole)))
    return std::nullopt;
  request.body = parser.take_body();
  return request;
}

// NanoDEP's calls have some that are no JSON.
bool is_text(std::string_view type) {
  return type.starts_with("text/plain") || type == "application/x-pem-file" || type == "application/jwt";
}

bool has_line_end(std::string_view text) { return text.find_first_of("\r\n") != std::string_view::npos; }

void check_response(const http::Request& request, const http::Response& response) {
  check(response.status >= 200 && response.status < 600 && response.status != 500, "no request is our fault",
        response.body);
  for (const auto& [name, value] : response.headers)
    check(!has_line_end(name) && !has_line_end(value), "a header is one line", value);
  const auto type = response.headers.get("Content-Type").value_or("");
  const bool is_json = type.starts_with("application/json");
  check(is_json || is_text(type) || response.body.empty(), "an answer is JSON, text, or nothing");
  if (is_json) {
    const auto json = parse_json(response.body);
    const bool is_absent = json && json->is_null() && request.path.starts_with("/v1/config/");
    if (is_absent) return;
    check(json && json->is_object(), "an answer is JSON that can be read", response.body);
    check(response.status == 200 || json->as_object().contains("error"), "a failing one says what failed");
  }
  if (!request.headers.has("Authorization"))
    check(response.status == 401 || response.status == 404 || response.status == 405 ||
              (response.status == 200 && request.path == "/version"),
          "nothing but the version is told without the key", request.path);
  const std::string line =
      log::format_line(log::Level::info, "api.request", {{"method", request.method}, {"path", request.path}});
  check(!has_line_end(line), "no request forges a line of the log", line);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const std::string bytes = fuzz::text_of(data, size);
  if (const auto address = http::parse_address(bytes)) check(!bytes.empty(), "an address is not nothing");
  if (const auto url = http::parse_base_url(bytes)) {
    check(!url->ends_with('/') && url->starts_with("http"), "a base URL can be added to", *url);
    check(http::parse_base_url(*url).has_value(), "and is one", *url);
  }

  auto request = read_request(bytes);
  if (!request) return 0;
  if (!http::parse_target(request->target, request->path, request->query)) return 0;
  check(request->path.starts_with('/'), "a path is absolute");
  static Server server;
  check_response(*request, server.answer(*request));
  return 0;
}
