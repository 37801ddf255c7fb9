// People's notes on devices as the API takes and gives them.
#include <gmock/gmock.h>

#include "tests/support/api_fixture.h"

namespace muster::api {
namespace {

using testing::IsSupersetOf;

class NoteCalls : public test::ApiFixture {
 protected:
  test::ApiAnswer change(const std::string& csv, const std::string& options = "") {
    return put("/api/v1/notes", R"({"csv":")" + csv + "\"" + options + "}");
  }
};

TEST_F(NoteCalls, AreTakenFromCsvAndGivenInOrder) {
  const auto answer = change("serial,owner,group\\nb,Bea,lab\\na,Al,\\n");
  EXPECT_EQ(answer.number("added"), 2);
  EXPECT_EQ(write_json(get("/api/v1/notes").json),
            R"({"notes":[{"serial_number":"A","name":"","owner":"Al","group":"","asset_tag":""},)"
            R"({"serial_number":"B","name":"","owner":"Bea","group":"lab","asset_tag":""}]})");
}

TEST_F(NoteCalls, AChangeCountsWhatBecameOfEach) {
  change("serial,owner\\nA,Al\\nB,Bea\\nC,Cy\\n");
  const auto answer = change("serial,owner\\nA,Al\\nB,Ben\\nC,\\nD,Di\\n");
  EXPECT_EQ(answer.number("same"), 1);
  EXPECT_EQ(answer.number("changed"), 1);
  EXPECT_EQ(answer.number("removed"), 1);
  EXPECT_EQ(answer.number("added"), 1);
}

TEST_F(NoteCalls, AColumnThatIsNotThereSaysNothing) {
  change("serial,owner\\nA,Al\\n");
  change("serial,group\\nA,lab\\n");
  const auto note = get("/api/v1/notes")["notes"].as_array().at(0);
  EXPECT_EQ(note.at("owner"), "Al");
  EXPECT_EQ(note.at("group"), "lab");
}

TEST_F(NoteCalls, AChangeThatMovesDevicesIsPlanned) {
  add_device("A");
  add_rule({.filter = "note.group = lab", .scope = Rule::Scope::all, .profile = ProfileUuid("P")});
  for (const char* option : {R"(,"dry_run":true)", R"(,"max_changes":0)"}) {
    const auto answer = change("serial,group\\nA,lab\\n", option);
    EXPECT_EQ(answer["applied"], false) << option;
    EXPECT_EQ(answer.number("plan.changes"), 1) << option;
  }
  EXPECT_TRUE(get("/api/v1/notes")["notes"].as_array().empty());
  EXPECT_EQ(change("serial,group\\nA,lab\\n")["applied"], true);
  EXPECT_THAT(runs(), IsSupersetOf({Lane::changes, Lane::assignment}));
}

TEST_F(NoteCalls, ComeInPages) {
  change("serial,owner\\nA,Al\\nB,Bea\\nC,Cy\\n");
  const auto first = get("/api/v1/notes?limit=2");
  EXPECT_EQ(first["notes"].as_array().size(), 2u);
  EXPECT_EQ(first.text("next_cursor"), "B");
  const auto rest = get("/api/v1/notes?limit=2&cursor=B");
  EXPECT_EQ(rest["notes"].as_array().size(), 1u);
  EXPECT_FALSE(rest.has("next_cursor"));
}

TEST_F(NoteCalls, WhatCannotBeIsRefused) {
  for (const char* csv : {"", "serial,owner\\nA,Al\\nA,Ben\\n", "serial,owner\\n!,Al\\n"})
    EXPECT_EQ(change(csv).status, 400) << csv;
  EXPECT_EQ(get("/api/v1/notes?limit=1001").status, 400);
  EXPECT_TRUE(get("/api/v1/notes")["notes"].as_array().empty());
}

}  // namespace
}  // namespace muster::api
