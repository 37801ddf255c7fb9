#include "tests/oracle/product.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <set>
#include <stdexcept>

#include "apple/service.h"
#include "base/guarded.h"
#include "base/log/log.h"
#include "model/text/words.h"
#include "sync/rules/rules.h"
#include "sync/run/page.h"
#include "sync/run/ties.h"
#include "sync/work/desired.h"
#include "sync/work/manual.h"
#include "tests/support/manual_clock.h"
#include "tests/support/open_store.h"
#include "tests/support/scripted_apple.h"
#include "tests/support/temp_dir.h"

namespace muster::oracle {
namespace {

using Kind = Step::Kind;
using Serials = std::vector<Serial>;

template <class T>
T good(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

Serial serial_of(size_t number) { return Serial(fmt::format("S{:07}", number)); }

class Product {
 public:
  Product() {
    log::set_level(log::Level::error);
    account_ = good(
        store_->write(installation, [](Writer& writer) { return writer.create_account(kDefaultAccount); }));
    account_row_ = *good(store_->read([&](Reader& reader) { return reader.account(account_); }));
    for (const char* call : {"PUT /profile/devices", "DELETE /profile/devices"})
      apple_.on(call, [this](const http::Request& request) { return answer(request); });
  }

  void set_rules(const std::vector<Rule>& rules, const std::vector<Rule>& instead_of) {
    for (const Rule& old : instead_of)
      if (std::none_of(rules.begin(), rules.end(),
                       [&](const Rule& rule) { return rule.filter == old.filter; }))
        good(sync::drop_rule(*store_, account_row_, old.filter, "", {.now = kBegin}));
    for (const Rule& rule : rules)
      good(sync::apply_rule(*store_, account_row_, {.filter = rule.filter, .profile = rule.profile},
                            {.now = kBegin}));
  }

  void put_baseline(size_t devices) {
    std::vector<DeviceReport> rows(devices, baseline_report());
    for (size_t i = 0; i < devices; ++i) rows[i].serial = serial_of(i);
    apply(std::move(rows), assign::Source::baseline, kBegin);
  }

  // What happens to each device as the number of its history says.
  void tell(const std::vector<History>& histories, size_t position) {
    std::map<Time, std::vector<DeviceReport>> rows;
    std::map<Kind, std::vector<size_t>> others;
    for (size_t i = 0; i < histories.size(); ++i) {
      const Step& step = histories[i].steps[position];
      if (step.kind != Kind::row && step.kind != Kind::listed) {
        others[step.kind].push_back(i);
        continue;
      }
      auto& page = step.kind == Kind::row ? rows[Time{}] : rows[step.at];
      page.push_back(step.report);
      page.back().serial = serial_of(i);
    }
    const Time now = histories.front().steps[position].at;
    for (auto& [listed, page] : rows)
      apply(std::move(page), listed == Time{} ? assign::Source::sync : assign::Source::refetch, now);
    clock_.advance(now - clock_.now());
    gone_.with([&](auto& gone) {
      gone.clear();
      for (size_t i = 0; i < histories.size(); ++i)
        if (!histories[i].steps[position].apple_has_it) gone.insert(serial_of(i).str());
    });
    bury(serials_of(others[Kind::absent]), now);
    if (const auto serials = serials_of(others[Kind::assigned]); !serials.empty())
      good(sync::assign_manually(context_, kHandProfile, serials));
    if (const auto serials = serials_of(others[Kind::taken_away]); !serials.empty())
      good(sync::remove_manually(context_, serials));
    if (const auto serials = present(serials_of(others[Kind::forgotten])); !serials.empty())
      good(sync::forget_devices(*store_, account_, serials, now));
  }

  std::vector<std::string> outcomes(size_t count) {
    std::vector<size_t> numbers(count);
    for (size_t i = 0; i < count; ++i) numbers[i] = i;
    const auto all = devices(serials_of(numbers));
    const auto work = assignments(all);
    std::vector<std::string> texts(count, "unknown");
    for (const Device& device : all) texts[std::stoul(device.serial.str().substr(1))] = outcome(device, work);
    return texts;
  }

 private:
  http::Response answer(const http::Request& request) {
    const auto body = boost::json::parse(request.body);
    boost::json::object devices;
    gone_.with([&](const auto& gone) {
      for (const auto& serial : body.at("devices").as_array()) {
        const std::string text(serial.as_string());
        devices[text] = gone.contains(text) ? "NOT_ACCESSIBLE" : "SUCCESS";
      }
    });
    return test::ScriptedApple::json(boost::json::serialize(boost::json::object{{"devices", devices}}));
  }

  static Serials serials_of(const std::vector<size_t>& numbers) {
    Serials serials;
    for (const size_t number : numbers) serials.push_back(serial_of(number));
    return serials;
  }

  std::vector<Device> devices(const Serials& serials) {
    return good(store_->read([&](Reader& reader) { return reader.devices(account_, serials); }));
  }
  Serials present(const Serials& serials) {
    Serials here;
    for (const Device& device : devices(serials))
      if (!device.tombstone) here.push_back(device.serial);
    return here;
  }

  // A row of the very second that is known, and other than what a list has shown since: the run asks Apple
  // which of the two it is (sync/run/ties.h, with tests of its own). Here that is what Muster knows, so the
  // row goes. A tombstone's row stays: it must not revive it, asked or not.
  void drop_ties(std::vector<DeviceReport>& rows) {
    const auto ties =
        good(store_->read([&](Reader& reader) { return sync::find_ties(reader, account_, rows); }));
    std::set<Serial> dropped;
    for (const Serial& serial : present(ties)) dropped.insert(serial);
    std::erase_if(rows, [&](const DeviceReport& row) { return dropped.contains(row.serial); });
  }

  void apply(std::vector<DeviceReport> rows, assign::Source source, Time now) {
    if (source == assign::Source::sync) drop_ties(rows);
    const sync::PageInput input{.account = account_, .source = source, .now = now};
    good(store_->write(account_, std::move(rows), [&](Writer& writer, std::vector<DeviceReport> own) {
      return sync::apply_rows(writer, input, std::move(own));
    }));
  }

  // A full list lacked these, and Apple does not know them either.
  void bury(const Serials& absent, Time now) {
    good(sync::update_devices(
        *store_, account_, [&](Writer& writer, sync::DeviceUpdates& updates) -> Result<> {
          MUSTER_TRY(auto missing, writer.devices(account_, absent));
          for (auto& device : missing)
            if (!device.tombstone)
              sync::bury(updates, updates.keep(std::move(device)), Tombstone::Reason::absent, now);
          return {};
        }));
  }

  std::map<DeviceId, ProfileUuid> assignments(const std::vector<Device>& of) {
    std::vector<DeviceId> ids;
    for (const Device& device : of) ids.push_back(device.id);
    std::map<DeviceId, ProfileUuid> work;
    for (const Assignment& assignment :
         good(store_->read([&](Reader& reader) { return reader.assignments(ids); })))
      work[assignment.device] = assignment.profile;
    return work;
  }

  static std::string outcome(const Device& device, const std::map<DeviceId, ProfileUuid>& work) {
    std::string text = device.tombstone ? "gone, " + std::string(word(device.tombstone->reason)) : "here";
    if (device.arrived_at) text += fmt::format(", arrived {}", (*device.arrived_at - kBegin) / kStep);
    text += author(device.desired.by);
    if (!device.desired.profile.empty()) text += " " + device.desired.profile.str();
    const auto found = work.find(device.id);
    if (found != work.end()) text += ", work " + found->second.str();
    return text;
  }

  static std::string author(Desired::By by) {
    switch (by) {
      case Desired::By::nobody: return "";
      case Desired::By::rule: return ", rule";
      case Desired::By::manual: return ", person";
      case Desired::By::hold: return ", hold";
    }
    return "";
  }

  test::TempDir directory_;
  std::unique_ptr<Store> store_ = good(test::open_store(directory_.path()));
  AccountId account_{};
  Account account_row_;
  ManualClock clock_{kBegin};
  Guarded<std::set<std::string>> gone_;  // serials that Apple does not have
  test::ScriptedApple apple_;
  http::Client client_;
  apple::Service service_{apple_.url(), {"CK", "CS", "AT", "AS", std::nullopt}, client_, clock_};
  sync::RunContext context_{.store = *store_, .service = service_, .clock = clock_, .account = account_row_};
};

}  // namespace

std::vector<std::string> decide_by_product(const Rules& rules, Start start,
                                           const std::vector<History>& histories) {
  Product product;
  product.set_rules(rules.before, {});
  if (start == Start::in_the_baseline) product.put_baseline(histories.size());
  for (size_t position = 0; position < histories.front().steps.size(); ++position) {
    if (position == rules.change_at) product.set_rules(rules.after, rules.before);
    product.tell(histories, position);
  }
  return product.outcomes(histories.size());
}

}  // namespace muster::oracle
