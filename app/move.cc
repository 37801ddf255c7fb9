#include "app/move.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <memory>

#include "base/log/log.h"
#include "base/text/flags.h"
#include "store/move/move.h"
#include "store/move/side.h"
#include "store/postgres/open.h"

namespace muster::app {
namespace {

constexpr size_t kShownDigits = 16;  // of a digest

struct Ends {
  std::string from, to;
};

// As libpq reads it: a URL, or key=value pairs.
bool is_postgres(const std::string& end) {
  return end.starts_with("postgresql://") || end.starts_with("postgres://") ||
         (!end.starts_with('/') && !end.starts_with('.') && end.find('=') != std::string::npos);
}

Result<> check_end(const std::string& flag, const std::string& end) {
  if (end.empty())
    return failure(
        Code::invalid, flag + " is missing",
        "Give the data directory (-config-path) or the PostgreSQL database (-database) of the server");
  if (!is_postgres(end)) return {};
  const auto checked = postgres::check_url(end);
  return checked ? Result<>() : failure(checked.error().while_doing(flag));
}

Result<Ends> read_ends(const std::vector<std::string>& args) {
  Ends ends;
  FlagSet flags(
      "muster move",
      "Moves all data of a stopped server from SQLite to PostgreSQL or back, compares both sides, and "
      "commits only if they are equal. The source stays as it is.");
  flags.strict();
  flags.add("from", &ends.from,
            "data directory, or postgresql://USER@HOST/NAME; put a password into ~/.pgpass", "source");
  flags.add("to", &ends.to, "the same, of the other kind: a new directory or an empty database", "target");
  MUSTER_TRY(const auto rest, flags.parse(args));
  if (!rest.empty()) return failure(Code::invalid, "unexpected argument \"" + rest.front() + "\"");
  MUSTER_TRY(check_end("-from", ends.from));
  MUSTER_TRY(check_end("-to", ends.to));
  if (is_postgres(ends.from) != is_postgres(ends.to)) return ends;
  return failure(Code::invalid,
                 is_postgres(ends.from) ? "-from and -to are both PostgreSQL databases"
                                        : "-from and -to are both data directories",
                 is_postgres(ends.from) ? "Copy a database with pg_dump"
                                        : "Copy a data directory with `mdmctl backup`: see docs/backup.md");
}

void print(const move::Report& report) {
  fmt::print("{:<18}  {:>10}  {:>10}  {:<{}}  {:<{}}\n", "TABLE", "ROWS FROM", "ROWS TO", "SHA-256 FROM",
             kShownDigits, "SHA-256 TO", kShownDigits);
  for (const auto& table : report.tables)
    fmt::print("{:<18}  {:>10}  {:>10}  {}  {}{}\n", table.table, table.rows_from, table.rows_to,
               table.digest_from.substr(0, kShownDigits), table.digest_to.substr(0, kShownDigits),
               table.agrees() ? "" : "  DIFFERENT");
}

}  // namespace

Result<> move_data(const std::vector<std::string>& args) {
  using Clock = std::chrono::steady_clock;
  MUSTER_TRY(const Ends ends, read_ends(args));
  log::set_level(log::Level::warn);
  const auto begin = Clock::now();
  MUSTER_TRY(auto from, is_postgres(ends.from) ? move::open_postgres_source(ends.from)
                                               : move::open_sqlite_source(ends.from));
  MUSTER_TRY(auto to,
             is_postgres(ends.to) ? move::open_postgres_target(ends.to) : move::open_sqlite_target(ends.to));
  MUSTER_TRY(const auto report, move::move_all(*from, *to));
  const std::string from_place = from->place(), to_place = to->place();
  to.reset();
  from.reset();
  fmt::print("from  {}\nto    {}\n\n", from_place, to_place);
  print(report);
  if (!report.agrees())
    return failure(Code::internal, "the two sides differ, and nothing was moved",
                   "This is a bug of muster: report it");
  const std::chrono::duration<double> took = Clock::now() - begin;
  fmt::print(
      "\nBoth sides are equal. Moved in {:.1f} s.\n"
      "Start no server on the source again: it would work the same accounts.\n",
      took.count());
  return {};
}

}  // namespace muster::app
