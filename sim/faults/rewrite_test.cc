#include "sim/faults/rewrite.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace muster::sim {
namespace {

boost::json::object object(const char* text) { return boost::json::parse(text).as_object(); }

std::string rewritten(const Rewrite& change, std::string answer) {
  rewrite(change, answer);
  return answer;
}

TEST(RewriteTest, PutsMembersAndTakesThemOut) {
  const std::string answer = R"({"devices":[],"cursor":"c","more_to_follow":false})";
  EXPECT_EQ(rewritten({.members = object(R"({"cursor":"x","more_to_follow":null,"new":{"a":1}})")}, answer),
            R"({"devices":[],"cursor":"x","more_to_follow":null,"new":{"a":1}})");
  EXPECT_EQ(rewritten({.members = object(R"({"cursor":{"$delete":true},"none":{"$delete":true}})")}, answer),
            R"({"devices":[],"more_to_follow":false})");
  EXPECT_EQ(rewritten({.members = object(R"({"cursor":{"$delete":false}})")}, R"({"cursor":"c"})"),
            R"({"cursor":{"$delete":false}})");
}

TEST(RewriteTest, ChangesEveryRow) {
  const Rewrite change{.rows = object(R"({"serial_number":{"$delete":true},"color":null})")};
  EXPECT_EQ(rewritten(change, R"({"devices":[{"serial_number":"A"},7],"cursor":"c"})"),
            R"({"devices":[{"color":null},7],"cursor":"c"})");
  EXPECT_EQ(rewritten(change, R"({"devices":{"A":{"serial_number":"A"},"B":"SUCCESS"}})"),
            R"({"devices":{"A":{"color":null},"B":"SUCCESS"}})");
  EXPECT_EQ(rewritten(change, R"({"server_name":"x"})"), R"({"server_name":"x"})");
}

TEST(RewriteTest, RepeatsKeys) {
  EXPECT_EQ(rewritten({.repeated = {"cursor", "none"}}, R"({"cursor":"c","more_to_follow":true})"),
            R"({"cursor":"c","more_to_follow":true,"cursor":"c"})");
}

TEST(RewriteTest, LeavesWhatIsNoObject) {
  const Rewrite change{.members = object(R"({"a":1})")};
  for (const char* text : {"", "[]", "FORBIDDEN", "{\"a\":"}) EXPECT_EQ(rewritten(change, text), text);
}

}  // namespace
}  // namespace muster::sim
