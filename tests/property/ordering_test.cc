// In whatever order, however often and over however many pages, runs and restarts the rows of a device come:
// it ends as if they had come once, in order of their dates (L7, L8, L13).
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/property/database.h"
#include "tests/property/story.h"

namespace muster::property {
namespace {

using assign::Source;
using Rows = std::vector<DeviceReport>;

std::string in_order(bool here, const Rows& story) {
  Database database;
  if (here) database.apply({baseline_row()}, Source::baseline);
  for (const auto& row : story) database.apply({row}, Source::sync);
  return database.state(baseline_row().serial);
}

// Some rows come twice or three times, and all of them in any order.
Rows shuffled(const Rows& rows) {
  std::vector<size_t> order;
  for (size_t i = 0; i < rows.size(); ++i)
    order.insert(order.end(), static_cast<size_t>(*rc::gen::weightedElement<int>({{4, 1}, {1, 2}, {1, 3}})),
                 i);
  // RapidCheck shuffles by swapping; so does this, and it can make the case smaller.
  for (size_t i = 1; i < order.size(); ++i) std::swap(order[i], order[*rc::gen::inRange<size_t>(0, i + 1)]);
  Rows result;
  for (const size_t i : order) result.push_back(rows[i]);
  return result;
}

void apply_in_pages(Database& database, Rows rows) {
  while (!rows.empty()) {
    const auto size = static_cast<long>(*rc::gen::inRange<size_t>(1, rows.size() + 1));
    database.apply(Rows(rows.begin(), rows.begin() + size), Source::sync);
    rows.erase(rows.begin(), rows.begin() + size);
    if (*rc::gen::weightedElement<bool>({{5, false}, {1, true}})) database.restart();
  }
}

RC_GTEST_PROP(Ordering, AnyOrderOverPagesRunsAndRestartsEndsAsOnceInOrder, ()) {
  const bool here = *rc::gen::arbitrary<bool>();
  const Rows story = any_story(here);
  Database database;
  if (here) database.apply({baseline_row()}, Source::baseline);
  apply_in_pages(database, shuffled(story));
  RC_ASSERT(database.state(baseline_row().serial) == in_order(here, story));
}

// Who never leaves is never unknown and no tombstone, so that nothing but the row of an assignment tells of
// it.
RC_GTEST_PROP(Ordering, AnyOrderEndsAsOnceInOrderForWhoStays, ()) {
  const Rows story = any_story(true, Leaving::never);
  Database database;
  database.apply({baseline_row()}, Source::baseline);
  apply_in_pages(database, shuffled(story));
  RC_ASSERT(database.state(baseline_row().serial) == in_order(true, story));
}

RC_GTEST_PROP(Ordering, AnyOrderWithinAPageEndsAsOnceInOrder, ()) {
  const bool here = *rc::gen::arbitrary<bool>();
  const Rows story = any_story(here);
  Database database;
  if (here) database.apply({baseline_row()}, Source::baseline);
  const auto middle = static_cast<long>(*rc::gen::inRange<size_t>(0, story.size() + 1));
  database.apply(shuffled({story.begin(), story.begin() + middle}), Source::sync);
  database.restart();
  database.apply(shuffled({story.begin() + middle, story.end()}), Source::sync);
  RC_ASSERT(database.state(baseline_row().serial) == in_order(here, story));
}

RC_GTEST_PROP(Ordering, OtherDevicesOfThePageDoNotMatter, ()) {
  const Rows one = any_story(true);
  Rows other = any_story(true);
  auto baseline = baseline_row();
  baseline.serial = Serial("C00000000002");
  for (auto& row : other) row.serial = baseline.serial;
  Database database;
  database.apply({baseline_row(), baseline}, Source::baseline);
  Rows page = one;
  page.insert(page.end(), other.begin(), other.end());
  database.apply(shuffled(page), Source::sync);
  RC_ASSERT(database.state(baseline_row().serial) == in_order(true, one));
}

}  // namespace
}  // namespace muster::property
