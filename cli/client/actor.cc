#include "cli/client/actor.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>

namespace muster::cli {
namespace {

std::string user_of(const Environment& environment) {
  for (const char* name : {"USER", "LOGNAME"})
    if (auto value = environment.variable(name); !value.empty()) return value;
  const auto* entry = getpwuid(getuid());
  return entry && entry->pw_name ? entry->pw_name : "";
}

std::string host() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "";
}

}  // namespace

std::string actor_of(const Environment& environment) {
  std::string actor = user_of(environment);
  if (const auto here = host(); !here.empty()) actor += "@" + here;
  // A header has one line.
  std::replace_if(
      actor.begin(), actor.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; }, ' ');
  return actor;
}

}  // namespace muster::cli
