#include "sync/profiles/profile_move.h"

#include "sync/profiles/registry.h"

namespace muster::sync {

Result<> move_to_current(Writer& writer, AccountId account, const std::string& name) {
  MUSTER_TRY(const auto current, writer.current_profile(account, name));
  if (!current)
    return failure(Code::not_found, "there is no profile with the name '" + name + "'",
                   "`mdmctl get dep-profiles` lists the profiles");
  MUSTER_TRY(auto moves, writer.profile_moves(account));
  MUSTER_TRY(const auto profiles, writer.profiles(account));
  moves.erase(current->uuid);  // it was to be left a moment ago
  for (const auto& profile : profiles)
    if (profile.name == name && profile.uuid != current->uuid) moves[profile.uuid] = current->uuid;
  writer.note_change({.action = "profile.moved", .object = name, .after = version_json(*current)});
  return writer.put_profile_moves(account, moves);
}

}  // namespace muster::sync
