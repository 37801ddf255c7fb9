#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {

Result<std::map<Lane, LaneTrouble>> SqliteReader::lane_troubles(AccountId account) {
  MUSTER_TRY(auto rows,
             db_.all(
                 "SELECT lane, state, since, failures, retry_at, word, message, remedy FROM lane_trouble "
                 "WHERE account = ?",
                 [](const Row& row) {
                   return std::pair(row.as<Lane>(0), LaneTrouble{.state = row.as<Health::State>(1),
                                                                 .since = row.time(2),
                                                                 .failures = static_cast<int>(row.integer(3)),
                                                                 .retry_at = row.time(4),
                                                                 .word = row.text(5),
                                                                 .message = row.text(6),
                                                                 .remedy = row.text(7)});
                 },
                 account));
  return std::map<Lane, LaneTrouble>(std::make_move_iterator(rows.begin()),
                                     std::make_move_iterator(rows.end()));
}

Result<std::map<ProfileUuid, ProfileTrouble>> SqliteReader::profile_troubles(AccountId account) {
  MUSTER_TRY(auto rows,
             db_.all(
                 "SELECT uuid, word, since, failures, retry_at FROM profile_trouble WHERE account = ?",
                 [](const Row& row) {
                   return std::pair(ProfileUuid(row.text(0)),
                                    ProfileTrouble{.word = row.text(1),
                                                   .since = row.time(2),
                                                   .failures = static_cast<int>(row.integer(3)),
                                                   .retry_at = row.time(4)});
                 },
                 account));
  return std::map<ProfileUuid, ProfileTrouble>(std::make_move_iterator(rows.begin()),
                                               std::make_move_iterator(rows.end()));
}

Result<> SqliteWriter::put_lane_trouble(AccountId account, Lane lane,
                                        const std::optional<LaneTrouble>& trouble) {
  if (!trouble) return db_.run("DELETE FROM lane_trouble WHERE account = ? AND lane = ?", account, lane);
  return db_.run(
      "INSERT OR REPLACE INTO lane_trouble (account, lane, state, since, failures, retry_at, word, message, "
      "remedy) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      account, lane, trouble->state, trouble->since, trouble->failures, trouble->retry_at, trouble->word,
      trouble->message, trouble->remedy);
}

Result<> SqliteWriter::put_profile_trouble(AccountId account, const ProfileUuid& uuid,
                                           const std::optional<ProfileTrouble>& trouble) {
  MUSTER_TRY(will_write("profile_trouble"));
  if (!trouble) return db_.run("DELETE FROM profile_trouble WHERE account = ? AND uuid = ?", account, uuid);
  return db_.run(
      "INSERT OR REPLACE INTO profile_trouble (account, uuid, word, since, failures, retry_at) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      account, uuid, trouble->word, trouble->since, trouble->failures, trouble->retry_at);
}

}  // namespace muster::sqlite
