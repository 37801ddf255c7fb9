#include "store/postgres/tables/filter.h"

#include <algorithm>

#include "base/text/strings.h"

namespace muster::postgres {
namespace {

using Field = FilterField;
using Kind = FilterExpression::Kind;
using Operator = FilterOperator;

// Of the device itself, of its kind `k`, of its profile's state `p`, of its enrollment `e`, or of its note
// `n`.
const char* column_of(Field field) {
  switch (field) {
    case Field::serial: return "d.serial";
    case Field::model: return "k.model";
    case Field::description: return "k.description";
    case Field::color: return "k.color";
    case Field::asset_tag: return "d.asset_tag";
    case Field::family: return "k.family";
    case Field::os: return "k.os";
    case Field::assigned_by: return "k.assigned_by";
    case Field::assigned_at: return "d.assigned_at";
    case Field::status: return "CASE WHEN p.status = '' THEN 'empty' ELSE p.status END";
    case Field::profile: return "p.uuid";
    case Field::account: return "";  // Builder knows
    case Field::migrating: return "d.migrating";
    case Field::replacement: return "d.replacement";
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
  std::string_view membership;  // before the account
};
constexpr Shared kKinds{'k', "d.kind IN (SELECT k.id FROM kind k WHERE k.account = "};
constexpr Shared kStates{'p', "d.profile IN (SELECT p.id FROM profile_state p WHERE p.account = "};

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

// base/text/glob.h's pattern as one of LIKE.
std::string like_pattern(const std::string& glob) {
  std::string pattern;
  for (const char c : to_lower(std::string_view(glob))) {
    if (c == '*') {
      pattern += '%';
    } else if (c == '?') {
      pattern += '_';
    } else {
      if (c == '%' || c == '_' || c == '\\') pattern += '\\';
      pattern += c;
    }
  }
  return pattern;
}

class Builder {
 public:
  Builder(Condition& condition, AccountId account) : condition_(condition), account_(account) {}

  void add(const FilterExpression& x) {
    const Shared* const shared = is_inside_ ? nullptr : shared_by(x);
    if (!shared) return add_as_it_is(x);
    write(shared->membership);
    value(account_);
    write(" AND (");
    is_inside_ = true;
    add_as_it_is(x);
    is_inside_ = false;
    write("))");
  }

 private:
  void write(std::string_view sql) { condition_.sql += sql; }
  template <class T>
  void value(const T& given) {
    write(condition_.value(given));
  }

  void add_as_it_is(const FilterExpression& x) {
    switch (x.kind) {
      case Kind::every: return write("true");
      case Kind::compare: return compare(x.field, x.op, x.values.front());
      case Kind::one_of: return one_of(x.field, x.values);
      case Kind::in_list: return in_list(x.list);
      case Kind::negation:
        write("NOT (");
        add(x.parts.front());
        return write(")");
      case Kind::all_of: return join(x, " AND ");
      case Kind::any_of: return join(x, " OR ");
    }
  }

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
    for (const auto* const together : {&of_states, &of_kinds})
      if (!together->parts.empty())
        ordered.insert(ordered.begin(), together->parts.size() == 1 ? &together->parts[0] : together);
    write("(");
    for (size_t i = 0; i < ordered.size(); ++i) {
      if (i > 0) write(keyword);
      add(*ordered[i]);
    }
    write(")");
  }

  void text(Field field) {
    if (field == Field::account) {
      write("(SELECT a.name FROM account a WHERE a.id = ");
      value(account_);
      return write(")");
    }
    if (!is_note(field)) return write(column_of(field));
    write("coalesce((SELECT ");
    write(column_of(field));
    write(" FROM note n WHERE n.account = d.account AND n.serial = d.serial), '')");
  }
  // Letters of ASCII are alike in either case: that is what lower() makes of texts with the collation "C".
  void lower_text(Field field) {
    write("lower(");
    text(field);
    write(")");
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
    lower_text(field);
    if (op == Operator::like || op == Operator::unlike) {
      write(op == Operator::like ? " LIKE " : " NOT LIKE ");
      return value(like_pattern(given));
    }
    write(" ");
    write(word(op));
    write(" ");
    value(to_lower(std::string_view(given)));
  }

  // Null where the device has no such row.
  void of_enrollment(Field field) {
    write("(SELECT ");
    write(column_of(field));
    write(" FROM enrollment e WHERE e.serial = d.serial AND e.account = d.account)");
  }

  void flag(Field field) {
    if (!is_of_enrollment(field)) return write(column_of(field));
    write("coalesce(");
    of_enrollment(field);
    write(", false)");
  }

  void time(Field field) {
    if (is_of_enrollment(field)) return of_enrollment(field);
    write(column_of(field));
  }

  void compare_time(Field field, Operator op, std::int64_t given) {
    if (op == Operator::equal || op == Operator::unequal) {
      time(field);
      write(op == Operator::equal ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ");
      return value(given);
    }
    write("coalesce(");
    time(field);
    write(" ");
    write(word(op));
    write(" ");
    value(given);
    write(", false)");
  }

  void one_of(Field field, const std::vector<FilterValue>& values) {
    if (type_of(field) == FilterType::time) {
      write("coalesce(");
      time(field);
      write(" = ANY(");
      value(column(values, [](const FilterValue& each) { return std::get<Time>(each); }));
      return write("), false)");
    }
    lower_text(field);
    write(" = ANY(");
    value(column(values, [](const FilterValue& each) {
      return to_lower(std::string_view(std::get<std::string>(each)));
    }));
    write(")");
  }

  void in_list(const std::string& name) {
    write(
        "d.serial IN (SELECT m.serial FROM device_list_member m WHERE m.list = "
        "(SELECT l.id FROM device_list l WHERE l.account = ");
    value(account_);
    write(" AND l.name = ");
    value(name);
    write("))");
  }

  Condition& condition_;
  const AccountId account_;
  bool is_inside_ = false;  // of a question about what devices share
};

}  // namespace

void add_covers(Condition& condition, const FilterExpression* expression, AccountId account) {
  condition.sql += "(";
  if (expression)
    Builder(condition, account).add(*expression);
  else
    condition.sql += "true";
  condition.sql += ")";
}

Condition condition_for(const FilterExpression& expression, AccountId account) {
  Condition condition;
  add_covers(condition, &expression, account);
  condition.sql += " AND d.account = " + condition.value(account) + " AND d.tombstone_at IS NULL";
  return condition;
}

}  // namespace muster::postgres
