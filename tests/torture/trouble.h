// Random failures at Apple and on the way there.
#pragma once

#include <map>
#include <string>

#include "tests/e2e/world/depsim.h"
#include "tests/torture/dice.h"
#include "tests/torture/portal.h"

namespace muster::torture {

class Trouble {
 public:
  Trouble(const test::Depsim& depsim, const Portal& portal, Dice dice)
      : depsim_(depsim), portal_(portal), dice_(std::move(dice)) {}

  /// One fault begins, or all end.
  void act();
  /// Nothing is wrong any more.
  void lift();

  /// How often each kind was put in, by its name.
  const std::map<std::string, int>& kinds() const { return kinds_; }

 private:
  void add(const std::string& kind, boost::json::object fault);
  void add_for_some();
  std::string any_endpoint();

  const test::Depsim& depsim_;
  const Portal& portal_;
  Dice dice_;
  std::map<std::string, int> kinds_;
};

}  // namespace muster::torture
