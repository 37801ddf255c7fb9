// The table, on the terminal and in bench/RESULTS.md, with the machine it was measured on.
#pragma once

#include <string>
#include <vector>

#include "bench/rows/row.h"

namespace muster::bench {

/// What was measured where: Markdown, lines in order of their numbers.
std::string report(const Options& options, std::vector<Line> lines);

/// CPU, cores, memory, kernel and disk, as one line. `directory`: where the databases lie.
std::string describe_machine(const std::string& directory);

/// Jobs that run or want to, beside ours, as the kernel averaged them over the last minute.
double load_of_machine();

}  // namespace muster::bench
