// The two ways to ask a filter, of one device in C++ and of all devices in SQL, cover the same devices,
// whatever the filter and whatever Apple says. And a filter that is written out reads as the same.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "filter/match.h"
#include "filter/read.h"
#include "filter/text.h"
#include "tests/property/filter_world.h"

namespace muster::property {
namespace {

using Kind = FilterExpression::Kind;
using Serials = std::set<Serial>;

Serials covered_by_cpp(const FilterExpression& x, const std::vector<Known>& devices) {
  Serials serials;
  for (const auto& known : devices)
    if (!known.device.tombstone && assign::matches(x, {.device = known.device,
                                                       .account = kSchool,
                                                       .enrollment = enrollment_of(known),
                                                       .note = &known.note,
                                                       .lists = &known.lists}))
      serials.insert(known.device.serial);
  return serials;
}

Serials covered_by_sql(const FilterExpression& x, Writer& w, AccountId account) {
  const auto page = w.device_page(account, Serial(), 100, &x);
  RC_ASSERT(page.has_value());
  Serials serials;
  for (const auto& device : *page) serials.insert(device.serial);
  const auto count = w.device_count(account, x);
  RC_ASSERT(count.has_value());
  RC_ASSERT(*count == static_cast<long long>(serials.size()));
  return serials;
}

RC_GTEST_PROP(Filters, CoverTheSameDevicesInCppAndInSql, ()) {
  const auto devices = any_devices();
  std::vector<FilterExpression> filters;
  for (int i = 0; i < 30; ++i) filters.push_back(any_expression());
  world().with(devices, [&](Writer& w, AccountId account) {
    for (const auto& x : filters) {
      RC_LOG() << assign::to_text(x) << "\n";
      RC_ASSERT(covered_by_cpp(x, devices) == covered_by_sql(x, w, account));
    }
  });
}

// `not` covers exactly the rest: nothing is neither, as it would be with SQL's NULL.
RC_GTEST_PROP(Filters, CoverADeviceOrTheirNegationDoes, ()) {
  const auto devices = any_devices();
  const auto x = any_expression();
  const FilterExpression rest{.kind = Kind::negation, .parts = {x}};
  const FilterExpression all;
  world().with(devices, [&](Writer& w, AccountId account) {
    RC_ASSERT(*w.device_count(account, x) + *w.device_count(account, rest) == *w.device_count(account, all));
  });
}

bool has_line_break(const FilterExpression& x) {
  for (const auto& value : x.values)
    if (const auto* text = std::get_if<std::string>(&value); text && text->find('\n') != std::string::npos)
      return true;
  return std::any_of(x.parts.begin(), x.parts.end(), has_line_break);
}

RC_GTEST_PROP(Filters, AreReadAsTheyWereWritten, ()) {
  auto x = any_expression();
  RC_PRE(!has_line_break(x));
  const std::string text = assign::to_text(x);
  const auto again = assign::Filter::parse(text);
  RC_LOG() << text << "\n" << (again ? "" : again.error().text()) << "\n";
  RC_ASSERT(again.has_value());
  RC_ASSERT(again->expression() == x);
}

// The heaviest that can be typed.
TEST(Filters, OfEveryAllowedSizeCanBeAskedOfTheDatabase) {
  const auto repeated = [](const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
  };
  const std::string texts[] = {
      repeated("(", 32) + "os=x" + repeated(")", 32),
      repeated("not ", 32) + "os=x",
      repeated("not(os=x or ", 16) + "note.name=x" + repeated(")", 16),
      repeated("(os=x or os=y and ", 32) + "note.name=x" + repeated(")", 32),
      repeated("(os=x and ", 32) + "serial in @lab" + repeated(" or serial in @lab)", 32),
      repeated("os=x or ", 499) + "os=x",
      "serial in (" + repeated("C02,", 996) + "C02)",
      repeated("(serial=x or serial=y and ", 32) + "serial in @lab" + repeated(")", 32),
  };
  world().with({}, [&](Writer& w, AccountId account) {
    for (const auto& text : texts) {
      const auto filter = assign::Filter::parse(text);
      ASSERT_TRUE(filter) << filter.error().text();
      const auto count = w.device_count(account, filter->expression());
      EXPECT_TRUE(count) << text << ": " << count.error().text();
      const auto devices = w.device_page(account, Serial(), 10, &filter->expression());
      EXPECT_TRUE(devices) << text << ": " << devices.error().text();
      const auto page = w.standings({.account = account,
                                     .filters = {&filter->expression()},
                                     .limit = 10,
                                     .reaches = {Reach{.not_desired = ProfileUuid("U")}}});
      EXPECT_TRUE(page) << text << ": " << page.error().text();
    }
  });
}

}  // namespace
}  // namespace muster::property
