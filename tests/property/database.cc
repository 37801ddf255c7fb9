#include "tests/property/database.h"

#include <stdexcept>

#include "base/log/log.h"
#include "base/time/rfc3339.h"
#include "model/text/words.h"
#include "sync/rules/rules.h"
#include "sync/run/page.h"
#include "tests/property/story.h"
#include "tests/support/open_store.h"

namespace muster::property {
namespace {

template <class T>
T good(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace

Database::Database() {
  log::set_level(log::Level::error);
  restart();
  account_ = good(
      store_->write(installation, [](Writer& writer) { return writer.create_account(kDefaultAccount); }));
  Account account;
  account.id = account_;
  good(sync::apply_rule(*store_, account, {.filter = "*", .profile = ProfileUuid("RULE")}, {.now = kBegin}));
}

void Database::restart() {
  store_.reset();
  store_ = good(test::open_store(directory_.path()));
}

void Database::apply(std::vector<DeviceReport> rows, assign::Source source) {
  const sync::PageInput input{.account = account_, .source = source, .now = kBegin + std::chrono::hours(1)};
  good(store_->write(installation,
                     [&](Writer& writer) { return sync::apply_rows(writer, input, std::move(rows)); }));
}

std::string Database::state(const Serial& serial) {
  return good(store_->read([&](Reader& reader) -> Result<std::string> {
    MUSTER_TRY(const auto found, reader.devices(account_, std::span(&serial, 1)));
    if (found.empty()) return "unknown";
    const Device& device = found.front();
    MUSTER_TRY(const auto work, reader.assignment(device.id));
    std::string text = device.tombstone ? "gone" : "here";
    text += device.last_op_date ? " since " + format_rfc3339(*device.last_op_date) : "";
    if (!device.tombstone)
      text += ", shows " + device.facts.profile_status + " " + device.facts.profile_uuid.str() + " " +
              device.facts.model;
    text += ", wanted by " + std::string(word(device.desired.by)) + " " + device.desired.profile.str();
    return text + (work ? ", work " + work->profile.str() : "");
  }));
}

}  // namespace muster::property
