// An assigner: a rule that gives arrivals a profile. MicroMDM's "auto-assigner".
#pragma once

#include <string>

#include "base/clock.h"
#include "model/ids.h"

namespace muster {

struct Assigner {
  AssignerId id{};
  AccountId account{};
  std::string filter{};  ///< its name within the account; `*` is every device
  ProfileUuid profile{};
  Time created_at{};
  Time updated_at{};
  std::string broken{};  ///< why it cannot work now, e.g. Apple does not know its profile; "" when it can

  friend bool operator==(const Assigner&, const Assigner&) = default;
};

}  // namespace muster
