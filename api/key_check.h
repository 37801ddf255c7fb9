// Whose request it is: finds the key that it carries, or the answer that refuses it.
//
// A key is looked up by its id and kept in memory until keys change anywhere (Store::key_revision()), but for
// a second at most: another server's change may go unheard while the connection to the database is lost.
// Behind the requests a thread stores where keys were used, logs wrong ones and, while somebody guesses,
// knows all keys: so that no bodies are read for guesses.
//
// A browser has a cookie in place of the key (access/session_cookie.h), which names its key and is signed
// (access/sessions.h), until somebody signs out (access/ended_sessions.h).
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <tl/expected.hpp>
#include <unordered_map>

#include "api/access/ended_sessions.h"
#include "api/access/key_uses.h"
#include "api/access/sessions.h"
#include "api/access/wrong_keys.h"
#include "base/guarded.h"
#include "http/message.h"
#include "store/store.h"

namespace muster::api {

using KeyPtr = std::shared_ptr<const ApiKey>;

/// Who makes a request.
struct Caller {
  KeyPtr key;
  std::optional<Session> session = {};  ///< when a cookie stands for the key
};

/// The name of the key that the server was started with: no stored key can have it.
inline constexpr const char* kFlagKeyName = "-api-key";

class KeyCheck {
 public:
  /// `flag_key`: the text of a key that may do everything. Store and clock must outlive it.
  KeyCheck(Store& store, const Clock& clock, std::string flag_key);
  ~KeyCheck();
  KeyCheck(const KeyCheck&) = delete;
  KeyCheck& operator=(const KeyCheck&) = delete;

  /// The key, or the answer: 401, 403 for a change by a cookie without the console's token, 429 for an
  /// address with too many wrong keys, or that of an error of the store.
  tl::expected<Caller, http::Response> caller_of(const http::Request& request);

  /// Signs in with this key, which caller_of() gave.
  Session open_session(const ApiKey& key);

  /// Before the body is read, on the thread that reads for all: looks nothing up in the store. The answer,
  /// when it is certain that there will be one of these; from an address with too many wrong keys, also for a
  /// key that was not there a second ago.
  std::optional<http::Response> refuse_early(const http::Request& head);

 private:
  struct Known {
    KeyPtr key;
    std::uint64_t revision = 0;
    Tick read{};
  };

  tl::expected<KeyPtr, http::Response> key_of_text(const http::Request& request, const std::string& text);
  tl::expected<Caller, http::Response> caller_of_session(const http::Request& request,
                                                         const std::string& text);
  std::string digest_of(const ApiKey& key) const;
  std::optional<http::Response> refuse_early_by_cookie(const http::Request& head) const;
  Result<KeyPtr> look_up(const KeyId& id);
  http::Response wrong(const http::Request& request, const char* why);
  void used(const ApiKey& key, const http::Request& request);
  void keep_books(const std::stop_token& ends);
  void wake();
  Result<> store_uses();
  Result<> read_all_keys();

  Store& store_;
  const Clock& clock_;
  const std::string flag_key_;
  const KeyPtr flag_;
  Guarded<std::unordered_map<std::string, Known>> known_;
  Sessions sessions_;
  EndedSessions ended_sessions_;
  KeyUses uses_;
  WrongKeys wrong_keys_;
  std::mutex mutex_;
  std::condition_variable_any has_work_;
  bool is_woken_ = false;  // guarded by mutex_
  std::jthread books_;     // the last: it uses the others
};

}  // namespace muster::api
