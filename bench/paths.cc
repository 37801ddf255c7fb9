// The two paths that every device takes, each over the same input every time, for counting instructions: the
// page path (Apple's JSON to a stored device) and the deciding path (which rule, which profile).
//
//   paths baseline     10,000 devices of a first full list are read and stored
//   paths unchanged    the same list once more
//   paths arrivals     10,000 devices arrive under twenty rules
//   paths deciding     10,000 devices are decided by twenty rules, nothing is read or stored
//
// Only muster_measured_path() counts: callgrind --toggle-collect=muster_measured_path. Beside it, it tells
// the time.
#include <fmt/format.h>

#include <functional>
#include <stdexcept>

#include "apple/answers/decode.h"
#include "assign/decide.h"
#include "assign/rules.h"
#include "base/log/log.h"
#include "bench/measure.h"
#include "bench/twenty_filters.h"
#include "sim/apple/listing.h"
#include "sim/world/catalogue.h"
#include "sim/world/portal.h"
#include "store/sqlite/open.h"
#include "sync/run/page.h"
#include "tests/support/temp_dir.h"

// Its name is what callgrind is told.
extern "C" __attribute__((noinline)) void muster_measured_path(const std::function<void()>& path) { path(); }

namespace {

using namespace muster;

constexpr size_t kDevices = 10'000;
constexpr long long kNowMs = 1'772'355'600'000;
const Time kNow = from_millis(kNowMs);

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  return std::move(*result);
}
void must(Result<> result) {
  if (!result) throw std::runtime_error(result.error().text());
}

// Apple's side: an account's list, or its changes, as pages of JSON.
class Apple {
 public:
  Apple() { must(world_.create_account("default", kNowMs)); }

  std::vector<std::string> full_list() {
    add([](sim::Portal& portal, sim::DeviceId id) { portal.place(0, id, kNowMs - 86'400'000); });
    return pages(sim::fetch_page, {});
  }
  std::vector<std::string> arrivals() {
    const std::string cursor(
        cursor_of(sim::fetch_page(world_, world_.account(0), settings_, kNowMs, request_).json));
    add([](sim::Portal& portal, sim::DeviceId id) { portal.add(0, id, sim::Arrival::added); });
    return pages(sim::sync_page, cursor);
  }

 private:
  template <class Place>
  void add(Place place) {
    sim::Portal portal(world_, settings_, kNowMs);
    for (size_t i = 0; i < kDevices; ++i) {
      const int kind = sim::pick_kind(world_.random(), "", "");
      place(portal, world_.create_device(world_.new_serial(), static_cast<uint16_t>(kind)));
    }
  }
  template <class Maker>
  std::vector<std::string> pages(Maker make, std::optional<std::string> cursor) {
    std::vector<std::string> pages;
    for (size_t rows = 0; rows < kDevices;) {
      request_.cursor = cursor;
      auto page = make(world_, world_.account(0), settings_, kNowMs + 1000, request_);
      rows += page.rows;
      cursor = cursor_of(page.json);
      pages.push_back(std::move(page.json));
    }
    return pages;
  }
  static std::string cursor_of(const std::string& page) {
    return must(apple::decode_page(page)).cursor.str();
  }

  sim::World world_{1};
  const sim::Settings settings_;
  sim::PageRequest request_{.cursor = {}, .limit = 1000, .version = 10};
};

class House {
 public:
  House() : store_(must(sqlite::open(directory_.path()))) {
    input_.account =
        must(store_->write(installation, [](Writer& w) { return w.create_account(kDefaultAccount); }));
    input_.account_name = kDefaultAccount;
    input_.now = kNow;
    must(store_->write(installation, [&](Writer& writer) -> Result<> {
      for (auto& rule : rules(input_.account)) MUSTER_TRY(writer.put_rule(rule));
      return {};
    }));
  }

  static std::vector<Rule> rules(AccountId account) {
    std::vector<Rule> rules;
    for (const char* filter : bench::kTwentyFilters)
      rules.push_back({.account = account,
                       .filter = filter,
                       .priority = 100 + static_cast<int>(rules.size()),
                       .profile = ProfileUuid(fmt::format("PROFILE{}", rules.size())),
                       .created_at = kNow,
                       .updated_at = kNow});
    return rules;
  }

  void store(const std::vector<std::string>& pages, assign::Source source) {
    input_.source = source;
    for (const auto& page : pages) {
      auto decoded = must(apple::decode_page(page));
      const auto stored = must(store_->write(input_.account, std::move(decoded.devices),
                                             [&](Writer& writer, std::vector<DeviceReport> rows) {
                                               return sync::apply_rows(writer, input_, std::move(rows));
                                             }));
      arrivals_ += stored.arrivals;
    }
  }
  int arrivals() const { return arrivals_; }

 private:
  const test::TempDir directory_;
  const std::unique_ptr<Store> store_;
  sync::PageInput input_;
  int arrivals_ = 0;
};

void measure(const std::function<void()>& path) {
  const bench::Stopwatch watch;
  muster_measured_path(path);
  fmt::print("{:.2f} µs a device\n", watch.seconds() * 1e6 / kDevices);
}

void decide() {
  const auto pages = Apple().arrivals();
  std::vector<DeviceReport> rows;
  for (const auto& page : pages)
    for (auto& row : must(apple::decode_page(page)).devices) rows.push_back(std::move(row));
  const assign::Rules rules(House::rules(AccountId{1}));
  const AccountName account = kDefaultAccount;
  size_t decided = 0;
  measure([&] {
    for (const auto& row : rows) {
      const auto verdict = assign::judge(row, nullptr, assign::Source::sync);
      Device device;
      device.serial = row.serial;
      device.facts = row.facts;
      const auto* winner = rules.at(rules.first_covering({.device = device, .account = account}));
      const auto decision = assign::decide_arrival(winner, device.desired, row.op_date);
      decided += verdict.effect == assign::Verdict::Effect::arrived && !decision.profile.empty();
    }
  });
  if (decided != kDevices) throw std::runtime_error("not every device was decided");
}

void run(const std::string& what) {
  if (what == "deciding") return decide();
  Apple apple;
  House house;
  if (what == "arrivals") {
    const auto pages = apple.arrivals();
    measure([&] { house.store(pages, assign::Source::sync); });
    if (house.arrivals() != kDevices) throw std::runtime_error("not every device arrived");
    return;
  }
  const auto pages = apple.full_list();
  if (what == "baseline") return measure([&] { house.store(pages, assign::Source::baseline); });
  if (what != "unchanged") throw std::runtime_error("usage: paths baseline|unchanged|arrivals|deciding");
  house.store(pages, assign::Source::baseline);
  measure([&] { house.store(pages, assign::Source::refetch); });
}

}  // namespace

int main(int argc, char** argv) try {
  log::set_level(log::Level::warn);
  run(argc == 2 ? argv[1] : "");
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "paths: {}\n", error.what());
  return 1;
}
