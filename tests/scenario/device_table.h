// The table at a scenario's end: what is said of each device, at Apple and by Muster.
//
//   expect devices:
//     serial     | at Apple | status   | wanted
//     C01..C20   | Everyone | assigned | Everyone
//     C21        | -        | gone     | -
#pragma once

#include <string>

#include "tests/scenario/script.h"
#include "tests/scenario/stage.h"

namespace muster::test {

/// Compares the block of `step` with what is there; throws Failed with every cell that differs, and its line.
/// Only the devices and columns that the table names are looked at. README.md lists the columns.
void check_devices(const Stage& stage, const std::string& account, const Step& step);

}  // namespace muster::test
