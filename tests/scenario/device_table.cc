#include "tests/scenario/device_table.h"

#include <fmt/format.h>

#include <functional>

#include "base/text/json.h"
#include "base/text/strings.h"
#include "tests/scenario/failed.h"
#include "tests/scenario/pattern.h"

namespace muster::test {
namespace {

using Device = boost::json::object;

// All that Muster lists, by serial; who is not there is gone, or was never known.
std::map<std::string, Device> devices_of_muster(const Stage& stage, const std::string& account) {
  std::map<std::string, Device> devices;
  std::string cursor;
  do {
    const auto page = stage.get("/api/v1/devices?limit=1000&account=" + account + "&cursor=" + cursor);
    for (const auto& device : page.at("devices").as_array())
      devices[text_member(device.as_object(), "serial_number")] = device.as_object();
    cursor = text_member(page, "next_cursor");
  } while (!cursor.empty());
  return devices;
}

struct Row {
  const Stage& stage;
  const std::string serial;
  const Device* muster;  // null: Muster does not list it
  const std::map<std::string, std::string>& apple;
};

std::string at_apple(const Row& row) {
  const auto found = row.apple.find(row.serial);
  return found == row.apple.end() ? "not there" : row.stage.name_of(found->second);
}
std::string status(const Row& row) {
  return row.muster ? text_member(*row.muster, "profile_status") : "gone";
}
std::string profile(const Row& row) {
  return row.stage.name_of(row.muster ? text_member(*row.muster, "profile_uuid") : "");
}
std::string wanted(const Row& row) {
  return row.stage.name_of(row.muster ? text_member(*row.muster, "desired_profile_uuid") : "");
}
std::string by(const Row& row) { return row.muster ? text_member(*row.muster, "desired_by") : "-"; }

using Column = std::string (*)(const Row&);
Column column_named(const std::string& name) {
  static const std::map<std::string, Column> kColumns = {
      {"at Apple", at_apple}, {"status", status}, {"profile", profile}, {"wanted", wanted}, {"by", by}};
  const auto found = kColumns.find(name);
  if (found != kColumns.end()) return found->second;
  throw Failed("there is no column \"" + name +
               "\"; there are serial (first), at Apple, status, profile, wanted, by");
}

}  // namespace

void check_devices(const Stage& stage, const std::string& account, const Step& step) {
  const auto header = split_list(step.block.front(), '|');
  if (header.size() < 2 || header[0] != "serial") throw Failed("the table's first line begins: serial | ...");
  std::vector<Column> columns;
  for (size_t i = 1; i < header.size(); ++i) columns.push_back(column_named(header[i]));

  const auto muster = devices_of_muster(stage, account);
  const auto apple = stage.apple().profiles(account);
  std::string problems;
  int shown = 0;
  for (size_t line = 1; line < step.block.size(); ++line) {
    const auto cells = split_list(step.block[line], '|');
    if (cells.size() != header.size())
      throw Failed(fmt::format("line {}: {} cells, not {}", step.block_line + static_cast<int>(line),
                               cells.size(), header.size()));
    for (const auto& serial : serials_in(cells[0])) {
      const auto found = muster.find(serial);
      const Row row{stage, serial, found == muster.end() ? nullptr : &found->second, apple};
      for (size_t i = 0; i < columns.size(); ++i) {
        const std::string is = columns[i](row);
        if (is != cells[i + 1] && ++shown <= 20)
          problems +=
              fmt::format("\n  line {}: {}: {} is \"{}\", not \"{}\"",
                          step.block_line + static_cast<int>(line), serial, header[i + 1], is, cells[i + 1]);
      }
    }
  }
  if (!problems.empty()) throw Failed("the devices are not so:" + problems);
}

}  // namespace muster::test
