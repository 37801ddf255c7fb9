// Rows 21 to 24: what rows 1, 3, 5 and 6 measure, on PostgreSQL.
#include <fmt/format.h>

#include "bench/postgres.h"
#include "bench/rows/row.h"
#include "bench/usage.h"
#include "bench/world.h"

namespace muster::bench {
namespace {

constexpr double kMostOfFloor = 3, kMostOfSqlite = 3, kMostMs = 30, kMostPlanSeconds = 3;
constexpr int kArrivalsARun = 20;

// The same million rows, written by COPY into one plain table with its unique index.
double floor_seconds(const std::string& url) {
  const std::string file = "'" + test::PostgresCluster::shared().socket() + "/floor'";
  const auto administer = [&](const std::string& sql) { test::PostgresCluster::administer(url, sql); };
  administer(
      "COPY (SELECT d.account, d.serial, k.model, k.description, k.color, k.family, k.os, k.assigned_by, d.assigned_at, "
      "s.status, s.uuid, d.last_operation::bigint, d.last_op_date, d.first_seen FROM device d JOIN kind k ON k.id = d.kind "
      "JOIN profile_state s ON s.id = d.profile) TO " +
      file + " (FORMAT binary)");
  administer(
      "CREATE TABLE floor (account bigint, serial text, model text, description text, color text, family text, os "
      "text, assigned_by text, assigned_at bigint, status text, uuid text, last_operation bigint, last_op_date "
      "bigint, first_seen bigint); CREATE UNIQUE INDEX ON floor (account, serial)");
  const Stopwatch watch;
  administer("COPY floor FROM " + file + " (FORMAT binary)");
  return watch.seconds();
}

void measure_first_list(const Options& options, const Tell& tell) {
  const OnPostgres on_postgres;
  World world(options.devices);
  Samples seconds, cpu, database_cpu, floor, ratio;
  for (int i = 0; i < options.runs; ++i) {
    const std::string data = world.new_directory();
    Server server(world.depsim(), data);
    const double before = database_cpu_seconds();
    const auto baseline = world.read_baseline(server);
    database_cpu.add(database_cpu_seconds() - before);
    server.stop();
    seconds.add(baseline.seconds);
    cpu.add(baseline.cpu_seconds);
    floor.add(floor_seconds(test::PostgresCluster::shared().database(data)));
    ratio.add(seconds.last() / floor.last());
    forget_database(data);
  }
  tell({.number = 21,
        .work = fmt::format("PostgreSQL: baseline of {} devices", options.devices),
        .must = fmt::format("≤ {:.0f} × floor_pg", kMostOfFloor),
        .measured = fmt::format("{:.2f} s, {:.2f} CPU s and {:.2f} of the database", seconds.median(),
                                cpu.median(), database_cpu.median()),
        .floor = fmt::format("floor_pg {:.2f} s", floor.median()),
        .ratio = fmt::format("{:.2f}", ratio.median()),
        .met = ratio.median() <= kMostOfFloor});
}

}  // namespace

void measure_postgres(const Options& options, const Tell& tell) {
  measure_first_list(options, tell);

  const auto on_sqlite = arrivals_seconds(options.devices, options.runs);
  const OnPostgres on_postgres;
  const auto arrivals = arrivals_seconds(options.devices, options.runs);
  const double ratio = arrivals.median() / on_sqlite.median();
  tell({.number = 22,
        .work = fmt::format("PostgreSQL: 100000 arrivals under 20 rules, assigned and confirmed, {} stored",
                            options.devices),
        .must = fmt::format("≤ {:.0f} × Muster on SQLite", kMostOfSqlite),
        .measured = fmt::format("{:.2f} s", arrivals.median()),
        .floor = fmt::format("on SQLite {:.2f} s", on_sqlite.median()),
        .ratio = fmt::format("{:.2f}", ratio),
        .met = ratio <= kMostOfSqlite});

  const auto ms = one_arrival_ms(options.devices, options.runs * kArrivalsARun);
  tell({.number = 23,
        .work = fmt::format("PostgreSQL: one arrival to assigned, by syncnow, {} stored", options.devices),
        .must = fmt::format("≤ {:.0f} ms", kMostMs),
        .measured = fmt::format("{:.1f} ms; 95th percentile {:.1f} ms", ms.median(), ms.quantile(0.95)),
        .met = ms.median() <= kMostMs});

  const auto plan = plan_seconds(options.devices, options.runs);
  tell({.number = 24,
        .work = fmt::format("PostgreSQL: plan of a new rule over {} devices", options.devices),
        .must = fmt::format("≤ {:.0f} s", kMostPlanSeconds),
        .measured = fmt::format("{:.2f} s", plan.median()),
        .met = plan.median() <= kMostPlanSeconds});
}

}  // namespace muster::bench
