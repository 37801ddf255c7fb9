// From where which key was used today: each place is stored once a day, behind the requests.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/guarded.h"
#include "model/api_key.h"

namespace muster::api {

class KeyUses {
 public:
  struct Use {
    KeyId key;
    KeyUse use;
  };
  /// More places than this are forgotten for the day.
  static constexpr size_t kMostPlaces = 10'000;

  /// True when it is to be stored.
  bool add(const ApiKey& key, const std::string& address, Time now);
  /// What is to be stored, each once.
  std::vector<Use> take();

 private:
  struct Today {
    Time day{};
    std::set<std::pair<KeyId, std::string>> places;
    std::vector<Use> to_store;
  };
  Guarded<Today> today_;
};

}  // namespace muster::api
