#include "store/postgres/tables/writer.h"

namespace muster::postgres {
namespace {

#define TROUBLE_COLUMNS "lane, state, since, failures, retry_at, word, message, remedy"

std::pair<Lane, LaneTrouble> read_trouble(const Row& row) {
  return {row.as<Lane>(0), LaneTrouble{.state = row.as<Health::State>(1),
                                       .since = row.time(2),
                                       .failures = static_cast<int>(row.integer(3)),
                                       .retry_at = row.time(4),
                                       .word = row.text(5),
                                       .message = row.text(6),
                                       .remedy = row.text(7)}};
}

#define PROFILE_TROUBLE_COLUMNS "uuid, word, since, failures, retry_at"

std::pair<ProfileUuid, ProfileTrouble> read_profile_trouble(const Row& row) {
  return {ProfileUuid(row.text(0)), ProfileTrouble{.word = row.text(1),
                                                   .since = row.time(2),
                                                   .failures = static_cast<int>(row.integer(3)),
                                                   .retry_at = row.time(4)}};
}

}  // namespace

Result<> PostgresReader::add_troubles(Overviews& overviews) {
  MUSTER_TRY(const auto rows, db_.ask("SELECT " TROUBLE_COLUMNS ", account FROM lane_trouble"));
  for (size_t i = 0; i < rows.size(); ++i)
    if (const auto found = overviews.find(rows[i].as<AccountId>(8)); found != overviews.end())
      found->second->troubles.insert(read_trouble(rows[i]));
  MUSTER_TRY(const auto of_profiles,
             db_.ask("SELECT " PROFILE_TROUBLE_COLUMNS ", account FROM profile_trouble"));
  for (size_t i = 0; i < of_profiles.size(); ++i)
    if (const auto found = overviews.find(of_profiles[i].as<AccountId>(5)); found != overviews.end())
      found->second->profile_troubles.insert(read_profile_trouble(of_profiles[i]));
  return {};
}

Result<std::map<Lane, LaneTrouble>> PostgresReader::lane_troubles(AccountId account) {
  MUSTER_TRY(auto rows, db_.all("SELECT " TROUBLE_COLUMNS " FROM lane_trouble WHERE account = $1",
                                read_trouble, account));
  return std::map<Lane, LaneTrouble>(std::make_move_iterator(rows.begin()),
                                     std::make_move_iterator(rows.end()));
}

Result<std::map<ProfileUuid, ProfileTrouble>> PostgresReader::profile_troubles(AccountId account) {
  MUSTER_TRY(auto rows, db_.all("SELECT " PROFILE_TROUBLE_COLUMNS " FROM profile_trouble WHERE account = $1",
                                read_profile_trouble, account));
  return std::map<ProfileUuid, ProfileTrouble>(std::make_move_iterator(rows.begin()),
                                               std::make_move_iterator(rows.end()));
}

Result<> PostgresWriter::put_lane_trouble(AccountId account, Lane lane,
                                          const std::optional<LaneTrouble>& trouble) {
  if (!trouble) return db_.run("DELETE FROM lane_trouble WHERE account = $1 AND lane = $2", account, lane);
  return db_.run(
      "INSERT INTO lane_trouble (account, lane, state, since, failures, retry_at, word, message, "
      "remedy) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (account, lane) DO UPDATE SET "
      "state = excluded.state, since = excluded.since, failures = excluded.failures, "
      "retry_at = excluded.retry_at, word = excluded.word, message = excluded.message, remedy = excluded.remedy",
      account, lane, trouble->state, trouble->since, trouble->failures, trouble->retry_at, trouble->word,
      trouble->message, trouble->remedy);
}

Result<> PostgresWriter::put_profile_trouble(AccountId account, const ProfileUuid& uuid,
                                             const std::optional<ProfileTrouble>& trouble) {
  if (!trouble) return db_.run("DELETE FROM profile_trouble WHERE account = $1 AND uuid = $2", account, uuid);
  return db_.run(
      "INSERT INTO profile_trouble (account, uuid, word, since, failures, retry_at) "
      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account, uuid) DO UPDATE SET word = excluded.word, "
      "since = excluded.since, failures = excluded.failures, retry_at = excluded.retry_at",
      account, uuid, trouble->word, trouble->since, trouble->failures, trouble->retry_at);
}

}  // namespace muster::postgres
