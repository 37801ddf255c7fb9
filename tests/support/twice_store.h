// A store that runs every function of a write twice, as the contract allows: the first time all is undone.
// What the suites expect must come true all the same.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "store/store.h"

namespace muster::test {

class TwiceStore final : public Store {
 public:
  explicit TwiceStore(std::unique_ptr<Store> inner) : inner_(std::move(inner)) {}

  std::uint64_t revision() const override { return inner_->revision(); }
  std::uint64_t key_revision() const override { return inner_->key_revision(); }
  std::optional<Error> trouble() const override { return inner_->trouble(); }
  Result<> check() override { return inner_->check(); }
  SharedStore* shared() override { return inner_->shared(); }
  CopyMaker* copies() override { return inner_->copies(); }

 private:
  Result<> do_read(FunctionRef<void(Reader&)> fn) override {
    return inner_->read([&](Reader& reader) -> Result<> {
      fn(reader);
      return {};
    });
  }

  Result<> do_try_out(FunctionRef<void(Writer&)> fn) override {
    return inner_->try_out([&](Writer& writer) -> Result<> {
      fn(writer);
      return {};
    });
  }

  Result<> do_write(WriteScope scope, Durability durability, WriteFunction fn) override {
    bool kept_first = false, kept = false, has_run = false;
    const auto first = [&](Writer& writer) -> Result<> {
      kept_first = fn(writer, Run::may_repeat);
      return failure(Code::cancelled, "it runs again");
    };
    const auto second = [&](Writer& writer) -> Result<> {
      has_run = true;
      kept = fn(writer, scope.is_patient() ? Run::may_repeat : Run::last);
      return kept ? Result<>() : failure(Code::cancelled, "it is undone");
    };
    const bool is_later = durability == Durability::later;
    (void)(is_later ? inner_->write_in_passing(scope, first) : inner_->write(scope, first));
    auto done = is_later ? inner_->write_in_passing(scope, second) : inner_->write(scope, second);
    EXPECT_EQ(kept_first, kept) << "the second run of a write ended otherwise than the first";
    return kept || !has_run ? done : Result<>();
  }

  const std::unique_ptr<Store> inner_;
};

}  // namespace muster::test
