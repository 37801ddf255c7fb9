// Which profile a device should have, and why. A pure function: rules and device in, decision out.
#pragma once

#include <span>

#include "model/assigner.h"
#include "model/device.h"

namespace muster::assign {

struct Decision {
  Desired::By by = Desired::By::nobody;
  ProfileUuid profile;
  AssignerId assigner{};

  friend bool operator==(const Decision&, const Decision&) = default;
};

/// For a device that has just arrived, at `arrived` by Apple's clock: the first assigner that covers it decides.
/// What a person did to it through Muster since then beats the rules.
Decision decide_arrival(std::span<const Assigner> assigners, const Device& device,
                        std::optional<Time> arrived);

}  // namespace muster::assign
