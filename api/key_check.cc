#include "api/key_check.h"

#include "api/access/session_cookie.h"
#include "api/answer.h"
#include "api/auth.h"
#include "base/log/log.h"
#include "base/text/strings.h"
#include "base/threads/contain.h"
#include "base/time/rfc3339.h"
#include "model/text/key_text.h"
#include "sync/accounts/api_keys.h"

namespace muster::api {
namespace {

constexpr Millis kLongestKept = std::chrono::seconds(1);
constexpr size_t kMostKept = 2 * sync::kMostApiKeys;
constexpr std::chrono::seconds kBetweenLooks(10);    // at wrong keys that were not told
constexpr std::chrono::seconds kWhileOneGuesses(1);  // between two looks at all keys

constexpr const char* kMissing =
    "this call needs an API key. Send it as the password of Basic authentication, with any user name, or as "
    "`Authorization: Bearer KEY`";
constexpr const char* kWrong = "the API key is wrong";
constexpr const char* kSignedOut =
    "you are signed out: the session is over, or its API key was changed, removed or has expired";
constexpr const char* kDamaged = "the API key is damaged: it has a typo, or a part of it is missing";

KeyPtr key_of_flag() {
  return std::make_shared<const ApiKey>(ApiKey{.name = kFlagKeyName, .role = Role::admin});
}

bool changes_something(const http::Request& request) {
  return request.method != "GET" && request.method != "HEAD";
}

// A request that rests on a cookie, and may be made by any page.
bool may_be_foreign(const http::Request& request, std::string_view session_text) {
  return is_of_another_site(request) ||
         (changes_something(request) && !shows_csrf_token(request, session_text));
}

http::Response not_of_the_console() {
  return refusal(
      403,
      "the request has the cookie of a session, but does not come from the console: a change needs the session's "
      "token in the header X-Muster-CSRF. Programs send an API key instead");
}

}  // namespace

KeyCheck::KeyCheck(Store& store, const Clock& clock, std::string flag_key)
    : store_(store),
      clock_(clock),
      flag_key_(std::move(flag_key)),
      flag_(key_of_flag()),
      sessions_(flag_key_),
      ended_sessions_(store, clock),
      wrong_keys_([](const std::string& address, long long count) {
        log::warn("api.wrong_keys", {{"peer", address}, {"count", count}});
      }),
      books_([this](const std::stop_token& ends) { keep_books(ends); }) {}

KeyCheck::~KeyCheck() = default;

tl::expected<Caller, http::Response> KeyCheck::caller_of(const http::Request& request) {
  if (const auto text = key_in(request))
    return key_of_text(request, *text).map([](KeyPtr key) { return Caller{.key = std::move(key)}; });
  if (const auto text = session_text_in(request)) return caller_of_session(request, *text);
  return tl::make_unexpected(unauthorized(kMissing));
}

tl::expected<KeyPtr, http::Response> KeyCheck::key_of_text(const http::Request& request,
                                                           const std::string& text) {
  if (equals_constant_time(text, flag_key_)) return flag_;
  const auto read = read_key_text(text);
  if (read.form != ReadKeyText::Form::whole)
    return tl::make_unexpected(wrong(request, read.form == ReadKeyText::Form::damaged ? kDamaged : kWrong));
  const auto key = look_up(read.id);
  if (!key) return tl::make_unexpected(error_answer(key.error()));
  if (!*key || !equals_constant_time(digest_of_key(text), (*key)->digest))
    return tl::make_unexpected(wrong(request, kWrong));
  const auto& expires = (*key)->expires_at;
  if (expires && *expires <= clock_.now())
    return tl::make_unexpected(unauthorized(
        "the API key \"" + (*key)->name + "\" expired at " + format_rfc3339(*expires) +
        ". An admin can renew it: `mdmctl apply api-key -name " + (*key)->name + " -expires 90d`"));
  used(**key, request);
  return *key;
}

// A session that is over is no guess: its browser may come back at any time.
tl::expected<Caller, http::Response> KeyCheck::caller_of_session(const http::Request& request,
                                                                 const std::string& text) {
  if (may_be_foreign(request, text)) return tl::make_unexpected(not_of_the_console());
  auto session = Sessions::read(text, clock_.now());
  if (!session) return tl::make_unexpected(unauthorized(kSignedOut));
  auto key = session->key.empty() ? Result<KeyPtr>(flag_) : look_up(session->key);
  if (!key) return tl::make_unexpected(error_answer(key.error()));
  if (!*key) return tl::make_unexpected(unauthorized(kSignedOut));
  const auto& expires = (*key)->expires_at;
  if (expires && *expires <= clock_.now()) return tl::make_unexpected(unauthorized(kSignedOut));
  if (!sessions_.is_genuine(*session, digest_of(**key)))
    return tl::make_unexpected(wrong(request, kSignedOut));
  const auto has_ended = ended_sessions_.contains(*session);
  if (!has_ended) return tl::make_unexpected(error_answer(has_ended.error()));
  if (*has_ended) return tl::make_unexpected(unauthorized(kSignedOut));
  if (!session->key.empty()) used(**key, request);
  return Caller{.key = *std::move(key), .session = std::move(session)};
}

Session KeyCheck::open_session(const ApiKey& key) {
  return sessions_.open(key, digest_of(key), clock_.now());
}

std::string KeyCheck::digest_of(const ApiKey& key) const {
  return key.id.empty() ? digest_of_key(flag_key_) : key.digest;
}

std::optional<http::Response> KeyCheck::refuse_early(const http::Request& head) {
  const auto text = key_in(head);
  if (!text) return refuse_early_by_cookie(head);
  if (equals_constant_time(*text, flag_key_)) return std::nullopt;
  const auto read = read_key_text(*text);
  if (read.form == ReadKeyText::Form::foreign) return wrong(head, kWrong);
  if (read.form == ReadKeyText::Form::damaged) return wrong(head, kDamaged);
  const auto wait = wrong_keys_.wait_of(head.peer, clock_.steady());
  if (!wait) return std::nullopt;
  const auto digest = digest_of_key(*text);
  const bool is_known = known_.with([&](const auto& known) {
    const auto found = known.find(read.id.str());
    return found != known.end() && equals_constant_time(digest, found->second.key->digest);
  });
  if (is_known) return std::nullopt;
  return throttled("too many wrong API keys came from this address", *wait);
}

std::optional<http::Response> KeyCheck::refuse_early_by_cookie(const http::Request& head) const {
  const auto text = session_text_in(head);
  if (!text) return unauthorized(kMissing);
  if (may_be_foreign(head, *text)) return not_of_the_console();
  if (!Sessions::read(*text, clock_.now())) return unauthorized(kSignedOut);
  if (const auto wait = wrong_keys_.wait_of(head.peer, clock_.steady()))
    return throttled("too many wrong API keys came from this address", *wait);
  return std::nullopt;
}

// Unknown ones are not kept: there is no end of them.
Result<KeyPtr> KeyCheck::look_up(const KeyId& id) {
  const auto revision = store_.key_revision();  // before it is read
  const Tick now = clock_.steady();
  auto kept = known_.with([&](const auto& known) -> KeyPtr {
    const auto found = known.find(id.str());
    if (found == known.end() || found->second.revision != revision) return nullptr;
    return now - found->second.read < kLongestKept ? found->second.key : nullptr;
  });
  if (kept) return kept;
  MUSTER_TRY(auto stored, store_.read([&](Reader& reader) { return reader.api_key(id); }));
  if (!stored) return KeyPtr();
  auto key = std::make_shared<const ApiKey>(std::move(*stored));
  known_.with([&](auto& known) {
    if (known.size() >= kMostKept) known.clear();
    known[id.str()] = {key, revision, now};
  });
  return key;
}

http::Response KeyCheck::wrong(const http::Request& request, const char* why) {
  const auto wait = wrong_keys_.add(request.peer, clock_.steady());
  if (!wait) return unauthorized(why);
  wake();
  return throttled(std::string(why) + ", and too many wrong ones came from this address", *wait);
}

void KeyCheck::used(const ApiKey& key, const http::Request& request) {
  if (uses_.add(key, request.peer, clock_.now())) wake();
}

void KeyCheck::wake() {
  const std::lock_guard lock(mutex_);
  is_woken_ = true;
  has_work_.notify_all();
}

// What fails is tried again, or is no loss: the store says what is wrong with it.
void KeyCheck::keep_books(const std::stop_token& ends) {
  while (!ends.stop_requested()) {
    const bool one_guesses = wrong_keys_.has_refused(clock_.steady());
    if (one_guesses) (void)contain(Place::handler, [this] { return read_all_keys(); });
    {
      std::unique_lock lock(mutex_);
      if (one_guesses)  // with a rest, however many guesses come
        has_work_.wait_for(lock, ends, kWhileOneGuesses, [] { return false; });
      else
        has_work_.wait_for(lock, ends, kBetweenLooks, [this] { return is_woken_; });
      is_woken_ = false;
    }
    wrong_keys_.tell_rest(clock_.steady());
    (void)contain(Place::handler, [this] { return store_uses(); });
  }
  wrong_keys_.tell_rest(Tick::max());
}

Result<> KeyCheck::read_all_keys() {
  const auto revision = store_.key_revision();
  const Tick now = clock_.steady();
  MUSTER_TRY(auto keys, store_.read([](Reader& reader) { return reader.api_keys(); }));
  known_.with([&](auto& known) {
    known.clear();
    for (auto& key : keys) {
      const std::string id(key.id.str());
      known[id] = {std::make_shared<const ApiKey>(std::move(key)), revision, now};
    }
  });
  return {};
}

Result<> KeyCheck::store_uses() {
  const auto uses = uses_.take();
  if (uses.empty()) return {};
  return store_.write(installation, [&](Writer& writer) -> Result<> {
    for (const auto& [key, use] : uses) MUSTER_TRY(writer.put_key_use(key, use));
    return {};
  });
}

}  // namespace muster::api
