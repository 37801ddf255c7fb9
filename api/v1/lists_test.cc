// Lists of serials as the API makes, changes, shows and removes them.
#include <gmock/gmock.h>

#include "tests/support/api_fixture.h"

namespace muster::api {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;

class ListCalls : public test::ApiFixture {
 protected:
  test::ApiAnswer change(const std::string& members) {
    return put("/api/v1/lists/carts", "{" + members + "}");
  }
  std::string serials(const std::string& query = "") {
    return write_json(get("/api/v1/lists/carts" + query)["serials"]);
  }
};

TEST_F(ListCalls, OneIsMadeFromCsv) {
  const auto answer = change(R"("csv":"serial,room\nb,1\na,2\nb,3\n")");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text("name"), "carts");
  EXPECT_EQ(answer["created"], true);
  EXPECT_EQ(answer.number("added"), 2);
  EXPECT_EQ(answer.number("removed"), 0);
  EXPECT_EQ(answer.number("repeated"), 1);
  EXPECT_EQ(answer.number("size"), 2);
  EXPECT_EQ(serials(), R"(["A","B"])");
  EXPECT_EQ(get("/api/v1/lists")["lists"].as_array().at(0).at("name"), "carts");
}

TEST_F(ListCalls, TheModeSaysWhatBecomesOfIt) {
  change(R"("csv":"A\nB")");
  EXPECT_EQ(change(R"("csv":"C")").status, 409) << "it is there already";
  EXPECT_EQ(change(R"("csv":"C","mode":"add")").number("size"), 3);
  EXPECT_EQ(change(R"("csv":"A","mode":"remove")").number("removed"), 1);
  EXPECT_EQ(serials(), R"(["B","C"])");
  change(R"("csv":"D","mode":"replace")");
  EXPECT_EQ(serials(), R"(["D"])");
  EXPECT_EQ(change(R"("csv":"D","mode":"mix")").status, 400);
}

TEST_F(ListCalls, AnotherVersionOfItIsAConflict) {
  const auto version = change(R"("csv":"A")").number("version");
  EXPECT_EQ(change(R"("csv":"B","mode":"add","version":)" + std::to_string(version + 1)).status, 409);
  EXPECT_EQ(change(R"("csv":"B","mode":"add","version":)" + std::to_string(version)).status, 200);
}

TEST_F(ListCalls, AChangeThatMovesDevicesIsPlanned) {
  change(R"("csv":"A")");
  add_device("B");
  add_rule({.filter = "serial in @carts", .scope = Rule::Scope::all, .profile = ProfileUuid("P")});
  for (const char* option : {R"("dry_run":true)", R"("max_changes":0)"}) {
    const auto answer = change(std::string(R"("csv":"B","mode":"add",)") + option);
    EXPECT_EQ(answer["applied"], false) << option;
    EXPECT_EQ(answer.number("plan.changes"), 1) << option;
  }
  EXPECT_EQ(serials(), R"(["A"])");
  EXPECT_EQ(change(R"("csv":"B","mode":"add")")["applied"], true);
  EXPECT_THAT(runs(), IsSupersetOf({Lane::changes, Lane::assignment}));
}

TEST_F(ListCalls, ComeInPages) {
  change(R"("csv":"A\nB\nC")");
  EXPECT_EQ(serials("?limit=2"), R"(["A","B"])");
  EXPECT_EQ(get("/api/v1/lists/carts?limit=2").text("next_cursor"), "B");
  EXPECT_EQ(serials("?limit=2&cursor=B"), R"(["C"])");
  EXPECT_EQ(get("/api/v1/lists/carts?limit=0").status, 400);
}

TEST_F(ListCalls, WhatCannotBeIsRefused) {
  for (const char* members : {R"("csv":"")", R"("csv":"not a serial!")", R"("mode":"add")"})
    EXPECT_EQ(change(members).status, 400) << members;
  EXPECT_EQ(put("/api/v1/lists/a%20b!", R"({"csv":"A"})").status, 400);
  EXPECT_EQ(change(R"("csv":"A","mode":"add")").status, 404) << "it is not there";
  EXPECT_EQ(get("/api/v1/lists/carts").status, 404);
}

TEST_F(ListCalls, OneThatARuleAsksStays) {
  change(R"("csv":"A")");
  add_rule({.filter = "serial in @carts", .profile = ProfileUuid("P")});
  const auto refused = del("/api/v1/lists/carts");
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(refused.error(), HasSubstr("serial in @carts"));
  del("/api/v1/rules", R"({"filter":"serial in @carts"})");
  const auto revision = get("/api/v1/config").number("revision");
  EXPECT_EQ(del("/api/v1/lists/carts", R"({"revision":)" + std::to_string(revision + 1) + "}").status, 409);
  EXPECT_GT(del("/api/v1/lists/carts").number("revision"), revision);
  EXPECT_EQ(del("/api/v1/lists/carts").status, 404);
}

}  // namespace
}  // namespace muster::api
