#include "tests/property/story.h"

#include <rapidcheck.h>

namespace muster::property {
namespace {

using Operation = DeviceReport::Operation;

class Apple {
 public:
  explicit Apple(bool here) : here_(here), now_(baseline_row()) {}

  DeviceReport next(Leaving leaving) {
    date_ += std::chrono::seconds(*rc::gen::inRange(1, 5));
    now_.op_date = date_;
    if (!here_) return come();
    switch (*rc::gen::inRange(leaving == Leaving::never ? 1 : 0, 6)) {
      case 0: return leave();
      case 1: return reassign();
      case 2: show("removed", "RULE"); break;
      case 3: break;  // touched
      default: show("assigned", *rc::gen::element<std::string>("RULE", "FOREIGN")); break;
    }
    now_.operation = Operation::modified;
    return now_;
  }

 private:
  // As `added`, or moved from another service: `modified`, with that one's profile.
  DeviceReport come() {
    here_ = true;
    now_.facts.assigned_at = date_;
    const bool moved = *rc::gen::arbitrary<bool>();
    now_.operation = moved ? Operation::modified : Operation::added;
    show(moved ? "removed" : "empty", moved ? "FOREIGN" : "");
    return now_;
  }

  DeviceReport leave() {
    here_ = false;
    DeviceReport sparse;
    sparse.serial = now_.serial;
    sparse.operation = Operation::deleted;
    sparse.op_date = date_;
    return sparse;
  }

  // In the portal, to the very same service.
  DeviceReport reassign() {
    now_.facts.assigned_at = date_;
    now_.operation = Operation::modified;
    show("removed", now_.facts.profile_uuid.str());
    return now_;
  }

  void show(const std::string& status, const std::string& profile) {
    now_.facts.profile_status = status;
    now_.facts.profile_uuid = ProfileUuid(profile);
  }

  bool here_;
  Time date_ = kBegin;
  DeviceReport now_;
};

}  // namespace

DeviceReport baseline_row() {
  DeviceReport row;
  row.serial = Serial("C00000000001");
  row.facts.model = "iPad";
  row.facts.profile_status = "empty";
  row.facts.assigned_at = kBegin;
  return row;
}

std::vector<DeviceReport> any_story(bool here, Leaving leaving) {
  Apple apple(here);
  std::vector<DeviceReport> rows(*rc::gen::inRange<size_t>(1, 9));
  for (auto& row : rows) row = apple.next(leaving);
  return rows;
}

}  // namespace muster::property
