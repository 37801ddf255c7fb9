#include "cli/input/yaml_json.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <random>

namespace muster::cli {
namespace {

boost::json::value read_json(const std::string& yaml) {
  const auto documents = parse_yaml(yaml);
  EXPECT_TRUE(documents && documents->size() == 1) << yaml << (documents ? "" : documents.error().reason);
  if (!documents || documents->size() != 1) return "nothing";
  ConfigFindings findings("test.yaml");
  auto value = to_json(documents->front(), findings);
  EXPECT_EQ(findings.report(), "") << yaml;
  return value;
}

TEST(YamlJson, ScalarsAreWhatJsonTakesThemFor) {
  EXPECT_EQ(
      read_json(
          "[1, -2.5e3, true, false, null, ~, yes, 0012, 1.2.3, 'true', \"1\", C02, .5, 18446744073709551615]"),
      boost::json::parse(
          R"([1, -2.5e3, true, false, null, null, "yes", "0012", "1.2.3", "true", "1", "C02", ".5",
                                  18446744073709551615])"));
}

TEST(YamlJson, WritesOneItemALine) {
  const auto value = boost::json::parse(
      R"({"name": "lab", "none": [], "empty": {}, "text": "*", "list": ["A", {"k": 1, "l": ["x"]}], "map": {"a": {"b": "c d"}}})");
  EXPECT_EQ(
      to_yaml(value),
      "name: lab\nnone: []\nempty: {}\ntext: \"*\"\nlist:\n  - A\n  - k: 1\n    l:\n      - x\nmap:\n  a:\n    "
      "b: c d\n");
}

TEST(YamlJson, QuotesWhatWouldBeReadAsSomethingElse) {
  for (const char* text :
       {"",    " a",   "a ",       "a: b", "a:",    "a #b", "*", "@lab", "true", "No", "null", "12", "-",
        "- a", "a\nb", "\xC3\xA4", "{a",   "\"q\"", "1e3",  "~", "&x",   "!x",   "%x", "y",    "\t"})
    EXPECT_EQ(yaml_scalar(text).front(), '"') << text;
  for (const char* text : {"family = iPad and serial not in @lab", "model ~ \"MacBook Pro*\"",
                           "https://a.test:8443/x?y=z", "C02ABC", "nope", "it's", "serial in (A, B)"})
    EXPECT_EQ(yaml_scalar(text), text);
}

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}

  boost::json::value value(int depth) {
    switch (number(depth > 4 ? 6 : 8)) {
      case 0: return nullptr;
      case 1: return number(2) == 0;
      case 2: return static_cast<std::int64_t>(number(1000)) - 500;
      case 3: return static_cast<double>(number(100'000)) / 7.0;
      case 4:
      case 5: return boost::json::value(text());
      case 6: {
        boost::json::array array;
        for (int i = number(4); i > 0; --i) array.push_back(value(depth + 1));
        return array;
      }
      default: return object(depth);
    }
  }
  boost::json::object object(int depth) {
    boost::json::object object;
    for (int i = number(5); i > 0; --i) object[text()] = value(depth + 1);
    return object;
  }

 private:
  int number(int below) { return static_cast<int>(engine_() % static_cast<unsigned>(below)); }
  std::string text() {
    static const std::vector<std::string> kParts = {"a",
                                                    "B",
                                                    "0",
                                                    "1",
                                                    " ",
                                                    ":",
                                                    "#",
                                                    "-",
                                                    "*",
                                                    "&",
                                                    "!",
                                                    "@",
                                                    "`",
                                                    "'",
                                                    "\"",
                                                    "\\",
                                                    "\n",
                                                    "\r",
                                                    "\t",
                                                    "{",
                                                    "}",
                                                    "[",
                                                    "]",
                                                    ",",
                                                    "?",
                                                    "|",
                                                    ">",
                                                    "%",
                                                    "~",
                                                    "=",
                                                    "true",
                                                    "null",
                                                    "no",
                                                    "---",
                                                    "...",
                                                    "\xC3\xA4",
                                                    "\xE2\x82\xAC",
                                                    "\xF0\x9F\x98\x80",
                                                    "\x01",
                                                    "\x7F",
                                                    "\xC2\x85",
                                                    "\xE2\x80\xA8",
                                                    "\xEF\xBB\xBF",
                                                    "e",
                                                    "+",
                                                    ".",
                                                    "/",
                                                    std::string(150, 'x')};
    std::string text;
    for (int i = number(6); i > 0; --i)
      text += kParts[static_cast<size_t>(number(static_cast<int>(kParts.size())))];
    return text;
  }

  std::mt19937 engine_;
};

TEST(YamlJson, WhatIsWrittenIsReadAsTheSame) {
  Random random(20260301);
  for (int i = 0; i < 3000; ++i) {
    const boost::json::value value = random.object(0);
    const auto yaml = to_yaml(value);
    const auto again = read_json(yaml);
    ASSERT_EQ(again, value) << yaml;
    const auto as_json = boost::json::serialize(value);
    ASSERT_EQ(read_json(as_json), value) << as_json;  // JSON is YAML
  }
}

TEST(YamlJson, RepeatedAndOddKeysAreFindings) {
  const auto documents = parse_yaml("a: 1\na: 2\n[b]: 3\n");
  ASSERT_TRUE(documents);
  ConfigFindings findings("test.yaml");
  to_json(documents->front(), findings);
  EXPECT_EQ(findings.report(),
            "test.yaml:2:1: error: \"a\" is a duplicate key\n"
            "test.yaml:3:1: error: a key is a text, and this is a list\n");
}

}  // namespace
}  // namespace muster::cli
