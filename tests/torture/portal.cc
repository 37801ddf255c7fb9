#include "tests/torture/portal.h"

namespace muster::torture {
namespace {

// As many as make several pages of the account now and then, and one page or less most of the time.
constexpr size_t kFew = 12;
constexpr size_t kMany = 150;

constexpr const char* kOther = "other";

}  // namespace

Portal::Portal(const test::Depsim& depsim, Dice dice, test::Serials ours, test::Serials theirs)
    : depsim_(depsim), dice_(std::move(dice)), ours_(std::move(ours)), theirs_(std::move(theirs)) {
  for (const auto& serial : ours_) musts_[serial] = Must::not_have;
}

void Portal::act() {
  const size_t count = dice_.one_in(25) ? dice_.between(kFew, kMany) : dice_.between(1, kFew);
  switch (dice_.below(14)) {
    case 0:
    case 1:
    case 2:
    case 3: return arrive(depsim_.add(static_cast<long long>(count)));
    case 4: {
      const auto serials = dice_.take(theirs_, count);
      do_to("move", serials, {{"to", "default"}});
      return arrive(serials);
    }
    case 5: {
      const auto serials = dice_.take(ours_, count);
      do_to("move", serials, {{"to", kOther}});
      theirs_.insert(theirs_.end(), serials.begin(), serials.end());
      return leave(serials);
    }
    case 6: {
      const auto serials = dice_.take(ours_, count);
      do_to("remove", serials);
      removed_.insert(removed_.end(), serials.begin(), serials.end());
      return leave(serials);
    }
    case 7: {
      const auto serials = dice_.take(removed_, count);
      do_to("add", serials, {{"account", "default"}});
      return arrive(serials);
    }
    case 8: {  // gone for good
      const auto serials = dice_.take(ours_, 1);
      do_to("release", serials);
      return leave(serials);
    }
    case 9:
    case 10: {
      const auto serials = dice_.take(ours_, count);
      do_to("reassign", serials);
      return arrive(serials);
    }
    case 11: {
      const auto serials = dice_.take(ours_, 1);
      if (serials.empty()) return;
      const std::string successor = "SUCCESSOR" + std::to_string(arrivals_);
      depsim_.post("/control/devices/replace",
                   boost::json::object{{"serial", serials.front()}, {"new_serial", successor}});
      leave(serials);
      return arrive({successor});
    }
    case 12: {  // rows that say nothing new
      auto serials = dice_.take(ours_, count);
      do_to("touch", serials);
      ours_.insert(ours_.end(), serials.begin(), serials.end());
      return;
    }
    default: {
      auto serials = dice_.take(ours_, count);
      do_to("set", serials, {{"asset_tag", "TAG-" + std::to_string(dice_.below(1000))}});
      ours_.insert(ours_.end(), serials.begin(), serials.end());
      return;
    }
  }
}

test::Serials Portal::some(Dice& dice, size_t count) const {
  test::Serials some;
  for (size_t i = 0; i < count && !ours_.empty(); ++i) some.push_back(ours_[dice.below(ours_.size())]);
  return some;
}

void Portal::arrive(const test::Serials& serials) {
  for (const auto& serial : serials) {
    musts_[serial] = Must::have;
    if (!arrived_.insert(serial).second) returned_.insert(serial);
    ours_.push_back(serial);
  }
  arrivals_ += static_cast<long long>(serials.size());
}

void Portal::leave(const test::Serials& serials) {
  for (const auto& serial : serials) musts_.erase(serial);
}

void Portal::do_to(const std::string& action, const test::Serials& serials, boost::json::object body) const {
  if (serials.empty()) return;
  body["serials"] = test::to_json(serials);
  depsim_.devices(action, body);
}

}  // namespace muster::torture
