// GET /api/v1/events: what happens, as it happens, as Server-Sent Events. A client that reconnects continues
// after the last event that it has. If the server no longer has that event, it tells the client to reload
// everything.
#include <boost/json/object.hpp>
#include <memory>

#include "api/access/sessions.h"
#include "api/handlers.h"
#include "api/live/event_text.h"
#include "api/live/live_feed.h"
#include "base/text/strings.h"
#include "model/text/words.h"

namespace muster::api::muster_v1 {
namespace {

constexpr size_t kPage = 500;                              // entries of one reading
constexpr std::string_view kComeBack = "retry: 2000\n\n";  // ms, after the connection is lost

// What happened is read from the store, up to where the live feed takes over.
class Listener final : public http::BodyStream {
 public:
  Listener(Store& store, live::LiveFeed& feed, live::LiveFilter filter)
      : store_(store), filter_(filter), place_(feed.enter(std::move(filter))) {}

  /// Behind `last`, which a client had; nothing for a client that had none.
  Result<> begin(const std::optional<std::string>& last, const std::string& server_name) {
    piece_ = kComeBack;
    if (!last) return begin_with("ready", {{"server", server_name}});
    const auto resumed = live::position_of(*last);
    if (!resumed) return begin_anew("the Last-Event-ID is none of this server's");
    position_ = *resumed;
    // Before it joins the live feed, which does not know what was before.
    MUSTER_TRY(const bool is_known, store_.read([&](Reader& r) { return follows(r); }));
    return is_known ? Result<>() : begin_anew("what happened since is no longer known");
  }

  Result<std::optional<std::string>> next() override {
    if (place_->is_over()) return std::nullopt;
    auto read = read_on();
    if (!read) return failure(read.error());
    if (piece_.empty())
      if (const auto at = place_->heartbeat()) piece_ = live::heartbeat_text(*at);
    return std::exchange(piece_, {});
  }

  void when_more(std::function<void()> wake) override { place_->when_more(std::move(wake)); }

 private:
  Result<> read_on() {
    while (piece_.empty()) {
      if (is_live_) is_live_ = take();
      if (is_live_) return {};
      is_live_ = place_->join(position_.number);
      if (is_live_) continue;
      MUSTER_TRY(const bool is_at_end, read_page());
      if (is_at_end) return {};
    }
    return {};
  }

  // False when it was too slow: what it has missed is in the store.
  bool take() {
    const auto events = place_->take();
    if (!events) return false;
    for (const auto& event : *events) {
      const bool is_known = event->position.number > 0 && event->position.number <= position_.number;
      if (is_known) continue;
      if (event->position.number > 0) position_ = event->position;
      piece_ += event->text;
    }
    return true;
  }

  Result<bool> read_page() {
    bool is_unbroken = false;
    MUSTER_TRY(const auto entries, store_.read([&](Reader& r) -> Result<std::vector<FeedEntry>> {
      MUSTER_TRY(is_unbroken, follows(r));
      return r.feed_after(position_.number, kPage);
    }));
    if (!is_unbroken) {
      MUSTER_TRY(begin_anew("what happened since is no longer known"));
      return false;
    }
    for (const auto& entry : entries) {
      position_ = entry.position;
      const bool is_of_none_there = entry.account != AccountId{} && entry.account_name.empty();
      if (!is_of_none_there && filter_.admits(entry.type, entry.account_name))
        piece_ += live::event_text(entry);
    }
    return entries.empty();
  }

  // Whether the feed has all that happened behind the position.
  Result<bool> follows(Reader& reader) const {
    return reader.feed_time(position_.number).map([&](const auto& at) { return at == position_.at; });
  }

  Result<> begin_anew(const char* why) { return begin_with("reset", {{"reason", why}}); }

  Result<> begin_with(std::string_view event, const boost::json::object& data) {
    MUSTER_TRY(position_, live::newest_position(store_));
    piece_ += live::begin_text(event, position_, data);
    return {};
  }

  Store& store_;
  const live::LiveFilter filter_;
  const std::unique_ptr<live::LiveFeed::Place> place_;
  FeedPosition position_{};  // of the last entry that was sent, or is not for it
  bool is_live_ = false;
  std::string piece_;
};

Result<std::set<FeedType>> types_in_query(const Call& call) {
  std::set<FeedType> types;
  const bool may_audit = allows(call.key.role, Role::admin) && call.key.is_for_all_accounts;
  const auto text = call.request.query.get("types");
  if (!text) {
    types.insert(kFeedTypes.begin(), kFeedTypes.end());
    if (!may_audit) types.erase(FeedType::audit);
    return types;
  }
  for (const auto& name : split_list(*text, ',')) {
    const auto type = live::feed_type_of(name);
    if (!type)
      return failure(
          Code::invalid, "\"types\" has no type of events: \"" + name + "\"",
          "Use some of state, arrivals, assignments, backfill, audit, progress, with commas between them");
    types.insert(*type);
  }
  if (types.empty())
    return failure(Code::invalid, "\"types\" names no type of events", "Leave it out for all types");
  if (types.contains(FeedType::audit) && !may_audit)
    return failure(Code::forbidden,
                   "events of the type audit need the role admin for all accounts, and the API key \"" +
                       call.key.name + "\" does not have it",
                   "Use a key that has it, or leave the type out");
  return types;
}

// "" for all that the key is for.
Result<AccountName> account_in_query(const Call& call) {
  const auto text = call.request.query.get("account");
  if (!text) return AccountName();
  const AccountName name(*text);
  if (!call.key.sees(name)) return failure(no_such_account(name));
  return account_of(call).map([](const Account& account) { return account.name; });
}

}  // namespace

Result<http::Response> get_events(const Call& call) {
  live::LiveFilter filter{.types = {}, .account = {}, .key = call.key};
  if (call.session) filter.session = digest_of_session(*call.session);
  MUSTER_TRY(filter.types, types_in_query(call));
  MUSTER_TRY(filter.account, account_in_query(call));
  const auto listener =
      std::make_shared<Listener>(call.context.unaudited_store, call.context.live_feed, std::move(filter));
  MUSTER_TRY(listener->begin(call.request.headers.get("Last-Event-ID"), call.context.server_name));
  return http::Response{.status = 200,
                        // A proxy must not wait for more before it passes something on.
                        .headers = {{"Content-Type", "text/event-stream"}, {"X-Accel-Buffering", "no"}},
                        .stream = listener};
}

}  // namespace muster::api::muster_v1
