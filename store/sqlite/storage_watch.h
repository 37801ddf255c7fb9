// What the disk says while something is written.
#pragma once

#include "base/threads/contain.h"
#include "store/sqlite/engine/database.h"
#include "store/storage_trouble.h"

namespace muster::sqlite {

/// Around a write: when it goes, what the disk said meanwhile is the store's trouble.
class StorageWatch {
 public:
  StorageWatch(StorageTrouble& trouble, Database& writer) : trouble_(trouble), writer_(writer) {}
  ~StorageWatch() {
    (void)contain(Place::run, [&] {
      if (auto error = writer_.take_storage_error()) trouble_.begin(std::move(*error));
    });
  }
  StorageWatch(const StorageWatch&) = delete;
  StorageWatch& operator=(const StorageWatch&) = delete;

 private:
  StorageTrouble& trouble_;
  Database& writer_;
};

}  // namespace muster::sqlite
