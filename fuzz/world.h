// What the fuzz targets that need a database share: a store with one account, its key pair the same for ever.
#pragma once

#include <memory>

#include "store/store.h"
#include "tests/support/temp_dir.h"

namespace muster::fuzz {

/// fuzz/keys/, made once: no input that opens with it may stop to.
const KeyPair& key_pair();

struct World {
  /// In a directory of its own below TMPDIR, which ./dev fuzz puts into memory.
  World();

  test::TempDir directory;
  std::unique_ptr<Store> store;
  AccountId account{};
};

}  // namespace muster::fuzz
