#include "bench/accounts.h"

#include <fmt/format.h>

namespace muster::bench {
namespace {

std::string name_of(int number) { return number == 0 ? "default" : fmt::format("a{:03}", number); }

}  // namespace

std::string account_names(int count) {
  std::string names;
  for (int i = 0; i < count; ++i) names += (i ? "," : "") + name_of(i);
  return names;
}

void add_accounts(World& world, Server& server, int count) {
  for (int i = 1; i < count; ++i)
    server.ask("PUT", "/api/v1/accounts/" + name_of(i),
               {{"token", world.depsim().get("/control/accounts/" + name_of(i) + "/token")}});
  for (int i = 1; i < count; ++i) server.ask("POST", "/v1/dep/syncnow?wait=300&account=" + name_of(i));
}

}  // namespace muster::bench
