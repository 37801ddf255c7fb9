// What storing the devices of a first full list costs Muster's store alone: the rows, their history, the
// cursor, a transaction a page, as a run stores them. Nothing is decided, and pages are fetched and read
// while the watch stands.
//
//   limit_store http://127.0.0.1:PORT DIRECTORY      prints seconds
#include <fmt/format.h>

#include <stdexcept>

#include "apple/answers/decode.h"
#include "base/log/log.h"
#include "bench/apple_line.h"
#include "bench/measure.h"
#include "store/sqlite/open.h"

namespace {

using namespace muster;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  return std::move(*result);
}

// Ready to be stored, but for their ids.
std::vector<Device> devices_of(apple::DevicePage page, AccountId account, Time now) {
  std::vector<Device> devices(page.devices.size());
  for (size_t i = 0; i < devices.size(); ++i) {
    devices[i].account = account;
    devices[i].serial = std::move(page.devices[i].serial);
    devices[i].facts = std::move(page.devices[i].facts);
    devices[i].first_seen = now;
  }
  return devices;
}

Result<> store_page(Writer& writer, std::vector<Device>& devices, const SyncState& state) {
  std::vector<Serial> serials;
  for (const auto& device : devices) serials.push_back(device.serial);
  MUSTER_TRY(const auto known, writer.devices(devices.front().account, serials));
  std::vector<Device*> rows;
  for (auto& device : devices) {
    MUSTER_TRY(device.id, writer.next_device_id());
    rows.push_back(&device);
    device.baseline = ProfileShown{device.facts.profile_status, device.facts.profile_uuid};
  }
  MUSTER_TRY(writer.insert_devices(rows));
  return writer.put_sync_state(devices.front().account, state);
}

double seconds_of_storing(const std::string& url, const std::string& directory) {
  bench::AppleLine apple(url);
  const auto store = must(sqlite::open(directory));
  const auto account =
      must(store->write(installation, [](Writer& w) { return w.create_account(kDefaultAccount); }));
  const Time now = SystemClock().now();
  double seconds = 0;
  SyncState state;
  for (bool more = true; more;) {
    const std::string text(apple.call("POST", "/server/devices", bench::page_request(state.list.str())));
    auto page = must(apple::decode_page(text));
    state.list = page.cursor;
    more = page.more_to_follow;
    auto devices = devices_of(std::move(page), account, now);
    const bench::Stopwatch watch;
    if (!devices.empty()) {
      const auto stored = store->write_in_passing(
          installation, [&](Writer& writer) { return store_page(writer, devices, state); });
      if (!stored) throw std::runtime_error(stored.error().text());
    }
    seconds += watch.seconds();
  }
  return seconds;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) throw std::runtime_error("usage: limit_store URL DIRECTORY");
  log::set_level(log::Level::warn);
  fmt::print("{:.3f}\n", seconds_of_storing(argv[1], argv[2]));
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "limit_store: {}\n", error.what());
  return 1;
}
