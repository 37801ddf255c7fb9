// What many rows of an account have in common, such as the texts that describe a model: stored once, each
// combination of texts in a row of its own, and in the other rows its number.
//
// A number stands for the same for as long as the connection lasts, which knows it when the transaction that
// has added it is committed.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/guarded.h"
#include "model/ids.h"
#include "store/postgres/engine/connection.h"

namespace muster::postgres {

/// The numbers that a connection knows, by account and texts.
class KnownNumbers {
 public:
  using ByKey = std::unordered_map<std::string, std::int64_t>;

  /// Of each key its number, or 0.
  std::vector<std::int64_t> find(const std::vector<std::string>& keys) const;
  void add(ByKey numbers);

 private:
  Guarded<ByKey> numbers_;  // what a transaction has added is added when the connection may be in use again
};

/// A transaction's view of one table of texts. `Table` names their number and the statement.
template <class Table>
class Dictionary {
 public:
  static constexpr size_t kTexts = Table::kTexts;
  using Views = std::array<std::string_view, kTexts>;

  explicit Dictionary(KnownNumbers& known) : known_(known) {}

  /// The numbers of combinations of an account's, in their order; adds what is new.
  Result<std::vector<std::int64_t>> numbers_of(Connection& db, AccountId account, std::span<const Views> all);
  Result<std::int64_t> number_of(Connection& db, AccountId account, const Views& views) {
    MUSTER_TRY(const auto numbers, numbers_of(db, account, std::span(&views, 1)));
    return numbers.front();
  }

  /// The transaction was committed.
  void committed() { known_.add(std::move(added_)); }

 private:
  KnownNumbers& known_;
  KnownNumbers::ByKey added_;
};

/// Account and texts as one: each text behind its length.
std::string dictionary_key(AccountId account, std::span<const std::string_view> texts);
/// What finds a key in the database: an index cannot have long texts.
std::string digest_of(const std::string& key);

template <class Table>
Result<std::vector<std::int64_t>> Dictionary<Table>::numbers_of(Connection& db, AccountId account,
                                                                std::span<const Views> all) {
  std::vector<std::string> keys;
  keys.reserve(all.size());
  for (const auto& views : all) keys.push_back(dictionary_key(account, views));
  auto numbers = known_.find(keys);
  std::unordered_map<std::string_view, size_t> unknown;  // each once, with its place
  for (size_t i = 0; i < keys.size(); ++i) {
    if (numbers[i] != 0) continue;
    if (const auto added = added_.find(keys[i]); added != added_.end())
      numbers[i] = added->second;
    else
      unknown.try_emplace(keys[i], i);
  }
  if (unknown.empty()) return numbers;

  std::vector<size_t> places;
  for (const auto& [key, place] : unknown) places.push_back(place);
  std::unordered_map<std::string, size_t> by_digest;
  std::vector<std::string> digests;
  for (const size_t place : places) {
    digests.push_back(digest_of(keys[place]));
    by_digest.emplace(digests.back(), place);
  }
  Values values = values_of(account, column(digests));
  for (size_t text = 0; text < kTexts; ++text)
    values.push_back(column(places, [&](size_t place) { return all[place][text]; }));
  MUSTER_TRY(const auto found, db.ask_with(Table::kNumbersOf, values));
  for (size_t i = 0; i < found.size(); ++i)
    added_[keys[by_digest.at(found[i].text(1))]] = found[i].integer(0);
  for (size_t i = 0; i < keys.size(); ++i) {
    if (numbers[i] != 0) continue;
    const auto added = added_.find(keys[i]);
    if (added == added_.end())
      return failure(Code::internal, "the database lacks texts that were just stored");
    numbers[i] = added->second;
  }
  return numbers;
}

/// $1: the account, $2: digests, and the texts from $3 on. Gives numbers and digests.
#define MUSTER_NUMBERS_OF(table, columns, arrays)                                                             \
  "WITH given AS (SELECT * FROM unnest($2, " arrays ") AS given (digest, " columns                            \
  ")), added AS (INSERT INTO " table " (account, digest, " columns ") SELECT $1, digest, " columns            \
  " FROM given WHERE NOT EXISTS (SELECT 1 FROM " table                                                        \
  " t WHERE t.account = $1 AND t.digest = given.digest) ON CONFLICT (account, digest) DO NOTHING "            \
  "RETURNING id, digest) SELECT id, digest FROM added UNION ALL SELECT t.id, t.digest FROM given JOIN " table \
  " t ON t.account = $1 AND t.digest = given.digest"

/// Model, description, colour, family, system and who assigned it to the service.
struct KindTable {
  static constexpr size_t kTexts = 6;
  static constexpr Sql kNumbersOf = MUSTER_NUMBERS_OF(
      "kind", "model, description, color, family, os, assigned_by", "$3, $4, $5, $6, $7, $8");
};

/// Status and UUID.
struct ProfileStateTable {
  static constexpr size_t kTexts = 2;
  static constexpr Sql kNumbersOf = MUSTER_NUMBERS_OF("profile_state", "status, uuid", "$3, $4");
};

/// The detail of an entry of a history.
struct DetailTable {
  static constexpr size_t kTexts = 1;
  static constexpr Sql kNumbersOf = MUSTER_NUMBERS_OF("detail", "text", "$3");
};

/// What a connection knows.
struct AllKnownNumbers {
  KnownNumbers kinds, profile_states, details;
};
std::shared_ptr<AllKnownNumbers> known_numbers_of(Connection& connection);

/// Those of a transaction.
struct Dictionaries {
  explicit Dictionaries(AllKnownNumbers& known)
      : kinds(known.kinds), profile_states(known.profile_states), details(known.details) {}

  void committed() {
    kinds.committed();
    profile_states.committed();
    details.committed();
  }

  Dictionary<KindTable> kinds;
  Dictionary<ProfileStateTable> profile_states;
  Dictionary<DetailTable> details;
};

}  // namespace muster::postgres
