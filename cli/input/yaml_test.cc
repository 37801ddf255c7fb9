#include "cli/input/yaml.h"

#include <gmock/gmock.h>

namespace muster::cli {
namespace {

using Kind = YamlNode::Kind;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<YamlNode> read(const std::string& text) {
  auto documents = parse_yaml(text);
  EXPECT_TRUE(documents) << text << ": " << documents.error().reason;
  return documents ? *documents : std::vector<YamlNode>();
}

// `LINE:COLUMN: REASON. REMEDY`
std::string fault(const std::string& text) {
  const auto documents = parse_yaml(text);
  if (documents) return "no fault";
  const auto& error = documents.error();
  return std::to_string(error.place.line) + ":" + std::to_string(error.place.column) + ": " + error.reason +
         ". " + error.remedy;
}

std::string place_of(const YamlNode& node) {
  return std::to_string(node.place.line) + ":" + std::to_string(node.place.column);
}

TEST(Yaml, EverythingHasItsPlaceInCharacters) {
  const auto documents = read(
      "\xEF\xBB\xBF"
      "k\xC3\xA4se: [\xC3\xBC, {x: 'y'}]\r\nb:\r\n  - c\r\n");
  ASSERT_THAT(documents, SizeIs(1));
  const auto& members = documents[0].members;
  ASSERT_THAT(members, SizeIs(2));
  EXPECT_EQ(members[0].key.text, "k\xC3\xA4se");
  EXPECT_EQ(place_of(members[0].value), "1:7");
  EXPECT_EQ(place_of(members[0].value.items[1]), "1:11");
  EXPECT_EQ(place_of(members[0].value.items[1].members[0].value), "1:15");
  EXPECT_EQ(place_of(members[1].value.items[0]), "3:5");
  EXPECT_EQ(members[1].value.items[0].text, "c");
}

TEST(Yaml, NoByteIsTakenForAnotherEncoding) {
  EXPECT_THAT(fault(std::string("a\0:\0 \0b\0", 8)), HasSubstr("1:2: unexpected control character"));
  EXPECT_THAT(fault(std::string("\0\0\0a", 4)), HasSubstr("1:1: unexpected control character"));
}

TEST(Yaml, QuotesMakeText) {
  const auto members = read("a: 1\nb: '1'\nc: \"x\\n\\u00e4\"\nd: ~\ne: |\n  x\n").at(0).members;
  EXPECT_FALSE(members[0].value.quoted);
  EXPECT_TRUE(members[1].value.quoted);
  EXPECT_EQ(members[2].value.text, "x\n\xC3\xA4");
  EXPECT_EQ(members[3].value.kind, Kind::nothing);
  EXPECT_EQ(members[4].value.text.substr(0, 2), "x\n");
}

TEST(Yaml, DocumentsAreSeparateAndEmptyOnesLeftOut) {
  EXPECT_THAT(read("a: b\n---\nc: d\n"), SizeIs(2));
  EXPECT_THAT(read("---\n---\na: b\n---\n"), SizeIs(1));
  EXPECT_THAT(read("# nothing\n"), IsEmpty());
  EXPECT_THAT(read(""), IsEmpty());
  EXPECT_THAT(fault("  a: b\nc: d\n"), HasSubstr("2:1: this is indented less than the first line"));
}

TEST(Yaml, AliasesAreWhatTheyReferTo) {
  const auto members = read("a: &x {b: [1, 2]}\nc: *x\n").at(0).members;
  ASSERT_EQ(members[1].value.kind, Kind::map);
  EXPECT_THAT(members[1].value.members[0].value.items, SizeIs(2));
  EXPECT_EQ(place_of(members[1].value), "1:4") << "where it was written";
  EXPECT_THAT(fault("a: &x [1, *x]\n"), HasSubstr("1:11: this alias stands within what it refers to"));
  EXPECT_THAT(fault("a: &x 1\n---\nb: *x\n"), HasSubstr("no anchor"));
}

TEST(Yaml, AliasesBlowNothingUp) {
  std::string laughs = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char name = 'b'; name < 'l'; ++name) {
    laughs += std::string(1, name) + ": &" + name + " [";
    for (int i = 0; i < 10; ++i) laughs += std::string(i ? ", *" : "*") + static_cast<char>(name - 1);
    laughs += "]\n";
  }
  EXPECT_THAT(fault(laughs), HasSubstr("more than 100000 keys and values"));
  EXPECT_THAT(fault("a: &a " + std::string(3 << 20, 'x') + "\nb: [*a, *a]\n"), HasSubstr("more than 4 MB"));
  std::string deep = "a: &a " + std::string(20, '[') + std::string(20, ']') + "\n";
  deep += "b: &b " + std::string(20, '[') + "*a" + std::string(20, ']') + "\n";
  EXPECT_THAT(fault(deep), HasSubstr("2:27: this is nested more than 32 deep"));
}

TEST(Yaml, SizeAndDepthAreLimited) {
  EXPECT_THAT(fault("a: " + std::string(kLargestYaml, 'x')), HasSubstr("larger than 4 MB"));
  EXPECT_EQ(fault(std::string(32, '[') + std::string(32, ']')), "no fault");
  EXPECT_THAT(fault(std::string(33, '[') + std::string(33, ']')),
              HasSubstr("1:33: this is nested more than 32 deep"));
  EXPECT_THAT(fault(std::string(100'000, '[')), HasSubstr("nested more than 32 deep"));
  EXPECT_THAT(fault(std::string(100'000, '{')), HasSubstr("nested more than 32 deep"));
  std::string dashes;
  for (int i = 0; i < 10'000; ++i) dashes += "- ";
  EXPECT_THAT(fault(dashes), HasSubstr("nested more than 32 deep"));
}

TEST(Yaml, AManyItemsOnOneLineAreReadInGoodTime) {
  std::string text = "a: [";
  for (int i = 0; i < 90'000; ++i) text += "\xC3\xA9, ";
  const auto documents = read(text + "b]\n");
  ASSERT_THAT(documents, SizeIs(1));
  EXPECT_EQ(documents[0].members[0].value.items.back().place.column, 5U + 3U * 90'000U);
}

struct Fault {
  const char* text;
  const char* says;
};

TEST(Yaml, FaultsAreSaidSoThatPeopleKnowWhatToDo) {
  const Fault faults[] = {
      {"filter: *\n",
       "1:10: a star at the beginning is an alias in YAML, and this one has no name. If the star is meant, put it in quotes: '*'"},
      {"filter: *x\n",
       "no anchor (`&`) of this name stands above. If the star is meant, put the whole text in quotes"},
      {"filter: @lab\n", "1:9: a text cannot begin with this character. Put it in quotes"},
      {"a: b: c\n", "1:5: a colon is not expected here. A text with a colon and a space in it needs quotes"},
      {"a:\n\tb: c\n", "2:3: a tab stands in the indentation. Indent with spaces"},
      {"a: \"b\n", "a quote above here has no end"},
      {"a: 'b\nc: d\n", "a quote above here has no end"},
      {"a: {b: c\n", "the { is not closed, or a comma is missing in it"},
      {"a: [b\nc: d\n", "the [ is not closed, or a comma is missing in it"},
      {"a: ]\n", "1:4: this closes a { or [ that is not open"},
      {"a:\n  - b\n c\n", "the indentation does not fit what stands above"},
      {"a: \"\\d\"\n", "in double quotes a backslash means something else"},
      {"a: \"\\uZZZZ\"\n", "the digits of an escape are wrong"},
      {"a: !!str b\n", "1:4: unknown tag (`!...`)"},
      {"a: | x\n b\n", "behind | or > only the end of the line may follow"},
      {"a: b\n\xFF\n", "2:1: this is not UTF-8"},
      {"a: b\n  \x04 c: d\n", "2:3: unexpected control character"},
      {"%YAML 9.9\n---\na: b\n", "this is not YAML: "},
  };
  for (const auto& [text, says] : faults) EXPECT_THAT(fault(text), HasSubstr(says)) << text;
}

}  // namespace
}  // namespace muster::cli
