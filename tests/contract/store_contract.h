// The battery that every store must pass: what store/store.h promises, promise by promise.
//
// A backend joins by one INSTANTIATE_TEST_SUITE_P with a way to open a store in a directory, twice in a row
// on the same one (see sqlite_store_test.cc).
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "store/store.h"
#include "tests/support/temp_dir.h"

namespace muster::test {

/// With milliseconds, which a store must keep.
inline const Time kNow = from_millis(1'772'355'600'123);

struct Backend {
  std::string name;
  std::function<Result<std::unique_ptr<Store>>(const std::string& directory)> open;

  friend void PrintTo(const Backend& backend, std::ostream* out) { *out << backend.name; }
};

/// Stores a new one, whatever id an earlier run of the write's function has given it.
inline Result<> put_new(Writer& writer, SerialList& list) {
  list.id = {};
  return writer.put_serial_list(list);
}
inline Result<> put_new(Writer& writer, Rule& rule) {
  rule.id = {};
  return writer.put_rule(rule);
}

class StoreContract : public testing::TestWithParam<Backend> {
 protected:
  void SetUp() override { open(); }

  /// Closes the store and opens it again, as a restart does.
  void reopen() {
    store_.reset();
    open();
  }

  Store& store() { return *store_; }

  template <class Fn>
  auto read(Fn fn) {
    auto result = store().read(fn);
    EXPECT_TRUE(result) << result.error().text();
    return *result;
  }
  /// Writes and expects it to be kept.
  template <class Fn>
  void write(Fn fn) {
    auto result = store().write(installation, fn);
    ASSERT_TRUE(result) << result.error().text();
  }

  AccountId make_account(const std::string& name = "default");
  Device make_device(AccountId account, const std::string& serial);
  Assignment make_assignment(const Device& device, const std::string& profile, Time next_try);

 private:
  void open() {
    auto opened = GetParam().open(directory_.path());
    ASSERT_TRUE(opened) << opened.error().text();
    store_ = std::move(*opened);
  }

  TempDir directory_;
  std::unique_ptr<Store> store_;
};

}  // namespace muster::test
