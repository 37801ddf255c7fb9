// The whole API over an account's database, in the test's process: routes, key and handlers, without sockets.
#pragma once

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <utility>

#include "api/live/live_feed.h"
#include "api/routing/routes.h"
#include "base/guarded.h"
#include "base/text/encoding.h"
#include "base/text/json.h"
#include "http/url.h"
#include "sync/enrollment/check_in_desk.h"
#include "sync/lane_runner.h"
#include "sync/own_runs.h"
#include "tests/support/account_fixture.h"
#include "tests/support/eventually.h"

namespace muster::test {

struct ApiAnswer {
  http::Response response;
  int status = 0;
  boost::json::value json;  ///< of the body, however it is delivered; null when there is none

  /// The member of that name, e.g. `plan.changes`.
  const boost::json::value& operator[](const std::string& path) const {
    const boost::json::value* found = &json;
    for (size_t begin = 0; begin <= path.size();) {
      const size_t end = std::min(path.find('.', begin), path.size());
      found = &found->as_object().at(path.substr(begin, end - begin));
      begin = end + 1;
    }
    return *found;
  }
  long long number(const std::string& path) const { return (*this)[path].as_int64(); }
  std::string text(const std::string& path) const { return std::string((*this)[path].as_string()); }
  bool has(const std::string& member) const { return json.as_object().contains(member); }
  std::string error() const { return text("error"); }
};

class ApiFixture : public AccountFixture {
 protected:
  ApiFixture() {
    scheduler_.add(account_.id);
    (void)runs();
  }

  ApiAnswer get(const std::string& target) { return ask("GET", target, ""); }
  ApiAnswer post(const std::string& target, const std::string& body) { return ask("POST", target, body); }
  ApiAnswer put(const std::string& target, const std::string& body) { return ask("PUT", target, body); }
  ApiAnswer del(const std::string& target, const std::string& body = "") {
    return ask("DELETE", target, body);
  }

  ApiAnswer ask(const std::string& method, const std::string& target, const std::string& body,
                const std::string& key = "key") {
    http::Request request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.peer = "192.0.2.1";
    must(http::parse_target(target, request.path, request.query));
    request.headers.add("Authorization", "Basic " + base64_encode("micromdm:" + key));
    ApiAnswer answer{.response = api_.handle(request), .json = nullptr};
    answer.status = answer.response.status;
    std::string text = answer.response.body;
    if (auto& stream = answer.response.stream)
      while (const auto piece = must(stream->next())) text += *piece;
    if (!text.empty()) answer.json = must(parse_json(text));
    return answer;
  }

  /// The lanes that ran since the last call, once none is due any more.
  std::set<Lane> runs() {
    EXPECT_TRUE(eventually([this] {
      const auto status = scheduler_.status(account_.id);
      return !status.running && (!status.next_due || *status.next_due > clock_.now());
    }));
    return runs_.with([](auto& runs) { return std::exchange(runs, {}); });
  }

  std::stop_source stopping_;
  sync::Services services_{*store_, apple_, clock_, ""};
  sync::LaneRunner runner_{*store_, services_, clock_, {.read_ahead = false}};
  std::atomic<bool> lanes_work_ = false;  ///< otherwise their runs are only counted

 private:
  Guarded<std::set<Lane>> runs_;

 protected:
  sync::Scheduler scheduler_{
      clock_,
      2,
      [this](AccountId account, Lane lane, const sync::RunRequest& run) {
        runs_.with([&](auto& runs) { runs.insert(lane); });
        return lanes_work_ ? runner_(account, lane, run) : std::nullopt;
      },
      {.on_idle = [this](AccountId account) { runner_.on_idle(account); }, .clock_jumped = {}}};
  sync::OwnRuns own_runs_{scheduler_, runner_};
  api::Costly costly_;
  api::RequestCounts request_counts_;
  sync::EndedRuns ended_runs_;
  api::live::LiveFeed live_feed_{*store_, clock_, own_runs_, ended_runs_};
  sync::CheckInDesk check_ins_{*store_};
  api::Context context_{.unaudited_store = *store_,
                        .services = services_,
                        .clock = clock_,
                        .stop = stopping_.get_token(),
                        .runs = own_runs_,
                        .costly = costly_,
                        .request_counts = request_counts_,
                        .live_feed = live_feed_,
                        .check_ins = &check_ins_};
  api::Api api_ = api::make_api(context_, "key");
};

}  // namespace muster::test
