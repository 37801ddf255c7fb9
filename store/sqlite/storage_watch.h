// What the disk says while something is written.
#pragma once

#include "base/threads/contain.h"
#include "store/sqlite/engine/database.h"
#include "store/storage_trouble.h"

namespace muster::sqlite {

/// Around a write: when it goes, what the disk said meanwhile is the store's trouble, and `is_trouble` is
/// true.
class StorageWatch {
 public:
  StorageWatch(StorageTrouble& trouble, Database& writer, bool& is_trouble)
      : trouble_(trouble), writer_(writer), is_trouble_(is_trouble) {}
  ~StorageWatch() {
    (void)contain(Place::run, [&] {
      auto error = writer_.take_storage_error();
      is_trouble_ = error.has_value();
      if (error) trouble_.begin(std::move(*error));
    });
  }
  StorageWatch(const StorageWatch&) = delete;
  StorageWatch& operator=(const StorageWatch&) = delete;

 private:
  StorageTrouble& trouble_;
  Database& writer_;
  bool& is_trouble_;
};

}  // namespace muster::sqlite
