#include "cli/output/device_list.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>

namespace muster::cli {
namespace {

boost::json::object device(const std::string& serial) {
  return {{"serial_number", serial}, {"model", nullptr}, {"a_key_of_tomorrow", boost::json::array{1}}};
}

TEST(DeviceList, PrintsAPageWhenItEndsAndKeepsNothing) {
  for (const std::string format : {"table", "json", "csv"}) {
    std::ostringstream out;
    const auto list = make_device_list(format, false, out);
    list->add(device("PAGE1"));
    list->end_page();
    EXPECT_NE(std::string::npos, out.str().find("PAGE1")) << format;
    out.str("");
    list->add(device("PAGE2"));
    list->end_page();
    EXPECT_EQ(std::string::npos, out.str().find("PAGE1")) << format;
    EXPECT_NE(std::string::npos, out.str().find("PAGE2")) << format;
  }
}

TEST(DeviceList, GivesASpreadsheetNothingToReckon) {
  std::ostringstream out;
  const auto list = make_device_list("csv", false, out);
  list->add({{"serial_number", "=HYPERLINK(\"http://x\")"}, {"model", "\x1b[31mMac"}, {"color", "-1"}});
  list->finish();
  EXPECT_NE(std::string::npos, out.str().find("\r\n\"'=HYPERLINK(\"\"http://x\"\")\", [31mMac,,'-1,"))
      << out.str();
}

TEST(DeviceList, IsWholeJsonWithEveryKey) {
  std::ostringstream out;
  const auto list = make_device_list("json", false, out);
  list->add(device("A"));
  list->end_page();
  list->add(device("B"));
  list->finish();
  const auto parsed = boost::json::parse(out.str());
  EXPECT_EQ(boost::json::value(boost::json::array({device("A"), device("B")})), parsed);
}

}  // namespace
}  // namespace muster::cli
