#include "store/postgres/tables/writer.h"

namespace muster::postgres {
namespace {

#define BACKFILL_COLUMNS "state, position, planned, changed, began"

Backfill read_backfill(const Row& row) {
  return {row.as<Backfill::State>(0), row.as<DeviceId>(1), row.integer(2), row.integer(3), row.time(4)};
}

}  // namespace

Result<Backfill> PostgresReader::backfill(AccountId account) {
  MUSTER_TRY(const auto found, db_.first("SELECT " BACKFILL_COLUMNS " FROM backfill WHERE account = $1",
                                         read_backfill, account));
  return found.value_or(Backfill{});
}

Result<> PostgresReader::add_backfills(Overviews& overviews) {
  MUSTER_TRY(const auto rows, db_.ask("SELECT " BACKFILL_COLUMNS ", account FROM backfill"));
  for (size_t i = 0; i < rows.size(); ++i)
    if (const auto found = overviews.find(rows[i].as<AccountId>(5)); found != overviews.end())
      found->second->backfill = read_backfill(rows[i]);
  return {};
}

Result<ProfileMoves> PostgresReader::profile_moves(AccountId account) {
  MUSTER_TRY(const auto rows,
             db_.all(
                 "SELECT from_uuid, to_uuid FROM profile_move WHERE account = $1",
                 [](const Row& row) { return std::pair(ProfileUuid(row.text(0)), ProfileUuid(row.text(1))); },
                 account));
  return ProfileMoves(rows.begin(), rows.end());
}

Result<> PostgresWriter::put_backfill(AccountId account, const Backfill& backfill) {
  if (backfill.state == Backfill::State::none)
    return db_.run("DELETE FROM backfill WHERE account = $1", account);
  return db_.run(
      "INSERT INTO backfill (account, state, position, planned, changed, began) VALUES ($1, $2, $3, $4, $5, $6) "
      "ON CONFLICT (account) DO UPDATE SET state = excluded.state, position = excluded.position, "
      "planned = excluded.planned, changed = excluded.changed, began = excluded.began",
      account, backfill.state, backfill.position, backfill.planned, backfill.changed, backfill.began);
}

Result<> PostgresWriter::put_profile_moves(AccountId account, const ProfileMoves& moves) {
  MUSTER_TRY(db_.run("DELETE FROM profile_move WHERE account = $1", account));
  for (const auto& [from, to] : moves)
    MUSTER_TRY(db_.run("INSERT INTO profile_move (account, from_uuid, to_uuid) VALUES ($1, $2, $3)", account,
                       from, to));
  return {};
}

}  // namespace muster::postgres
