#include "store/sqlite/tables/filter.h"

#include <algorithm>
#include <span>

#include "store/sqlite/engine/kept_counts.h"
#include "store/sqlite/tables/serials.h"

namespace muster::sqlite {
namespace {

using Field = FilterField;
using Kind = FilterExpression::Kind;
using Operator = FilterOperator;

// Where a statement has what filters ask first of a device.
struct Columns {
  std::string_view serial, kind, state;
};
constexpr Columns kOfDevice{.serial = "d.serial", .kind = "d.kind", .state = "d.profile"};
constexpr Columns kOfIndex{.serial = "number", .kind = "sort", .state = ""};
constexpr Columns kOfCount{.serial = "", .kind = "part", .state = "part"};

// Of the device itself, of its kind `k`, of its profile's state `p`, of its enrollment `e`, or of its note
// `n`.
const char* column_of(Field field) {
  switch (field) {
    case Field::serial: return "";  // Builder knows
    case Field::model: return "k.model";
    case Field::description: return "k.description";
    case Field::color: return "k.color";
    case Field::asset_tag: return "muster_asset_tag(d.rare)";
    case Field::family: return "k.family";
    case Field::os: return "k.os";
    case Field::assigned_by: return "k.assigned_by";
    case Field::assigned_at: return "d.assigned_at";
    case Field::status: return "iif(p.status = '', 'empty', p.status)";
    case Field::profile: return "p.uuid";
    case Field::account: return "(SELECT a.name FROM account a WHERE a.id = ?)";
    case Field::migrating: return "muster_migrating(d.other)";
    case Field::replacement: return "muster_replacement(d.other)";
    case Field::enrolled: return "e.enrolled_at IS NOT NULL";
    case Field::enrolled_at: return "e.enrolled_at";
    case Field::last_seen: return "e.last_seen";
    case Field::note_name: return "n.name";
    case Field::note_owner: return "n.owner";
    case Field::note_group: return "n.grp";
    case Field::note_asset_tag: return "n.asset_tag";
  }
  return "";
}

// What many devices have in common, and is asked once, not of each of them.
struct Shared {
  char alias;
  std::string_view Columns::*column;
  std::string_view membership;  // before the account
  KeptCounts::Kind count;
};
constexpr Shared kKinds{.alias = 'k',
                        .column = &Columns::kind,
                        .membership = " IN (SELECT k.id FROM kind k WHERE k.account = ",
                        .count = KeptCounts::Kind::by_kind};
constexpr Shared kStates{.alias = 'p',
                         .column = &Columns::state,
                         .membership = " IN (SELECT p.id FROM profile_state p WHERE p.account = ",
                         .count = KeptCounts::Kind::by_profile};

bool asks_only(const FilterExpression& x, const Shared& shared) {
  switch (x.kind) {
    case Kind::every:
    case Kind::in_list: return false;
    case Kind::compare:
    case Kind::one_of:
      return std::string_view(column_of(x.field)).find(std::string{shared.alias, '.'}) !=
             std::string_view::npos;
    default:
      return std::all_of(x.parts.begin(), x.parts.end(),
                         [&](const auto& part) { return asks_only(part, shared); });
  }
}

// Null when it asks for anything else.
const Shared* shared_by(const FilterExpression& x) {
  for (const Shared* const shared : {&kKinds, &kStates})
    if (asks_only(x, *shared)) return shared;
  return nullptr;
}

// Whether the index of serials tells, without the device's row. Enrollments and notes are by serial, too, and
// the account is the same for all.
bool asks_index_only(const FilterExpression& x) {
  if (x.kind == Kind::compare || x.kind == Kind::one_of)
    return x.field == Field::serial || x.field == Field::account || is_of_enrollment(x.field) ||
           is_note(x.field) || asks_only(x, kKinds);
  return std::all_of(x.parts.begin(), x.parts.end(), asks_index_only);
}

// What must all hold.
std::span<const FilterExpression> conjuncts(const FilterExpression& x) {
  if (x.kind == Kind::all_of) return x.parts;
  return {&x, 1};
}

// How many expressions are within each other.
int height(const FilterExpression& x) {
  int highest = 0;
  for (const auto& part : x.parts) highest = std::max(highest, height(part));
  return highest + 1;
}

class Builder {
 public:
  Builder(Condition& condition, AccountId account, const Columns& columns = kOfDevice)
      : condition_(condition), account_(account), columns_(columns) {}

  void add(const FilterExpression& x) {
    const Shared* const shared = is_inside_ ? nullptr : shared_by(x);
    if (!shared) return add_as_it_is(x);
    write(columns_.*shared->column);
    write(shared->membership);
    value(static_cast<std::int64_t>(account_));
    write(" AND (");
    is_inside_ = true;
    add_as_it_is(x);
    is_inside_ = false;
    write("))");
  }

  /// Over `kind k`, of an expression that asks only kinds.
  void add_of_kind(const FilterExpression& x) {
    is_inside_ = true;
    add_as_it_is(x);
    is_inside_ = false;
  }

