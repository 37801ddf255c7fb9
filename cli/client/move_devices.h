// -move: the devices of a profile's other versions get the present one.
#pragma once

#include <string>

#include "base/text/flags.h"
#include "cli/client/api.h"
#include "cli/client/change.h"

namespace muster::cli {

class Call;

/// Of a command by which a name stands for another version of its profile. Rules that follow the name may
/// move devices by that alone.
struct VersionFlags {
  bool move = false;
  ChangeFlags change{};

  void add_to(FlagSet& flags);
  /// Code::invalid for what does not go together.
  Result<> check() const;
};

/// Does what -move asks for, once the profile of that name is defined or rolled back. More than 100 devices
/// are asked about.
Result<> move_devices(Call& call, Api& server, const VersionFlags& flags, const std::string& name);

}  // namespace muster::cli
