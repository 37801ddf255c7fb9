// What many rows of an account have in common, such as the texts that describe a model: stored once, each
// combination of texts in a row of its own, and in the other rows its number. A connection keeps in memory
// what it has looked up.
//
// Numbers are never used again, so that what one stands for never changes. A reader sees only those of its
// view; the writer forgets what it added when the transaction was undone.
#pragma once

#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "model/ids.h"
#include "store/sqlite/engine/database.h"

namespace muster::sqlite {

/// `Table` names the number of texts and the statements.
template <class Table>
class Dictionary {
 public:
  static constexpr size_t kTexts = Table::kTexts;
  using Texts = std::array<std::string, kTexts>;
  using Views = std::array<std::string_view, kTexts>;

  explicit Dictionary(Database& database) : database_(database) {}

  /// What a number stands for. Valid until the next call.
  Result<const Texts*> texts(std::int64_t number) {
    if (const auto known = texts_.find(number); known != texts_.end()) return &known->second;
    MUSTER_TRY(auto found, database_.first(Table::kTextsOf, read, number));
    if (!found) return failure(Code::internal, "the database is damaged: a row names texts that it lacks");
    if (texts_.size() >= kMostKept) texts_.clear();
    return &texts_.emplace(number, std::move(*found)).first->second;
  }

  /// The number of the account's combination; 0 when it has none.
  Result<std::int64_t> find(AccountId account, const Views& views) {
    set_key(account, views);
    if (const auto known = numbers_.find(key_); known != numbers_.end()) return known->second;
    MUSTER_TRY(const auto found, with(views, [&](const auto&... texts) {
                 return database_.first(
                     Table::kNumberOf, [](const Row& row) { return row.integer(0); }, account, texts...);
               }));
    if (found) keep(*found);
    return found.value_or(0);
  }

  /// The same, and adds what is new. The writer's.
  Result<std::int64_t> number_of(AccountId account, const Views& views) {
    MUSTER_TRY(const auto known, find(account, views));
    if (known != 0) return known;
    MUSTER_TRY(
        with(views, [&](const auto&... texts) { return database_.run(Table::kAdd, account, texts...); }));
    has_added_ = true;
    keep(database_.last_id());
    return database_.last_id();
  }

  /// A transaction begins: what was added since the last one that was kept is not there.
  void begin() {
    if (std::exchange(has_added_, false)) {
      texts_.clear();
      numbers_.clear();
    }
  }
  void committed() { has_added_ = false; }

 private:
  static constexpr size_t kMostKept = 4096;  // some hundred are usual; as many are some 500 KB

  static Texts read(const Row& row) {
    Texts texts;
    for (size_t i = 0; i < kTexts; ++i) texts[i] = row.text(static_cast<int>(i));
    return texts;
  }
  template <class Fn>
  static auto with(const Views& views, Fn&& fn) {
    return std::apply(fn, views);
  }
  // The texts behind each other, each behind its length.
  void set_key(AccountId account, const Views& views) {
    key_.clear();
    append(static_cast<std::uint64_t>(account));
    for (const auto view : views) {
      append(view.size());
      key_ += view;
    }
  }
  void append(std::uint64_t number) {
    char bytes[sizeof number];
    std::memcpy(bytes, &number, sizeof number);
    key_.append(bytes, sizeof number);
  }
  void keep(std::int64_t number) {
    if (numbers_.size() >= kMostKept) numbers_.clear();
    numbers_.emplace(key_, number);
  }

  Database& database_;
  std::unordered_map<std::int64_t, Texts> texts_;
  std::unordered_map<std::string, std::int64_t> numbers_;  // by key
  std::string key_;                                        // of the last one looked for
  bool has_added_ = false;
};

/// Model, description, colour, family, system and who assigned it to the service.
struct KindTable {
  static constexpr size_t kTexts = 6;
  static constexpr Sql kTextsOf =
      "SELECT model, description, color, family, os, assigned_by FROM kind WHERE id = ?";
  static constexpr Sql kNumberOf =
      "SELECT id FROM kind WHERE account = ? AND model = ? AND description = ? AND color = ? AND family = ? AND os = ? "
      "AND assigned_by = ?";
  static constexpr Sql kAdd =
      "INSERT INTO kind (account, model, description, color, family, os, assigned_by) VALUES (?, ?, ?, ?, ?, ?, ?)";
};

/// Status and UUID.
struct ProfileStateTable {
  static constexpr size_t kTexts = 2;
  static constexpr Sql kTextsOf = "SELECT status, uuid FROM profile_state WHERE id = ?";
  static constexpr Sql kNumberOf =
      "SELECT id FROM profile_state WHERE account = ? AND status = ? AND uuid = ?";
  static constexpr Sql kAdd = "INSERT INTO profile_state (account, status, uuid) VALUES (?, ?, ?)";
};

/// The detail of an entry of a history.
struct DetailTable {
  static constexpr size_t kTexts = 1;
  static constexpr Sql kTextsOf = "SELECT text FROM detail WHERE id = ?";
  static constexpr Sql kNumberOf = "SELECT id FROM detail WHERE account = ? AND text = ?";
  static constexpr Sql kAdd = "INSERT INTO detail (account, text) VALUES (?, ?)";
};

/// Those of a connection.
struct Dictionaries {
  explicit Dictionaries(Database& database) : kinds(database), profile_states(database), details(database) {}

  void begin() {
    kinds.begin();
    profile_states.begin();
    details.begin();
  }
  void committed() {
    kinds.committed();
    profile_states.committed();
    details.committed();
  }

  /// A profile that is wanted, or sent: a UUID alone. 0 is none.
  Result<std::int64_t> number_of(AccountId account, const ProfileUuid& profile) {
    if (profile.empty()) return 0;
    return profile_states.number_of(account, {"", profile.str()});
  }
  Result<ProfileUuid> profile(std::int64_t number) {
    if (number == 0) return ProfileUuid();
    MUSTER_TRY(const auto* const texts, profile_states.texts(number));
    return ProfileUuid((*texts)[1]);
  }

  Dictionary<KindTable> kinds;
  Dictionary<ProfileStateTable> profile_states;
  Dictionary<DetailTable> details;
};

}  // namespace muster::sqlite
