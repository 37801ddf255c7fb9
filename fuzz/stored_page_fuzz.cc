// Apple's pages through the decoder into the database: what a page says is what is stored, its cursor comes
// back as it was given, and the same page once more changes nothing.
#include <map>
#include <set>

#include "apple/answers/decode.h"
#include "apple/answers/json_document.h"
#include "fuzz/check.h"
#include "fuzz/world.h"
#include "sync/run/page.h"

namespace {

using namespace muster;
using fuzz::check;
using Operation = DeviceReport::Operation;

const Time kNow = from_millis(1'772'355'600'000);
const ProfileUuid kRule("43277A13FBCA0CFC");

// The same page as a full list has it: each device once, and no operations.
std::vector<DeviceReport> as_list(std::vector<DeviceReport> rows) {
  std::set<Serial> seen;
  std::erase_if(rows, [&](const DeviceReport& row) { return !seen.insert(row.serial).second; });
  for (auto& row : rows) {
    row.operation = Operation::none;
    row.op_date.reset();
  }
  return rows;
}

struct Serials {
  std::vector<Serial> all;
  std::map<Serial, std::vector<DeviceReport>> rows;
  bool ordered = true;  ///< every operation has a date of its own: the outcome does not hang on luck
};

Serials serials_of(const std::vector<DeviceReport>& rows) {
  Serials serials;
  for (const auto& row : rows) {
    auto& of_one = serials.rows[row.serial];
    if (of_one.empty()) serials.all.push_back(row.serial);
    if (row.operation != Operation::none && !row.op_date) serials.ordered = false;
    for (const auto& other : of_one)
      serials.ordered &= other.op_date != row.op_date && row.operation != Operation::none &&
                         other.operation != Operation::none;
    of_one.push_back(row);
  }
  return serials;
}

std::map<Serial, Device> stored(Writer& writer, AccountId account, const Serials& serials) {
  const auto devices = writer.devices(account, serials.all);
  check(devices.has_value(), "devices can be read");
  std::map<Serial, Device> found;
  for (const auto& device : *devices) found.emplace(device.serial, device);
  return found;
}

sync::PageOutcome apply(Writer& writer, const sync::PageInput& input, const std::vector<DeviceReport>& rows) {
  auto outcome = sync::apply_rows(writer, input, rows);
  check(outcome.has_value(), "a page can be stored", outcome ? "" : outcome.error().text());
  return std::move(*outcome);
}

void check_devices(Writer& writer, const Serials& serials, const std::map<Serial, Device>& devices) {
  for (const auto& [serial, rows] : serials.rows) {
    const auto found = devices.find(serial);
    check(found != devices.end(), "every serial of a page is stored", serial.str());
    const Device& device = found->second;
    if (rows.size() == 1 && rows[0].operation != Operation::deleted)
      check(device.facts == rows[0].facts, "a device is stored as the page has it", serial.str());
    const auto assignment = writer.assignment(device.id);
    check(assignment.has_value(), "an assignment can be read");
    const bool wanting = !device.tombstone && !device.desired.profile.empty();
    check(assignment->has_value() == (wanting && !device.facts.has_profile(device.desired.profile)),
          "there is work for those, and only those, without the profile they should have", serial.str());
  }
}

void check_cursor(Writer& writer, AccountId account, const Cursor& cursor) {
  SyncState state;
  state.changes = cursor;
  state.baseline_done = true;
  check(writer.put_sync_state(account, state).has_value(), "a cursor can be stored");
  const auto again = writer.sync_state(account);
  check(again && *again == state, "a cursor comes back as it was given");
  std::string body = "{\"cursor\":";
  apple::append_json(body, again->changes.str());
  const auto sent = apple::JsonDocument::parse(body + '}');
  check(sent && apple::find_text((*sent)->root(), "cursor") == cursor.str(), "and goes out as it came");
}

void try_page(const std::vector<DeviceReport>& rows, assign::Source source, const Cursor& cursor) {
  static fuzz::World world;
  const Serials serials = serials_of(rows);
  const sync::PageInput input{.account = world.account, .source = source, .now = kNow};
  const auto undone = world.store->write(installation, [&](Writer& writer) -> Result<> {
    Rule star{.account = world.account, .filter = "*", .profile = kRule, .created_at = kNow};
    check(writer.put_rule(star).has_value(), "a rule can be stored");
    apply(writer, input, rows);
    const auto first = stored(writer, world.account, serials);
    check_devices(writer, serials, first);
    check_cursor(writer, world.account, cursor);
    if (serials.ordered) {
      check(apply(writer, input, rows).arrivals == 0, "a page that comes again brings no arrivals");
      check(stored(writer, world.account, serials) == first, "and changes nothing");
    }
    return failure(Code::cancelled, "undone, so that each input finds the same database");
  });
  check(!undone && undone.error().code == Code::cancelled, "a transaction can be undone");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const auto page = apple::decode_page(fuzz::text_of(data, size));
  if (!page) return 0;
  try_page(page->devices, assign::Source::sync, page->cursor);
  try_page(as_list(page->devices), assign::Source::refetch, page->cursor);
  return 0;
}