  void write(std::string_view sql) { condition_.sql += sql; }
  void value(Database::Value value) {
    write("?");
    condition_.values.push_back(std::move(value));
  }

 private:
  void add_as_it_is(const FilterExpression& x) {
    switch (x.kind) {
      case Kind::every: return write("1");
      case Kind::compare: return compare(x.field, x.op, x.values.front());
      case Kind::one_of: return one_of(x.field, x.values);
      case Kind::in_list: return in_list(x.list);
      case Kind::negation: write("NOT "); return add_part(Kind::negation, x.parts.front());
      case Kind::all_of: return join(x, " AND ");
      case Kind::any_of: return join(x, " OR ");
    }
  }

  // SQLite's parser has a stack of 100 places, and a filter may be 32 parentheses deep: so there are no
  // parentheses that are not needed, and the highest part goes first, where it has nothing waiting on the
  // stack before it. But a chain of a thousand is as deep as SQLite's expressions may be: it is written as
  // some shorter ones.
  //
  // Parts that ask only what devices share are asked together.
  void join(const FilterExpression& x, std::string_view keyword) {
    std::vector<const FilterExpression*> ordered;
    FilterExpression of_kinds{.kind = x.kind}, of_states{.kind = x.kind};
    for (const auto& part : x.parts) {
      const Shared* const shared = is_inside_ ? nullptr : shared_by(part);
      if (!shared)
        ordered.push_back(&part);
      else
        (shared == &kKinds ? of_kinds : of_states).parts.push_back(part);
    }
    for (const auto* const together : {&of_kinds, &of_states})
      if (!together->parts.empty())
        ordered.push_back(together->parts.size() == 1 ? &together->parts[0] : together);
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const auto* a, const auto* b) { return height(*a) > height(*b); });
    const bool is_long = ordered.size() > kLongestChain;
    for (size_t i = 0; i < ordered.size(); ++i) {
      const bool begins_chain = is_long && i % kLongestChain == 0;
      if (begins_chain && i > 0) write(")");
      if (i > 0) write(keyword);
      if (begins_chain) write("(");
      add_part(x.kind, *ordered[i]);
    }
    if (is_long) write(")");
  }

  static constexpr size_t kLongestChain = 100;

  // What is no AND or OR is one term for SQL: a comparison, or NOT and one.
  void add_part(Kind outer, const FilterExpression& part) {
    const bool joins = part.kind == Kind::any_of || part.kind == Kind::all_of;
    const bool is_one_term = !is_inside_ && shared_by(part);
    const bool in_parentheses =
        !is_one_term &&
        (outer == Kind::negation || (joins && !(outer == Kind::any_of && part.kind == Kind::all_of)));
    if (in_parentheses) write("(");
    add(part);
    if (in_parentheses) write(")");
  }

  void text(Field field) {
    if (field == Field::account) condition_.values.emplace_back(static_cast<std::int64_t>(account_));
    if (field == Field::serial) return write(columns_.serial);
    if (!is_note(field)) return write(column_of(field));
    write("coalesce((SELECT ");
    write(column_of(field));
    write(" FROM note n WHERE n.account = ");
    value(static_cast<std::int64_t>(account_));
    write(" AND n.serial = ");
    write(columns_.serial);
    write("), '')");
  }

  void compare(Field field, Operator op, const FilterValue& given) {
    switch (type_of(field)) {
      case FilterType::text: return compare_text(field, op, std::get<std::string>(given));
      case FilterType::time: return compare_time(field, op, to_millis(std::get<Time>(given)));
      case FilterType::flag:
        if (std::get<bool>(given) != (op == Operator::equal)) write("NOT ");
        return flag(field);
    }
  }

  void compare_text(Field field, Operator op, const std::string& given) {
    if (op == Operator::like || op == Operator::unlike) {
      write(op == Operator::like ? "muster_glob(" : "NOT muster_glob(");
      value(given);
      write(", ");
      text(field);
      return write(")");
    }
    text(field);
    write(" ");
    write(word(op));
    write(" ");
    value(given);
    write(" COLLATE NOCASE");
  }

  // Null where the device has no such row.
  void of_enrollment(Field field) {
    write("(SELECT ");
    write(column_of(field));
    write(" FROM enrollment e WHERE e.serial = ");
    write(columns_.serial);
    write(" AND e.account = ");
    value(static_cast<std::int64_t>(account_));
    write(")");
  }

  void flag(Field field) {
    if (!is_of_enrollment(field)) return write(column_of(field));
    write("coalesce(");
    of_enrollment(field);
    write(", 0)");
  }

  void time(Field field) {
    if (is_of_enrollment(field)) return of_enrollment(field);
    write(column_of(field));
  }

  void compare_time(Field field, Operator op, std::int64_t given) {
    const bool equality = op == Operator::equal || op == Operator::unequal;
    write(equality ? "" : "coalesce(");
    time(field);
    write(op == Operator::equal ? " IS" : op == Operator::unequal ? " IS NOT" : " ");
    if (!equality) write(word(op));
    write(" ");
    value(given);
    if (!equality) write(", 0)");
  }

