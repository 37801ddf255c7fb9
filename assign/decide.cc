#include "assign/decide.h"

#include "assign/filter.h"

namespace muster::assign {

Decision decide_arrival(std::span<const Assigner> assigners, const Device& device,
                        std::optional<Time> arrived) {
  const Desired& wish = device.desired;
  const bool by_hand = wish.by == Desired::By::person || wish.by == Desired::By::hold;
  if (by_hand && wish.at && arrived && *wish.at >= *arrived) return {wish.by, wish.profile, {}};

  for (const auto& assigner : assigners) {
    const auto filter = Filter::parse(assigner.filter);
    if (filter && filter->matches({.device = device, .account = kDefaultAccount}))
      return {Desired::By::assigner, assigner.profile, assigner.id};
  }
  return {};
}

}  // namespace muster::assign
