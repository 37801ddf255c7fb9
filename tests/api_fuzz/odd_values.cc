#include "tests/api_fuzz/odd_values.h"

#include <fmt/format.h>

#include <limits>
#include <map>
#include <vector>

#include "tests/e2e/world/described_api.h"

namespace muster::api_fuzz {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using Texts = std::vector<std::string>;

constexpr int kDeepest = 4;

const std::string& one_of(const Texts& texts, Dice& dice) { return texts[dice.below(texts.size())]; }

const Texts kNames{"default", "school",    "nowhere", "*",  "lab", "iPads", "ci",
                   "a",       "Raum 12/3", "ÄÖÜ",     "-x", "..",  "a,b"};
const Texts kSerials{"C02ABCDEFGH1", "C02ABCDEFGH2", "c02abcdefgh3", " C02ABCDEFGH4 ", "DMPXK1ABCDEF", "0",
                     "S-1"};
const Texts kUuids{"95C2189CA0EFB3272AC8B3C66201F330", "95c2189c-a0ef-b327-2ac8-b3c66201f330", "0"};
const Texts kFilters{"*",
                     "family = iPad",
                     "not serial in @lab",
                     "serial in @nothing",
                     "model ~ \"iPad*\" and (color = black or asset_tag is empty)",
                     "added > 2026-01-01",
                     "family = ",
                     "((((((((((((((((((((((*))))))))))))))))))))))",
                     "family = 'iPad' OR 1=1 --",
                     "order = \"\\u0000\"",
                     "profile = iPads"};
const Texts kTimes{
    "2026-03-01T09:00:00Z", "2026-03-01",           "1d",  "90d",       "-1d", "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z", "2026-02-30T00:00:00Z", "now", "1772355600"};
const Texts kCsv{"C02ABCDEFGH1\nC02ABCDEFGH2\n",
                 "serial,note\nC02ABCDEFGH1,Room 12\n",
                 "serial;room;owner\r\nC02ABCDEFGH1;12;\"A;B\"\r\n",
                 "",
                 "\n\n\n",
                 "\"unended",
                 "serial\tasset\nC02ABCDEFGH1\t\n",
                 "\xef\xbb\xbfSerial Number\nC02ABCDEFGH1\n"};
const std::map<std::string_view, const Texts*> kOfName{{"profile_uuid", &kUuids},
                                                       {"uuid", &kUuids},
                                                       {"id", &kUuids},
                                                       {"name", &kNames},
                                                       {"account", &kNames},
                                                       {"accounts", &kNames},
                                                       {"profile_name", &kNames},
                                                       {"column", &kNames},
                                                       {"serial", &kSerials},
                                                       {"serials", &kSerials},
                                                       {"devices", &kSerials},
                                                       {"filter_serial", &kSerials},
                                                       {"cursor", &kSerials},
                                                       {"filter", &kFilters},
                                                       {"since", &kTimes},
                                                       {"until", &kTimes},
                                                       {"at", &kTimes},
                                                       {"expires_in", &kTimes},
                                                       {"csv", &kCsv}};

long long odd_number(Dice& dice) {
  static const std::vector<long long> kNumbers{0,
                                               1,
                                               -1,
                                               2,
                                               99,
                                               1000,
                                               1001,
                                               65536,
                                               std::numeric_limits<int>::max(),
                                               1LL + std::numeric_limits<int>::max(),
                                               std::numeric_limits<long long>::max(),
                                               std::numeric_limits<long long>::min()};
  return kNumbers[dice.below(kNumbers.size())];
}

value number_of(const object& schema, Dice& dice) {
  const auto limit = [&](const char* name, long long otherwise) {
    const auto* found = schema.if_contains(name);
    return found ? found->to_number<long long>() : otherwise;
  };
  if (dice.one_in(3)) return odd_number(dice);
  const long long low = limit("minimum", 0), high = limit("maximum", 100);
  const std::vector<long long> near{low, low + 1, high, high - 1, low - 1, high + 1};
  return near[dice.below(near.size())];
}

value object_of(const object& schema, Dice& dice, int depth) {
  object made;
  if (const auto* members = schema.if_contains("properties"))
    for (const auto& [name, member] : members->as_object())
      if (dice.below(3) > 0) made[name] = value_of(member, name, dice, depth + 1);
  const auto* others = schema.if_contains("additionalProperties");
  if (others && others->is_object() && !dice.one_in(3))
    made[known_text("serial", dice)] = value_of(*others, "", dice, depth + 1);
  if (dice.one_in(20)) made[odd_text(dice).substr(0, 100)] = any_value(dice, depth + 1);
  return made;
}

value array_of(const object& schema, std::string_view name, Dice& dice, int depth) {
  array made;
  const size_t count = dice.one_in(30) ? 1001 : dice.below(4);
  const auto* items = schema.if_contains("items");
  for (size_t i = 0; i < count; ++i)
    made.push_back(items ? value_of(*items, name, dice, depth + 1) : any_value(dice, depth + 1));
  return made;
}

value text_of(std::string_view name, Dice& dice) {
  const auto known = known_text(name, dice);
  return value(known.empty() || dice.one_in(5) ? odd_text(dice) : known);
}

value of_type(std::string_view type, const object& schema, std::string_view name, Dice& dice, int depth) {
  if (type == "object") return object_of(schema, dice, depth);
  if (type == "array") return array_of(schema, name, dice, depth);
  if (type == "integer" || type == "number") return number_of(schema, dice);
  if (type == "boolean") return dice.one_in(2);
  if (type == "string") return text_of(name, dice);
  return nullptr;
}

}  // namespace

