// -move: the devices of a profile's other versions get the present one.
#pragma once

#include <string>

#include "base/flags.h"
#include "cli/api.h"

namespace muster::cli {

class Call;

struct MoveFlags {
  bool move = false;
  bool yes = false;

  void add_to(FlagSet& flags);
};

/// Does what the flags ask for, once the profile of that name is defined or rolled back. More than 100 devices are asked about.
Result<> move_devices(Call& call, Api& server, const MoveFlags& flags, const std::string& name);

}  // namespace muster::cli
