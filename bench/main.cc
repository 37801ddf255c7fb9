// ./dev bench: measures the rows of the table in docs/performance.md, with the real programs.
#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "base/os/files.h"
#include "base/text/flags.h"
#include "base/text/strings.h"
#include "bench/growth.h"
#include "bench/report.h"
#include "tests/support/places.h"

namespace {

using namespace muster;
using namespace muster::bench;

struct Measure {
  std::vector<int> rows;  // of the table
  void (*run)(const bench::Options&, const Tell&);
};

// What is cheap comes first.
const std::vector<Measure> kMeasures = {
    {{1, 10, 11}, measure_baseline},
    {{9, 10}, measure_reconcile},
    {{12}, measure_start},
    {{6}, measure_plan},
    {{5}, measure_one_arrival},
    {{4}, measure_polls},
    {{3, 10}, measure_arrivals},
    {{7, 10}, measure_backfill},
    {{8}, measure_reading},
    {{2}, measure_far_away},
    {{13}, measure_slow_calls},
    {{14, 15, 16, 17, 18}, measure_abuse},
    {{27}, measure_keys},
    {{28}, measure_webhooks},
    {{21, 22, 23, 24}, measure_postgres},
    {{25, 26}, measure_servers},
};

constexpr const char* kAbuse = "abuse";  // the rows 14 to 18
constexpr int kFirstOfPostgres = 21, kLastOfPostgres = 26;
constexpr double kQuiet = 1.0;  // more load than that and figures say little

// Without a choice, those of the default database.
bool wanted(const Measure& measure, const std::vector<int>& rows) {
  const int first = measure.rows.front();
  return (rows.empty() && (first < kFirstOfPostgres || first > kLastOfPostgres)) ||
         std::any_of(measure.rows.begin(), measure.rows.end(),
                     [&](int row) { return std::count(rows.begin(), rows.end(), row) > 0; });
}

Result<std::vector<int>> read_rows(const std::string& text) {
  if (text == kAbuse) return std::vector<int>{14, 15, 16, 17, 18};
  std::vector<int> rows;
  for (const auto& part : split_list(text, ',')) {
    const int row = std::atoi(part.c_str());
    const bool known = std::any_of(kMeasures.begin(), kMeasures.end(), [&](const Measure& measure) {
      return std::count(measure.rows.begin(), measure.rows.end(), row) > 0;
    });
    if (!known) return failure(Code::invalid, "there is no row " + part);
    rows.push_back(row);
  }
  return rows;
}

Result<> run(const std::vector<std::string>& arguments) {
  bench::Options options;
  long long runs = options.runs;
  std::string rows_text, output = test::source("bench/RESULTS.md");
  FlagSet flags("./dev bench", "Measures Muster with many devices and writes bench/RESULTS.md.");
  flags.add(
      "rows", &rows_text,
      "which rows of the table, between commas, or \"abuse\" for 14 to 18, or \"console\" for 29 to 31; all "
      "but the console's when not given",
      "N,N");
  flags.add("devices", &options.devices, "devices of the account");
  flags.add("runs", &runs, "how often each figure is taken; the median counts");
  flags.add("output", &output, "where the table is written, beside the terminal", "FILE");
  std::string database;
  flags.add("database", &database, "postgresql: measure rows 21 to 26, with a cluster of its own",
            "postgresql");
  std::string growth;
  flags.add("growth", &growth, "measure rows 3, 4 and 5 at three sizes instead, and draw them as SVG",
            "FILE");
  MUSTER_TRY(const auto rest, flags.parse(arguments));
  if (!rest.empty()) return failure(Code::invalid, "\"" + rest[0] + "\" is no flag");
  if (runs < 1 || options.devices < 1000)
    return failure(Code::invalid, "at least one run, and a thousand devices");
  options.runs = static_cast<int>(runs);
  MUSTER_TRY(auto rows, read_rows(rows_text));
  if (!database.empty() && database != "postgresql")
    return failure(Code::invalid, "-database must be postgresql");
  if (!database.empty() && rows.empty()) rows = {21, 22, 23, 24, 25, 26};

  const double load = load_of_machine();
  if (load > kQuiet)
    fmt::print(stderr, "this machine is busy (load {:.1f}): the figures will say less\n", load);
  if (!growth.empty()) return write_file(growth, measure_growth(options));
  options.load = load;
  std::vector<Line> lines;
  bool failed = false;
  for (const auto& measure : kMeasures) {
    if (!wanted(measure, rows)) continue;
    try {
      measure.run(options, [&](Line line) {
        fmt::print(stderr, "{:2}  {}: {} {}\n", line.number, line.work, line.measured,
                   line.met ? "" : "(not met)");
        lines.push_back(std::move(line));
      });
    } catch (const std::exception& error) {  // the other rows are worth having all the same
      fmt::print(stderr, "row {}: {}\n", measure.rows.front(), error.what());
      failed = true;
    }
  }
  // What bad clients can do is no matter of speed: these bounds hold on any machine.
  const bool must_hold = rows_text == kAbuse;
  const bool is_met = std::all_of(lines.begin(), lines.end(), [](const Line& line) { return line.met; });
  const std::string table = report(options, std::move(lines));
  fmt::print("{}", table);
  MUSTER_TRY(write_file(output, table));
  if (failed) return failure(Code::internal, "some rows could not be measured");
  if (must_hold && !is_met)
    return failure(Code::internal, "a bad client can do more than it may: see the table");
  return {};
}

}  // namespace

int main(int argc, char** argv) try {
  const auto done = run(std::vector<std::string>(argv + 1, argv + argc));
  if (done) return 0;
  if (done.error().code == Code::cancelled) {
    fmt::print("{}", done.error().message);
    return 0;
  }
  fmt::print(stderr, "bench: {}\n", done.error().text());
  return 1;
} catch (const std::exception& error) {
  fmt::print(stderr, "bench: {}\n", error.what());
  return 1;
}
