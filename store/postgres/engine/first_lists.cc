#include "store/postgres/engine/first_lists.h"

#include <algorithm>

namespace muster::postgres {
namespace {

// The memory of all: the first 32,768 serials of an account take 51 KB, a million 1.6 MB.
constexpr size_t kMostLists = 32;
constexpr long long kMostSerials = 4'000'000;

template <class Lists>
auto find(Lists& lists, AccountId account, long long epoch) {
  const auto found = std::find_if(lists.begin(), lists.end(), [&](const auto& list) {
    return list.account == account && list.epoch == epoch;
  });
  return found == lists.end() ? nullptr : &*found;
}

}  // namespace

std::vector<Serial> FirstLists::may_have(AccountId account, long long epoch,
                                         std::span<const Serial> serials) const {
  const std::lock_guard lock(mutex_);
  const auto* const list = find(lists_, account, epoch);
  if (!list) return {serials.begin(), serials.end()};
  std::vector<Serial> known;
  std::copy_if(serials.begin(), serials.end(), std::back_inserter(known),
               [&](const Serial& serial) { return list->serials.may_have(account, serial.str()); });
  return known;
}

bool FirstLists::is_known(AccountId account, long long epoch) const {
  const std::lock_guard lock(mutex_);
  return find(lists_, account, epoch) != nullptr;
}

void FirstLists::begin(AccountId account, long long epoch) {
  const std::lock_guard lock(mutex_);
  drop(account);
  if (lists_.size() == kMostLists) lists_.pop_front();
  lists_.push_back({.account = account, .epoch = epoch});
}

void FirstLists::add(AccountId account, long long epoch, std::span<const Device* const> devices) {
  const std::lock_guard lock(mutex_);
  auto* const list = find(lists_, account, epoch);
  if (!list) return;
  for (const Device* const device : devices) list->serials.add(account, device->serial.str());
  list->count += static_cast<long long>(devices.size());
  if (list->count > kMostSerials) drop(account);
}

void FirstLists::forget(AccountId account) {
  const std::lock_guard lock(mutex_);
  drop(account);
}

void FirstLists::drop(AccountId account) {
  std::erase_if(lists_, [&](const List& list) { return list.account == account; });
}

}  // namespace muster::postgres
