#include "store/postgres/tables/writer.h"

namespace muster::postgres {

Result<Backfill> PostgresReader::backfill(AccountId account) {
  MUSTER_TRY(const auto found,
             db_.first(
                 "SELECT state, position, planned, changed, began FROM backfill WHERE account = $1",
                 [](const Row& row) {
                   return Backfill{row.as<Backfill::State>(0), row.as<DeviceId>(1), row.integer(2),
                                   row.integer(3), row.time(4)};
                 },
                 account));
  return found.value_or(Backfill{});
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
