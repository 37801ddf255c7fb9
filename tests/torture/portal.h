// Random changes in Apple's portal, and what must be true of each device as a result, by the rules of
// docs/arrivals.md, independent of the code under test.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/e2e/world/depsim.h"
#include "tests/torture/dice.h"

namespace muster::torture {

enum class Must {
  have,      ///< it arrived while the rule was there: it must have the rule's profile
  not_have,  ///< it was there before, and nothing has happened to it that makes it an arrival
};

class Portal {
 public:
  /// `ours`: the devices that the account had before. `theirs`: those of the other account, from which
  /// devices come.
  Portal(const test::Depsim& depsim, Dice dice, test::Serials ours, test::Serials theirs);

  /// One thing happens: devices arrive, move in or out, are removed, released, brought back, assigned once
  /// more, replaced, or merely touched.
  void act();

  /// Every device of the account, with what must be true of it.
  const std::map<std::string, Must>& musts() const { return musts_; }
  /// Some devices of the account.
  test::Serials some(Dice& dice, size_t count) const;
  /// Devices that arrived more than once.
  const std::set<std::string>& returned() const { return returned_; }
  long long arrivals() const { return arrivals_; }

 private:
  void arrive(const test::Serials& serials);
  void leave(const test::Serials& serials);
  void do_to(const std::string& action, const test::Serials& serials, boost::json::object body = {}) const;

  const test::Depsim& depsim_;
  Dice dice_;
  test::Serials ours_, theirs_, removed_;
  std::map<std::string, Must> musts_;
  std::set<std::string> arrived_, returned_;
  long long arrivals_ = 0;
};

}  // namespace muster::torture
