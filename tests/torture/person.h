// An operator who assigns and removes profiles of some devices during the test.
#pragma once

#include <map>
#include <string>

#include "base/guarded.h"
#include "http/client/client.h"
#include "tests/e2e/world/depsim.h"
#include "tests/torture/dice.h"
#include "tests/torture/portal.h"

namespace muster::torture {

class Person {
 public:
  Person(std::string profile, Dice dice, test::Serials devices)
      : profile_(std::move(profile)), dice_(std::move(dice)), devices_(std::move(devices)) {}

  /// Assigns or removes the profile of a device by the server at this URL. What Muster has confirmed must
  /// hold; where its answer never came, or was no, nothing must until the next time.
  void act(const std::string& server);

  const std::map<std::string, Must>& musts() const { return musts_; }
  int done() const { return done_; }

 private:
  const std::string profile_;
  Dice dice_;
  const test::Serials devices_;
  http::Client client_;
  std::map<std::string, Must> musts_;
  int done_ = 0;
};

}  // namespace muster::torture
