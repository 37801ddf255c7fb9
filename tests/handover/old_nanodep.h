// NanoDEP as it works before Muster takes its place, and after: its storage `filekv` in a directory, and what
// depsyncer does with it. Written from ../shared/wire.md and NanoDEP's storage; it asks depsim with the calls
// that NanoDEP makes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "apple/service.h"
#include "base/time/clock.h"
#include "http/client/client.h"
#include "tests/e2e/world/depsim.h"

namespace muster::test {

class OldNanodep {
 public:
  /// `directory`: its -storage-dsn, which is made.
  OldNanodep(const Depsim& depsim, std::string directory);

  /// A DEP name with the token of depsim's account of that name, and a key pair, staged and current.
  void add(const std::string& name);
  /// Defines a profile at Apple, and has it assigned to every device that arrives. Returns its UUID.
  std::string assign_by(const std::string& name, const std::string& profile_name);
  /// depsyncer, run once: the full list or the changes since the cursor; assigns what is added; stores the
  /// cursor behind it.
  void sync(const std::string& name);

  std::string value(const std::string& name, const std::string& ending) const;  ///< "" for none
  void set(const std::string& name, const std::string& ending, const std::string& value) const;

 private:
  apple::Service& service(const std::string& name);

  const Depsim& depsim_;
  const std::string directory_;
  const SystemClock clock_;
  http::Client client_;
  std::map<std::string, std::unique_ptr<apple::Service>> services_;
};

}  // namespace muster::test
