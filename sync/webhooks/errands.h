// The webhooks' sender: an errand for each receiver (errand.h). One thread looks for what is new in the feed,
// and for receivers that came or went, once a second: there may be other servers.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "store/store.h"
#include "sync/webhooks/errand.h"
#include "sync/webhooks/postman.h"

namespace muster::sync {

class Errands {
 public:
  /// The store and the clock must outlive it. `allow_private`: see Postman.
  Errands(Store& store, Clock& clock, bool allow_private);
  ~Errands();
  Errands(const Errands&) = delete;
  Errands& operator=(const Errands&) = delete;

  /// An operator has changed something: looks at once. Any thread.
  void look();
  bool allows_private() const { return postman_.allows_private(); }
  /// Sends a test message now, whatever the status of the receiver is. Any thread.
  Result<ReceiverAnswer> test(const Receiver& receiver, std::stop_token stop);

 private:
  void work(const std::stop_token& ends);
  Result<> look_once();

  Store& store_;
  Clock& clock_;
  Postman postman_;
  LastNews news_;
  const std::int64_t sender_;  // random
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool has_changed_ = false;
  // Of the thread.
  std::map<ReceiverId, std::unique_ptr<Errand>> errands_;
  std::map<ReceiverId, long long> revisions_;
  std::int64_t newest_ = -1;  // number of an entry
  bool is_failing_ = false;
  std::jthread thread_;
};

}  // namespace muster::sync