  void one_of(Field field, const std::vector<FilterValue>& values) {
    const bool is_time = type_of(field) == FilterType::time;
    write(is_time ? "coalesce(" : "");
    if (is_time)
      time(field);
    else
      text(field);
    write(is_time ? " IN (" : " COLLATE NOCASE IN (");
    for (size_t i = 0; i < values.size(); ++i) {
      if (i > 0) write(", ");
      if (is_time)
        value(to_millis(std::get<Time>(values[i])));
      else
        value(std::get<std::string>(values[i]));
    }
    write(is_time ? "), 0)" : ")");
  }

  void in_list(const std::string& name) {
    write(columns_.serial);
    write(
        " IN (SELECT m.serial FROM device_list_member m WHERE m.list = "
        "(SELECT l.id FROM device_list l WHERE l.account = ");
    value(static_cast<std::int64_t>(account_));
    write(" AND l.name = ");
    value(name);
    write("))");
  }

  Condition& condition_;
  const AccountId account_;
  const Columns& columns_;
  bool is_inside_ = false;  // of a question about what devices share
};

// Everything, where there is no expression.
void write_covers(Condition& condition, const FilterExpression* expression, AccountId account,
                  void (Builder::*add)(const FilterExpression&)) {
  Builder builder(condition, account);
  builder.write("(");
  if (expression)
    (builder.*add)(*expression);
  else
    builder.write("1");
  builder.write(")");
}

}  // namespace

Result<std::optional<long long>> counted(Database& database, AccountId account,
                                         const FilterExpression& expression) {
  const Shared* const shared = shared_by(expression);
  if (!shared) return std::nullopt;
  Condition sql{.sql = "SELECT coalesce(sum(number), 0) FROM kept_count WHERE account = ? AND kind = ? AND ",
                .values = {static_cast<std::int64_t>(account), static_cast<std::int64_t>(shared->count)}};
  Builder(sql, account, kOfCount).add(expression);
  MUSTER_TRY(const auto sums,
             database.all_of_built(sql.sql, sql.values, [](const Row& row) { return row.integer(0); }));
  return sums.at(0);
}

void add_covers(Condition& condition, const FilterExpression* expression, AccountId account) {
  write_covers(condition, expression, account, &Builder::add);
}

SplitCondition split_condition(const FilterExpression& expression, AccountId account) {
  FilterExpression of_index{.kind = Kind::all_of}, of_device{.kind = Kind::all_of};
  for (const auto& part : conjuncts(expression))
    (asks_index_only(part) ? of_index : of_device).parts.push_back(part);
  SplitCondition split{.of_index = {.sql = "1", .values = {}}, .of_device = {.sql = "1", .values = {}}};
  const auto add = [&](Condition& to, const FilterExpression& parts, const Columns& columns) {
    if (parts.parts.empty()) return;
    to.sql = "(";
    Builder builder(to, account, columns);
    builder.add(parts.parts.size() == 1 ? parts.parts.front() : parts);
    builder.write(")");
  };
  add(split.of_index, of_index, kOfIndex);
  add(split.of_device, of_device, kOfDevice);
  return split;
}

bool asks_kinds_only(const FilterExpression& expression) {
  return expression.kind == Kind::every || asks_only(expression, kKinds);
}

void add_covers_kind(Condition& condition, const FilterExpression* expression, AccountId account) {
  write_covers(condition, expression, account, &Builder::add_of_kind);
}

Result<std::optional<long long>> counted_at_most(Database& database, AccountId account,
                                                 const FilterExpression& expression) {
  std::optional<long long> least;
  for (const auto& part : conjuncts(expression)) {
    MUSTER_TRY(const auto number, counted(database, account, part));
    if (number) least = std::min(least.value_or(*number), *number);
  }
  return least;
}

Result<std::string> from_devices_of(Database& database, AccountId account) {
  const auto number = [](const Row& row) { return row.integer(0); };
  MUSTER_TRY(const auto of_account,
             database.first("SELECT number FROM kept_count WHERE account = ? AND kind = ? AND part = 0",
                            number, account, KeptCounts::Kind::devices));
  MUSTER_TRY(const auto all, database.first("SELECT coalesce(max(id), 0) FROM device", number));
  if (of_account.value_or(0) * kStepsAJump >= *all) return std::string(kAllDevices);
  std::string places;
  for (const char* table : kSerialTables)
    places += std::string(places.empty() ? "" : " UNION ALL ") + "SELECT place FROM " + table +
              " WHERE owner = " + std::to_string(static_cast<std::int64_t>(account));
  return "(" + places + ") CROSS JOIN device d ON d.id = place";
}

Condition condition_for(const FilterExpression& expression, AccountId account) {
  Condition condition;
  add_covers(condition, &expression, account);
  Builder builder(condition, account);
  builder.write(" AND d.account = ");
  builder.value(static_cast<std::int64_t>(account));
  builder.write(" AND d.tombstone_at IS NULL");
  return condition;
}

}  // namespace muster::sqlite
