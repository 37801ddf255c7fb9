// Texts that are sealed already (store/secrets.h).
#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {
namespace {

#define STORED_SECRETS                                                                 \
  "SELECT id, consumer_secret, access_token, access_secret, private_key FROM account " \
  "WHERE id > ? ORDER BY id LIMIT ?"

StoredSecrets read_secrets(const Row& row) {
  const auto optional_text = [&](int column) {
    return row.is_null(column) ? std::nullopt : std::optional(row.text(column));
  };
  return {row.as<AccountId>(0), optional_text(1), optional_text(2), optional_text(3), optional_text(4)};
}

}  // namespace

Result<std::vector<StoredSecrets>> SqliteReader::stored_secrets(AccountId after, size_t limit) {
  return db_.all(STORED_SECRETS, read_secrets, after, limit);
}

Result<std::optional<SealingState>> SqliteReader::sealing_state() {
  return db_.first("SELECT proof, overwritten FROM sealing", [](const Row& row) {
    return SealingState{row.text(0), row.integer(1) != 0};
  });
}

Result<> SqliteWriter::put_stored_secrets(const StoredSecrets& secrets) {
  has_replaced_secrets_ = true;
  return db_.run(
      "UPDATE account SET consumer_secret = ?, access_token = ?, access_secret = ?, private_key = ? "
      "WHERE id = ?",
      secrets.consumer_secret, secrets.access_token, secrets.access_secret, secrets.private_key,
      secrets.account);
}

Result<> SqliteWriter::put_sealing_state(const SealingState& state) {
  MUSTER_TRY(db_.run("DELETE FROM sealing"));
  return db_.run("INSERT INTO sealing (proof, overwritten) VALUES (?, ?)", state.proof, state.is_overwritten);
}

}  // namespace muster::sqlite
