// How each torture ends: what waits is worked off, and Apple's side is compared with what must be.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/e2e/world/depsim.h"
#include "tests/torture/portal.h"
#include "tests/torture/torture.h"

namespace muster::torture {

/// A server with these flags under a clock that is moved on works until nothing waits. Waits are long (10
/// minutes after FAILED, doubling to a day), so it is an hour at a time for a day and a bit, and then until
/// nothing waits any more. Returns the server's complaints about itself. Throws when it never becomes quiet
/// or does not stop.
std::vector<std::string> work_off(const std::vector<std::string>& flags);

/// Adds the devices that do not have what they must, by Apple's account of their profiles, to the report.
void compare(const std::map<std::string, std::string>& profiles, const std::string& profile,
             const std::map<std::string, Must>& musts, Report& report);

/// Adds the devices that were assigned a profile twice since they arrived. Those that an operator assigns by
/// hand are left out. Those that arrived once more are only counted: where an assignment was on its way
/// meanwhile, only Apple could say which of the two came first, and to assign again is right.
void find_repeated(const test::Depsim& depsim, const test::Serials& by_hand, const Portal& portal,
                   Report& report);

}  // namespace muster::torture
