#include "fuzz/world.h"

#include "base/log/log.h"
#include "base/os/files.h"
#include "fuzz/check.h"
#include "store/sqlite/open.h"
#include "tests/support/places.h"

namespace muster::fuzz {

const KeyPair& key_pair() {
  static const KeyPair kPair = [] {
    const auto certificate = read_file(test::source("fuzz/keys/certificate.pem"));
    const auto key = read_file(test::source("fuzz/keys/private_key.pem"));
    check(certificate && key, "fuzz/keys/ is there");
    return KeyPair{*certificate, *key};
  }();
  return kPair;
}

World::World() {
  log::set_level(log::Level::error);
  auto opened = sqlite::open(directory.path());
  check(opened.has_value(), "a store can be made", opened ? "" : opened.error().text());
  store = std::move(*opened);
  const auto created = store->write([](Writer& writer) { return writer.create_account(kDefaultAccount); });
  check(created.has_value(), "an account can be made");
  account = *created;
}

}  // namespace muster::fuzz
