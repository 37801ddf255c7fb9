#include "profile/json_members.h"

#include <gtest/gtest.h>

#include <vector>

namespace muster {
namespace {

template <class Reader>
auto all_of(Reader reader) {
  std::vector<typename decltype(reader.next())::value_type> all;
  while (auto next = reader.next()) all.push_back(*next);
  return all;
}

TEST(JsonMembers, KeepOrderRepetitionsAndPlaces) {
  const std::string text = R"( { "a" : 1.50 ,"b\"}":{"a":["]",{}]}, "a":null,"c":"x\\" } )";
  const auto members = all_of(MemberReader(text));
  ASSERT_EQ(4U, members.size());
  EXPECT_EQ("a", members[0].key);
  EXPECT_EQ("1.50", members[0].value.text);
  EXPECT_EQ("b\"}", members[1].key);
  EXPECT_EQ(R"({"a":["]",{}]})", members[1].value.text);
  EXPECT_EQ("a", members[2].key);
  EXPECT_EQ("null", members[2].value.text);
  EXPECT_EQ(R"("x\\")", members[3].value.text);
  for (const auto& member : members) {
    EXPECT_EQ('"', text[member.key_offset]);
    EXPECT_EQ(member.value.text, text.substr(member.value.offset, member.value.text.size()));
  }
  EXPECT_TRUE(all_of(MemberReader("{}")).empty());
}

TEST(JsonMembers, OfAnArrayAreItsItems) {
  const std::string text = R"([ [1,2],"a,]", true ])";
  const auto items = all_of(ItemReader({.offset = 100, .text = text}));
  ASSERT_EQ(3U, items.size());
  EXPECT_EQ("[1,2]", items[0].text);
  EXPECT_EQ(102U, items[0].offset);
  EXPECT_EQ("\"a,]\"", items[1].text);
  EXPECT_EQ("true", items[2].text);
  EXPECT_TRUE(all_of(ItemReader({.offset = 0, .text = "[ ]"})).empty());
}

TEST(JsonMembers, StringsAreReadWithTheirEscapes) { EXPECT_EQ("\xc3\xa9\n/", string_in(R"("\u00e9\n\/")")); }

}  // namespace
}  // namespace muster
