// A row of the table: what was measured, against which floor, and whether that is what it must be.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "bench/measure.h"

namespace muster::bench {

struct Options {
  long long devices = 1'000'000;
  int runs = 5;
  double load = 0;  ///< of the machine, when this began
};

struct Line {
  int number = 0;
  std::string work, must, measured;
  std::string floor = {};  ///< what the floor measured; "" when there is none
  std::string ratio = {};  ///< to the floor
  std::optional<double> depsim_share =
      {};  ///< of the wall time that the simulator was at work, where that matters
  bool met = false;
};

/// Row 10 as it was in another row: bytes, of which the most counts.
Line memory_line(int row, const Samples& bytes);

/// Tells one or more lines of the table as soon as they are known.
using Tell = std::function<void(Line)>;

/// What the table of the issue has under these numbers; each throws when something fails that must not.
void measure_baseline(const Options& options, const Tell& tell);     // 1, 10, 11
void measure_far_away(const Options& options, const Tell& tell);     // 2
void measure_arrivals(const Options& options, const Tell& tell);     // 3, 10
void measure_polls(const Options& options, const Tell& tell);        // 4
void measure_one_arrival(const Options& options, const Tell& tell);  // 5
void measure_plan(const Options& options, const Tell& tell);         // 6
void measure_backfill(const Options& options, const Tell& tell);     // 7, 10
void measure_reading(const Options& options, const Tell& tell);      // 8
void measure_reconcile(const Options& options, const Tell& tell);    // 9, 10
void measure_start(const Options& options, const Tell& tell);        // 12
void measure_slow_calls(const Options& options, const Tell& tell);   // 13
void measure_abuse(const Options& options, const Tell& tell);        // 14 to 18
void measure_postgres(const Options& options, const Tell& tell);     // 21 to 24
void measure_servers(const Options& options, const Tell& tell);      // 25, 26
void measure_keys(const Options& options, const Tell& tell);         // 27
void measure_webhooks(const Options& options, const Tell& tell);     // 28

/// What rows 3, 4 and 5 measure, with so many devices stored: for the plot of how cost grows.
Samples arrivals_cpu_seconds(long long stored, int runs);
Samples arrivals_seconds(long long stored, int runs);
Samples plan_seconds(long long stored, int runs);
Samples poll_ms(long long stored, int runs);
Samples one_arrival_ms(long long stored, int arrivals);

}  // namespace muster::bench