std::string odd_text(Dice& dice) {
  static const Texts kOdd{"",
                          " ",
                          "\t\r\n",
                          std::string("nul\0in it", 9),
                          "\x01\x1b[31m\x7f",
                          "\xff\xfe not UTF-8",
                          "\xc3",
                          "\xed\xa0\x80",
                          "\xf4\x90\x80\x80",
                          "\xef\xbf\xbf",
                          "\xe2\x80\xae right to left",
                          "😀 ﷽ Ａ İ ß",
                          "e\xcc\x81\xcc\x81\xcc\x81",
                          "'; DROP TABLE device; --",
                          "\" or \"\"=\"",
                          "%s%n%x %00 ${jndi:x} {{7*7}}",
                          "<img src=x onerror=alert(1)>",
                          "../../../../etc/passwd",
                          "null",
                          "true",
                          "NaN",
                          "1e999",
                          "-0",
                          "0x10",
                          "١٢٣"};
  if (dice.one_in(25)) return std::string(dice.between(1'000, 200'000), dice.one_in(2) ? 'A' : '\\');
  std::string text = one_of(kOdd, dice);
  while (dice.one_in(4)) text += one_of(kOdd, dice);
  return text;
}

std::string known_text(std::string_view name, Dice& dice) {
  const auto found = kOfName.find(name);
  return found == kOfName.end() ? "" : one_of(*found->second, dice);
}

value any_value(Dice& dice, int depth) {
  switch (dice.below(depth < kDeepest ? 8 : 6)) {
    case 0: return nullptr;
    case 1: return dice.one_in(2);
    case 2: return odd_number(dice);
    case 3: return 0.5;
    case 4: return std::numeric_limits<double>::max();
    case 5: return value(odd_text(dice));
    case 6: return array_of({}, "", dice, depth);
    default: return object{{odd_text(dice).substr(0, 100), any_value(dice, depth + 1)}};
  }
}

value value_of(const value& schema, std::string_view name, Dice& dice, int depth) {
  if (depth > 2 * kDeepest || dice.one_in(25)) return any_value(dice, depth);
  const object& described = test::described_api().resolved(schema);
  if (const auto* words = described.if_contains("enum"); words && !dice.one_in(8)) {
    const auto& all = words->as_array();
    return all[dice.below(all.size())];
  }
  const auto* type = described.if_contains("type");
  if (!type) return any_value(dice, depth);
  if (type->is_string()) return of_type(type->get_string(), described, name, dice, depth);
  const auto& types = type->as_array();
  return of_type(types[dice.below(types.size())].as_string(), described, name, dice, depth);
}

}  // namespace muster::api_fuzz
