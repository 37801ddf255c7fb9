// The two ways to ask a filter, of one device in C++ and of all devices in SQL, cover the same devices, whatever the
// filter and whatever Apple says. And a filter that is written out reads as the same.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "assign/filter.h"
#include "assign/filter_text.h"
#include "assign/match.h"
#include "base/log.h"
#include "store/sqlite/open.h"
#include "tests/support/temp_dir.h"

namespace muster::property {
namespace {

using Kind = FilterExpression::Kind;
using Serials = std::set<Serial>;

const Time kNow = from_millis(1'772'355'600'000);
const AccountName kSchool{"school"};

template <class T>
T pick(const std::vector<T>& from) {
  return *rc::gen::elementOf(from);
}
bool chance(int one_in) { return *rc::gen::inRange(0, one_in) == 0; }

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

std::string any_text() { return chance(8) ? pick(kBrokenTexts) : pick(kTexts); }

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

struct Known {
  Device device;
  Note note;
  std::set<std::string> lists;
};

std::vector<Known> any_devices() {
  std::vector<Known> all;
  for (const char* serial : {"C02A", "C02B", "c02c", "DMP!%", "F_1", "LONGER-SERIAL-9"}) {
    Known known;
    known.device.serial = Serial(serial);
    known.device.facts = any_facts();
    known.device.first_seen = kNow;
    if (chance(5)) known.device.tombstone = Tombstone{Tombstone::Reason::deleted, kNow};
    if (!chance(3)) known.note = {any_text(), any_text(), any_text(), any_text()};
    for (const char* list : {"lab", "cart.2"})
      if (chance(2)) known.lists.insert(list);
    all.push_back(std::move(known));
  }
  return all;
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

FilterExpression any_expression(int depth = 4) {
  if (depth == 0 || chance(3)) return any_condition();
  FilterExpression x{.kind = pick<Kind>({Kind::negation, Kind::all_of, Kind::any_of})};
  for (int count = x.kind == Kind::negation ? 1 : *rc::gen::inRange(2, 4); count > 0; --count)
    x.parts.push_back(any_expression(depth - 1));
  return x;
}

// One database for all cases: what a case writes is undone.
class World {
 public:
  World() {
    log::set_level(log::Level::error);
    store_ = *sqlite::open(directory_.path());
    (void)store_->write([&](Writer& w) -> Result<> {
      MUSTER_TRY(account_, w.create_account(kSchool));
      MUSTER_TRY(other_, w.create_account(AccountName("other")));
      return {};
    });
  }

  /// Calls fn(Writer&, AccountId) with these devices stored, and forgets them.
  template <class Fn>
  void with(const std::vector<Known>& devices, Fn&& fn) {
    const auto undone = store_->write([&](Writer& w) -> Result<> {
      const auto stored = put(w, devices);
      RC_ASSERT(stored.has_value());
      fn(w, account_);
      return failure(Code::cancelled, "undo");
    });
    RC_ASSERT(!undone);
  }

 private:
  Result<> put(Writer& w, const std::vector<Known>& devices) {
    SerialList lab{.account = account_, .name = "lab"}, cart{.account = account_, .name = "cart.2"},
        elsewhere{.account = other_, .name = "lab"};
    for (auto* list : {&lab, &cart, &elsewhere}) MUSTER_TRY(w.put_serial_list(*list));
    for (const Known& known : devices) {
      // Its twin in another account has every list and a note, and is none of ours.
      for (const auto account : {account_, other_}) {
        Device device = known.device;
        device.account = account;
        MUSTER_TRY(w.insert_device(device));
      }
      MUSTER_TRY(w.put_note(account_, known.device.serial, known.note));
      MUSTER_TRY(w.put_note(other_, known.device.serial, {"iPad", "iPad", "iPad", "iPad"}));
      for (const auto* list : {&lab, &cart})
        if (known.lists.contains(list->name)) MUSTER_TRY(w.add_to_list(list->id, known.device.serial));
      MUSTER_TRY(w.add_to_list(elsewhere.id, known.device.serial));
    }
    return {};
  }

  test::TempDir directory_;
  std::unique_ptr<Store> store_;
  AccountId account_{}, other_{};
};

World& world() {
  static World only;
  return only;
}

Serials covered_by_cpp(const FilterExpression& x, const std::vector<Known>& devices) {
  Serials serials;
  for (const auto& known : devices)
    if (!known.device.tombstone &&
        assign::matches(
            x, {.device = known.device, .account = kSchool, .note = &known.note, .lists = &known.lists}))
      serials.insert(known.device.serial);
  return serials;
}

Serials covered_by_sql(const FilterExpression& x, Writer& w, AccountId account) {
  const auto page = w.device_page(account, Serial(), 100, &x);
  RC_ASSERT(page.has_value());
  Serials serials;
  for (const auto& device : *page) serials.insert(device.serial);
  const auto count = w.device_count(account, x);
  RC_ASSERT(count.has_value());
  RC_ASSERT(*count == static_cast<long long>(serials.size()));
  return serials;
}

RC_GTEST_PROP(Filters, CoverTheSameDevicesInCppAndInSql, ()) {
  const auto devices = any_devices();
  std::vector<FilterExpression> filters;
  for (int i = 0; i < 30; ++i) filters.push_back(any_expression());
  world().with(devices, [&](Writer& w, AccountId account) {
    for (const auto& x : filters) {
      RC_LOG() << assign::to_text(x) << "\n";
      RC_ASSERT(covered_by_cpp(x, devices) == covered_by_sql(x, w, account));
    }
  });
}

// `not` covers exactly the rest: nothing is neither, as it would be with SQL's NULL.
RC_GTEST_PROP(Filters, CoverADeviceOrTheirNegationDoes, ()) {
  const auto devices = any_devices();
  const auto x = any_expression();
  const FilterExpression rest{.kind = Kind::negation, .parts = {x}};
  const FilterExpression all;
  world().with(devices, [&](Writer& w, AccountId account) {
    RC_ASSERT(*w.device_count(account, x) + *w.device_count(account, rest) == *w.device_count(account, all));
  });
}

bool has_line_break(const FilterExpression& x) {
  for (const auto& value : x.values)
    if (const auto* text = std::get_if<std::string>(&value); text && text->find('\n') != std::string::npos)
      return true;
  return std::any_of(x.parts.begin(), x.parts.end(), has_line_break);
}

RC_GTEST_PROP(Filters, AreReadAsTheyWereWritten, ()) {
  auto x = any_expression();
  RC_PRE(!has_line_break(x));
  const std::string text = assign::to_text(x);
  const auto again = assign::Filter::parse(text);
  RC_LOG() << text << "\n" << (again ? "" : again.error().text()) << "\n";
  RC_ASSERT(again.has_value());
  RC_ASSERT(again->expression() == x);
}

// The heaviest that can be typed.
TEST(Filters, OfEveryAllowedSizeCanBeAskedOfTheDatabase) {
  const auto repeated = [](const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
  };
  const std::string texts[] = {
      repeated("(", 32) + "os=x" + repeated(")", 32),
      repeated("not ", 32) + "os=x",
      repeated("not(os=x or ", 16) + "note.name=x" + repeated(")", 16),
      repeated("(os=x or os=y and ", 32) + "note.name=x" + repeated(")", 32),
      repeated("(os=x and ", 32) + "serial in @lab" + repeated(" or serial in @lab)", 32),
      repeated("os=x or ", 499) + "os=x",
      "serial in (" + repeated("C02,", 996) + "C02)",
  };
  world().with({}, [&](Writer& w, AccountId account) {
    for (const auto& text : texts) {
      const auto filter = assign::Filter::parse(text);
      ASSERT_TRUE(filter) << filter.error().text();
      const auto count = w.device_count(account, filter->expression());
      EXPECT_TRUE(count) << text << ": " << count.error().text();
    }
  });
}

}  // namespace
}  // namespace muster::property
