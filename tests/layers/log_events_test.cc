// Every log event is explained in docs/log.md, and every one explained there exists.
#include "tests/layers/log_events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/places.h"

namespace muster::layers {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(LogEvents, AreThoseOfTheManual) {
  std::vector<LogCall> calls;
  for (const auto& file : read_tree(test::source(""))) {
    if (file.is_for_tests() || file.path.starts_with("base/log.")) continue;
    for (auto& call : log_calls(file)) calls.push_back(std::move(call));
  }
  std::ostringstream manual;
  manual << std::ifstream(test::source("docs/log.md")).rdbuf();
  const auto complaints = compare(calls, documented_events(manual.str()));
  EXPECT_TRUE(complaints.empty()) << joined(complaints);
}

const SourceFile kFile{"sync/x.cc",
                       "// log::info(\"in.comment\")\n"
                       "void f() {\n"
                       "  log::info(\"sync.done\", {{\"account\", name(\")\")}, {\"devices\", 25}});\n"
                       "  muster::log::warn(\n      \"sync.odd\");\n"
                       "}\n"};
const std::string kManual =
    "| event | level | meaning | fields |\n|---|---|---|---|\n"
    "| `sync.done` | info | a run ended | `account` `devices` |\n"
    "| `sync.odd` | info, warn | odd | |\n";

TEST(LogEvents, AreReadFromTheCode) {
  const auto calls = log_calls(kFile);
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_EQ(calls[0].where, "sync/x.cc:3");
  EXPECT_EQ(calls[0].event, "sync.done");
  EXPECT_THAT(calls[0].fields, ElementsAre("account", "devices"));
  EXPECT_EQ(calls[1].event, "sync.odd");
  EXPECT_EQ(calls[1].level, "warn");
}

TEST(LogEvents, ThatAgreeGiveNoComplaint) {
  EXPECT_THAT(compare(log_calls(kFile), documented_events(kManual)), IsEmpty());
}

TEST(LogEvents, MissingInTheManualComeWithTheirRow) {
  EXPECT_THAT(compare(log_calls(kFile), documented_events("| `sync.odd` | warn | odd | |\n")),
              ElementsAre(HasSubstr("| `sync.done` | info | WHAT IT MEANS | `account` `devices` |")));
}

TEST(LogEvents, OfTheManualMustExist) {
  EXPECT_THAT(compare(log_calls(kFile), documented_events(kManual + "| `gone` | info | was | |\n")),
              ElementsAre(HasSubstr("no code writes the event gone")));
}

TEST(LogEvents, HaveTheLevelsAndFieldsOfTheManual) {
  EXPECT_THAT(compare({{"a.cc:1", "error", "sync.done", {"reason"}}, {"a.cc:2", "warn", "sync.odd", {}}},
                      documented_events(kManual)),
              ElementsAre(HasSubstr("level error"), HasSubstr("field `reason`")));
}

TEST(LogEvents, AreLiterals) {
  EXPECT_THAT(compare(log_calls({"a.cc", "log::info(name);\n"}), {}),
              ElementsAre(HasSubstr("must be a literal")));
}

}  // namespace
}  // namespace muster::layers
