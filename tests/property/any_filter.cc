#include "tests/property/any_filter.h"

#include "tests/support/postgres_cluster.h"

namespace muster::property {
namespace {

using Kind = FilterExpression::Kind;

// Upper and lower case, other scripts, what SQL and globs hold for special.
const std::vector<std::string> kTexts = {"",     "iPad", "IPAD",   "ipad pro",  "Größe",  "GRÖSSE", "é", "É",
                                         "100%", "a_b",  "axb",    "it's",      "a\"b\"", "a\\b",   "*", "a*",
                                         "[a]",  "a\nb", "日本語", "; DROP --", "not",    "@lab"};
// Apple's texts may be broken, too.
const std::vector<std::string> kBrokenTexts = {"\xFF", "a\xC3", std::string("a\0b", 3), "iPad\xF0\x9F"};
const std::vector<std::string> kPatterns = {"*",     "?",     "a*",  "*b",  "a?b",       "*é*",
                                            "IPAD*", "????",  "%",   "a_b", "*\"*",      "*\\*",
                                            "",      "gr??e", "日*", "[a]", "*\xC2\xAD*"};
const std::vector<std::string> kFamilies = {"iPad", "IPAD", "Mac", "RealityBox"};
const std::vector<std::string> kSystems = {"iOS", "ipados", "OSX", "quantumware"};
const std::vector<std::string> kStates = {"empty", "assigned", "PUSHED", "removed", "confiscated"};
const std::vector<std::string> kLists = {"lab", "cart.2", "nowhere"};
const std::vector<std::string> kOthers = {"",
                                          "{}",
                                          R"({"mdm_migration_deadline":"2026-06-01T00:00:00Z"})",
                                          R"({"mdm_migration_deadline":null,"is_replacement_device":true})",
                                          R"({"is_replacement_device":false,"x":true})",
                                          R"({"x":{"is_replacement_device":true}})",
                                          R"({"is_replacement_device":true)",
                                          "mdm_migration_deadline"};

std::vector<Time> times() {
  return {kNow, kNow - std::chrono::hours(24), kNow + std::chrono::milliseconds(1), from_millis(-1),
          from_millis(0)};
}

std::vector<Time> seen() {
  return {kNow, kNow - std::chrono::hours(24), kNow + std::chrono::milliseconds(1)};
}

// PostgreSQL holds texts of UTF-8 only, and rejects others with a reason (tests/contract).
std::string any_text() { return chance(8) && !test::tests_on_postgres() ? pick(kBrokenTexts) : pick(kTexts); }

DeviceFacts any_facts() {
  DeviceFacts facts;
  for (auto* field : {&facts.model, &facts.description, &facts.color, &facts.asset_tag, &facts.assigned_by})
    *field = any_text();
  facts.family = chance(3) ? any_text() : pick(kFamilies);
  facts.os = chance(3) ? any_text() : pick(kSystems);
  facts.profile_status = chance(3) ? "" : pick(kStates);
  facts.profile_uuid = ProfileUuid(any_text());
  facts.other = pick(kOthers);
  if (!chance(3)) facts.assigned_at = pick(times());
  return facts;
}

std::string any_value(FilterField field, FilterOperator op) {
  if (op == FilterOperator::like || op == FilterOperator::unlike) return pick(chance(4) ? kTexts : kPatterns);
  switch (field) {
    case FilterField::serial: return pick<std::string>({"C02A", "c02B", "C02C", "F_1", "D"});
    case FilterField::family: return pick(kFamilies);
    case FilterField::os: return pick(kSystems);
    case FilterField::status: return pick(kStates);
    case FilterField::account: return pick<std::string>({"school", "SCHOOL", "other"});
    default: return pick(kTexts);
  }
}

FilterValue any_filter_value(FilterField field, FilterOperator op) {
  switch (type_of(field)) {
    case FilterType::time: return pick(times());
    case FilterType::flag: return chance(2);
    case FilterType::text: break;
  }
  return any_value(field, op);
}

bool knows(FilterType type, FilterOperator op) {
  const bool equality = op == FilterOperator::equal || op == FilterOperator::unequal;
  const bool pattern = op == FilterOperator::like || op == FilterOperator::unlike;
  return type == FilterType::text || equality || (type == FilterType::time && !pattern);
}

FilterExpression any_condition() {
  if (chance(8)) return {.kind = Kind::in_list, .field = FilterField::serial, .list = pick(kLists)};
  const auto fields = filter_fields();
  const auto operators = filter_operators();
  FilterExpression x{.kind = Kind::compare,
                     .field = pick(std::vector<FilterField>(fields.begin(), fields.end()))};
  if (type_of(x.field) != FilterType::flag && chance(4)) {
    x.kind = Kind::one_of;
    for (int count = *rc::gen::inRange(1, 4); count > 0; --count)
      x.values.push_back(any_filter_value(x.field, FilterOperator::equal));
    return x;
  }
  std::vector<FilterOperator> possible;
  for (const auto op : operators)
    if (knows(type_of(x.field), op)) possible.push_back(op);
  x.op = pick(possible);
  x.values.push_back(any_filter_value(x.field, x.op));
  return x;
}

}  // namespace

std::vector<Known> any_devices() {
  std::vector<Known> all;
  for (const char* serial : {"C02A", "C02B", "c02c", "DMP!%", "F_1", "LONGER-SERIAL-9"}) {
    Known known;
    known.device.serial = Serial(serial);
    known.device.facts = any_facts();
    known.device.first_seen = kNow;
    if (chance(5)) known.device.tombstone = Tombstone{Tombstone::Reason::deleted, kNow};
    known.enrollment.serial = known.device.serial;
    if (!chance(3)) known.enrollment.last_seen = pick(seen());
    if (!chance(3)) known.enrollment.enrolled_at = pick(times());
    if (!chance(3)) known.note = {any_text(), any_text(), any_text(), any_text()};
    for (const char* list : {"lab", "cart.2"})
      if (chance(2)) known.lists.insert(list);
    all.push_back(std::move(known));
  }
  return all;
}

FilterExpression any_expression(int depth) {
  if (depth == 0 || chance(3)) return any_condition();
  FilterExpression x{.kind = pick<Kind>({Kind::negation, Kind::all_of, Kind::any_of})};
  for (int count = x.kind == Kind::negation ? 1 : *rc::gen::inRange(2, 4); count > 0; --count)
    x.parts.push_back(any_expression(depth - 1));
  return x;
}

}  // namespace muster::property
