#include "fuzz/world.h"

#include "apple/session/token.h"
#include "base/log/log.h"
#include "fuzz/check.h"
#include "store/sqlite/open.h"

namespace muster::fuzz {

const KeyPair& key_pair() {
  static const KeyPair kPair = [] {
    auto pair = apple::make_key_pair("fuzz", Time(), 365);
    check(pair.has_value(), "a key pair can be made");
    return *std::move(pair);
  }();
  return kPair;
}

World::World() {
  log::set_level(log::Level::error);
  auto opened = sqlite::open(directory.path());
  check(opened.has_value(), "a store can be made", opened ? "" : opened.error().text());
  store = std::move(*opened);
  const auto created =
      store->write(installation, [](Writer& writer) { return writer.create_account(kDefaultAccount); });
  check(created.has_value(), "an account can be made");
  account = *created;
}

}  // namespace muster::fuzz
