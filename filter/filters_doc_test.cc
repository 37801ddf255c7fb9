// docs/filters.md is what the product does: its examples are asked of its devices, its messages are those
// given.
#include <gmock/gmock.h>

#include <map>
#include <sstream>

#include "base/os/files.h"
#include "base/text/strings.h"
#include "base/time/rfc3339.h"
#include "filter/read.h"
#include "tests/support/places.h"

namespace muster::assign {
namespace {

using Row = std::vector<std::string>;

// The tables under a heading: each row's cells, the head first, without the line of dashes.
std::vector<std::vector<Row>> tables_in(const std::string& markdown, const std::string& section) {
  std::vector<std::vector<Row>> tables;
  std::istringstream lines(markdown);
  bool inside = false, in_table = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## ")) inside = line == "## " + section;
    const bool is_row = inside && line.starts_with("|");
    if (is_row && !in_table) tables.emplace_back();
    in_table = is_row;
    if (!is_row || line.starts_with("|---")) continue;
    Row cells;
    std::istringstream rest(line.substr(1));
    for (std::string cell; std::getline(rest, cell, '|');) cells.emplace_back(trim(cell));
    tables.back().push_back(std::move(cells));
  }
  return tables;
}

std::string without_backticks(const std::string& cell) { return cell.substr(1, cell.size() - 2); }

struct Known {
  Device device;
  std::optional<Enrollment> enrollment = {};
  Note note;
  std::set<std::string> lists;
};

void set_fact(Known& known, const std::string& name, const std::string& value) {
  DeviceFacts& facts = known.device.facts;
  const std::map<std::string, std::string*> texts = {{"family", &facts.family},
                                                     {"os", &facts.os},
                                                     {"model", &facts.model},
                                                     {"asset_tag", &facts.asset_tag},
                                                     {"status", &facts.profile_status},
                                                     {"color", &facts.color},
                                                     {"description", &facts.description},
                                                     {"assigned_by", &facts.assigned_by},
                                                     {"note.group", &known.note.group},
                                                     {"note.owner", &known.note.owner}};
  if (const auto text = texts.find(name); text != texts.end())
    *text->second = value;
  else if (name == "serial")
    known.device.serial = Serial(value);
  else if (name == "assigned_at")
    facts.assigned_at = parse_rfc3339(value);
  else if (name == "enrolled_at")
    known.enrollment = Enrollment{.serial = known.device.serial, .enrolled_at = parse_rfc3339(value)};
  else if (name == "last_seen")
    known.enrollment.value().last_seen = parse_rfc3339(value).value();
  else if (name == "list")
    known.lists.insert(value);
  else if (name == "migrating")
    facts.other = R"({"mdm_migration_deadline":"2026-06-01T00:00:00Z"})";
  else if (name == "replacement")
    facts.other = R"({"is_replacement_device":true})";
  else
    ADD_FAILURE() << "the test knows no " << name;
}

std::vector<Known> devices_of(const std::vector<Row>& table) {
  std::vector<Known> devices;
  for (size_t row = 1; row < table.size(); ++row) {
    Known known;
    for (size_t column = 0; column < table[row].size(); ++column) {
      const std::string& name = table[0][column];
      if (name != "beside") {
        set_fact(known, name, table[row][column]);
        continue;
      }
      for (const auto& item : split_list(table[row][column], ';')) {
        const size_t colon = item.find(": ");
        set_fact(known, item.substr(0, colon), colon == std::string::npos ? "" : item.substr(colon + 2));
      }
    }
    devices.push_back(std::move(known));
  }
  return devices;
}

class FiltersDocument : public testing::Test {
 protected:
  void SetUp() override {
    const auto text = read_file(test::source("docs/filters.md"));
    ASSERT_TRUE(text) << text.error().text();
    text_ = *text;
  }
  std::string text_;
};

TEST_F(FiltersDocument, ItsExamplesCoverWhatItSays) {
  const auto tables = tables_in(text_, "Examples");
  ASSERT_EQ(tables.size(), 2U);
  const auto devices = devices_of(tables[0]);
  ASSERT_GE(devices.size(), 5U);
  ASSERT_GE(tables[1].size(), 30U);
  for (size_t row = 1; row < tables[1].size(); ++row) {
    const std::string example = without_backticks(tables[1][row][0]);
    const auto filter = Filter::parse(example);
    ASSERT_TRUE(filter) << example << ": " << filter.error().text();
    std::string covered;
    for (const auto& known : devices)
      if (filter->matches({.device = known.device,
                           .account = kDefaultAccount,
                           .enrollment = known.enrollment ? &*known.enrollment : nullptr,
                           .note = &known.note,
                           .lists = &known.lists}))
        covered += (covered.empty() ? "" : " ") + known.device.serial.str();
    EXPECT_EQ(covered, tables[1][row][1]) << example;
  }
}

TEST_F(FiltersDocument, ItsMessagesAreThoseGiven) {
  const auto tables = tables_in(text_, "When it is wrong");
  ASSERT_EQ(tables.size(), 1U);
  for (size_t row = 1; row < tables[0].size(); ++row) {
    const auto filter = Filter::parse(without_backticks(tables[0][row][0]));
    ASSERT_FALSE(filter) << tables[0][row][0];
    EXPECT_EQ(filter.error().text(), tables[0][row][1]);
  }
}

TEST_F(FiltersDocument, HasEveryFieldAndOperator) {
  std::string fields, operators;
  const auto field_table = tables_in(text_, "Fields"), operator_table = tables_in(text_, "Operators");
  for (const auto& row : field_table.at(0)) fields += row[0] + " ";
  for (const auto& row : operator_table.at(0)) operators += row[0] + " ";
  for (const auto field : filter_fields())
    EXPECT_THAT(fields, testing::HasSubstr("`" + std::string(word(field)) + "`"));
  for (const auto op : filter_operators())
    EXPECT_THAT(operators, testing::HasSubstr("`" + std::string(word(op)) + "`"));
}

}  // namespace
}  // namespace muster::assign
