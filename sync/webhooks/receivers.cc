#include "sync/webhooks/receivers.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cstring>
#include <limits>

#include "base/log/log.h"
#include "base/text/encoding.h"
#include "base/text/json.h"
#include "base/time/rfc3339.h"
#include "http/client/no_answer.h"
#include "http/client/public_address.h"
#include "http/url.h"
#include "model/text/words.h"
#include "sync/webhooks/message.h"
#include "sync/webhooks/signature.h"
#include "sync/webhooks/topics.h"

namespace muster::sync {
namespace {

constexpr size_t kEntriesAtOnce = 100;

tl::unexpected<Error> no_such_webhook(const std::string& name) {
  return failure(Code::not_found, "there is no webhook with the name \"" + name + "\"",
                 "`mdmctl get webhooks` lists the webhooks");
}

Result<Receiver> named_in(Reader& reader, const std::string& name) {
  MUSTER_TRY(auto receiver, reader.receiver(name));
  if (!receiver) return no_such_webhook(name);
  return *std::move(receiver);
}

// Positive, and never another's.
ReceiverId new_receiver_id() {
  const auto bytes = random_bytes(sizeof(std::int64_t));
  std::int64_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof number);
  return static_cast<ReceiverId>(number & std::numeric_limits<std::int64_t>::max());
}

// For the audit: no URL, which may have a secret in it.
std::string receiver_as_json(const Receiver& receiver) {
  boost::json::array topics, accounts;
  for (const auto& topic : receiver.topics) topics.emplace_back(topic);
  for (const auto& account : receiver.accounts) accounts.emplace_back(account.str());
  return write_json(boost::json::object{{"host", http::host_of(receiver.url)},
                                        {"format", std::string(word(receiver.format))},
                                        {"topics", std::move(topics)},
                                        {"accounts", std::move(accounts)},
                                        {"status", std::string(word(receiver.status))}});
}

Result<> check_receiver_url(const std::string& url, bool allow_private) {
  MUSTER_TRY(http::check_url(url));
  std::string host = http::host_of(url);
  if (const auto end = host.find(']'); host.starts_with('[') && end != std::string::npos)
    host = host.substr(1, end - 1);
  else
    host.resize(std::min(host.size(), host.find(':')));
  const auto literal = http::parse_ip(host);
  if (allow_private || !literal || http::is_public(*literal)) return {};
  return failure(Code::invalid, "the URL has the private address " + host,
                 "Start the server with -webhook-allow-private, if webhooks may reach your own network");
}

// Behind everything that is committed.
Result<FeedPosition> end_of_feed(Writer& writer) {
  MUSTER_TRY(writer.number_feed());
  MUSTER_TRY(const auto ends, writer.feed_ends());
  return ends.newest;
}

Result<Receiver> new_receiver(Writer& writer, const std::string& name, const ReceiverChange& change,
                              Time now) {
  if (!change.url)
    return failure(Code::invalid,
                   "there is no webhook with the name \"" + name + "\", and a new one needs a URL",
                   "Say where to send to: \"url\", or -url");
  MUSTER_TRY(const auto all, writer.receivers());
  if (all.size() >= kMostReceivers)
    return failure(Code::conflict,
                   "there are " + std::to_string(all.size()) + " webhooks, as many as there can be",
                   "Remove one that nobody uses");
  Receiver receiver{.id = new_receiver_id(), .name = name, .created_at = now, .created_by = change.by};
  MUSTER_TRY(receiver.progress.position, end_of_feed(writer));
  return receiver;
}

Result<> change_receiver(Reader& reader, Receiver& receiver, const ReceiverChange& change, Time now) {
  receiver.url = change.url.value_or(receiver.url);
  receiver.topics = change.topics.value_or(receiver.topics);
  receiver.format = change.format.value_or(receiver.format);
  MUSTER_TRY(check_topics(receiver.topics, receiver.format));
  if (change.accounts) {
    receiver.accounts = *change.accounts;
    std::sort(receiver.accounts.begin(), receiver.accounts.end());
    receiver.accounts.erase(std::unique(receiver.accounts.begin(), receiver.accounts.end()),
                            receiver.accounts.end());
    for (const auto& account : receiver.accounts) {
      MUSTER_TRY(const auto present, reader.account(account));
      if (!present) return failure(no_such_account(account));
    }
  }
  if (change.secret && *change.secret != receiver.secret) {
    const bool overlaps = !receiver.secret.empty() && change.overlap > Millis(0);
    receiver.old_secret = overlaps ? receiver.secret : "";
    receiver.old_secret_until = overlaps ? std::optional(now + change.overlap) : std::nullopt;
    receiver.secret = *change.secret;
  }
  return {};
}

// It is tried at once.
void forget_failures(ReceiverProgress& progress) {
  progress.failures = 0;
  progress.failing_for = Millis(0);
  progress.failing_since.reset();
  progress.next_try.reset();
}

Result<Receiver> change_status(Store& store, const std::string& name, Receiver::Status status,
                               const char* action) {
  return store.write(installation, [&](Writer& writer) -> Result<Receiver> {
    MUSTER_TRY(auto receiver, named_in(writer, name));
    const auto before = receiver_as_json(receiver);
    if (receiver.status == status) {
      writer.note_no_change();
      if (status != Receiver::Status::active) return receiver;
    } else {
      receiver.status = status;
      receiver.status_reason.clear();
      writer.note_change(
          {.action = action, .object = name, .before = before, .after = receiver_as_json(receiver)});
    }
    if (status == Receiver::Status::active) forget_failures(receiver.progress);
    MUSTER_TRY(writer.put_receiver(receiver));
    return receiver;
  });
}

// The last entry that happened before `since`: entries are in the order of their commits, and so nearly in
// that of their times.
Result<FeedPosition> position_before(Reader& reader, Time since) {
  const auto first_after = [&](std::int64_t number) -> Result<std::optional<FeedPosition>> {
    MUSTER_TRY(const auto entries, reader.feed_after(number, 1));
    return entries.empty() ? std::nullopt : std::optional(entries.front().position);
  };
  MUSTER_TRY(const auto ends, reader.feed_ends());
  FeedPosition before{};  // happened before, or is in front of all
  std::int64_t low = 0, high = ends.newest.number;
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    MUSTER_TRY(const auto next, first_after(middle));
    if (next && next->at < since) {
      before = *next;
      low = next->number;
    } else {
      high = middle;
    }
  }
  if (before.number == 0) {  // all, or all but the first one
    MUSTER_TRY(const auto first, first_after(0));
    if (first && first->at < since) before = *first;
  }
  return before;
}

Result<Replay> count_behind(Reader& reader, const Receiver& receiver, const FeedPosition& position) {
  Replay replay;
  for (auto number = position.number;;) {
    MUSTER_TRY(const auto entries, reader.feed_after(number, kEntriesAtOnce));
    for (const auto& entry : entries) {
      if (!replay.from) replay.from = entry.position.at;
      MUSTER_TRY(const auto messages, messages_of(reader, entry));
      for (const auto& message : messages) {
        if (!wants(receiver, message.topic) || !may_know(receiver, message.account)) continue;
        ++replay.messages;
        replay.events += message.events();
        replay.events_by_topic[std::string(message.topic)] += message.events();
      }
    }
    if (entries.size() < kEntriesAtOnce) return replay;
    number = entries.back().position.number;
  }
}

}  // namespace

Result<AppliedReceiver> apply_receiver(Store& store, const std::string& name, const ReceiverChange& change,
                                       bool allow_private, Time now) {
  if (change.url) MUSTER_TRY(check_receiver_url(*change.url, allow_private));
  if (change.secret) MUSTER_TRY(check_webhook_secret(*change.secret));
  const std::string fresh = new_webhook_secret();
  AppliedReceiver applied;
  MUSTER_TRY(store.write(installation, [&](Writer& writer) -> Result<> {
    applied = {};
    MUSTER_TRY(const auto present, writer.receiver(name));
    applied.created = !present;
    Receiver& receiver = applied.receiver;
    if (present) {
      receiver = *present;
    } else {
      MUSTER_TRY(receiver, new_receiver(writer, name, change, now));
    }
    ReceiverChange whole = change;
    if (!change.secret && (change.new_secret || applied.created)) {
      whole.secret = fresh;
      applied.made_secret = fresh;
    }
    MUSTER_TRY(change_receiver(writer, receiver, whole, now));
    if (change.url && present && *change.url != present->url) forget_failures(receiver.progress);
    writer.note_change({.action = "webhook.changed",
                        .object = name,
                        .before = present ? receiver_as_json(*present) : "",
                        .after = receiver_as_json(receiver)});
    return writer.put_receiver(receiver);
  }));
  log::info("webhook.applied", {{"webhook", name},
                                {"format", word(applied.receiver.format)},
                                {"created", applied.created},
                                {"new_secret", change.secret.has_value() || !applied.made_secret.empty()},
                                {"by", change.by}});
  return applied;
}

Result<> remove_receiver(Store& store, const std::string& name) {
  MUSTER_TRY(store.write(installation, [&](Writer& writer) -> Result<> {
    MUSTER_TRY(const auto receiver, named_in(writer, name));
    writer.note_change({.action = "webhook.removed", .object = name, .before = receiver_as_json(receiver)});
    return writer.remove_receiver(receiver.id);
  }));
  log::info("webhook.removed", {{"webhook", name}});
  return {};
}

Result<Receiver> receiver_named(Store& store, const std::string& name) {
  return store.read([&](Reader& reader) { return named_in(reader, name); });
}

Result<Receiver> pause_receiver(Store& store, const std::string& name) {
  return change_status(store, name, Receiver::Status::paused, "webhook.paused");
}

Result<Receiver> resume_receiver(Store& store, const std::string& name) {
  return change_status(store, name, Receiver::Status::active, "webhook.resumed");
}

Result<ReceiversAndFeed> receivers_and_feed(Store& store) {
  return store.read([](Reader& reader) -> Result<ReceiversAndFeed> {
    ReceiversAndFeed found;
    MUSTER_TRY(found.receivers, reader.receivers());
    if (!found.receivers.empty()) {
      MUSTER_TRY(found.ends, reader.feed_ends());
    }
    return found;
  });
}

long long waiting_for(const Receiver& receiver, const FeedEnds& ends) {
  return std::max<long long>(0, ends.newest.number - receiver.progress.position.number);
}

Result<Replay> replay_since(Store& store, const std::string& name, Time since, bool dry_run, Time now) {
  if (since > now)
    return failure(Code::invalid, "\"since\" is to come: " + format_rfc3339(since),
                   "Give a time that has passed");
  Replay replay;
  MUSTER_TRY(store.read([&](Reader& reader) -> Result<> {
    MUSTER_TRY(const auto receiver, named_in(reader, name));
    MUSTER_TRY(const auto position, position_before(reader, since));
    MUSTER_TRY(replay, count_behind(reader, receiver, position));
    return {};
  }));
  if (dry_run) return replay;
  MUSTER_TRY(store.write(installation, [&](Writer& writer) -> Result<> {
    MUSTER_TRY(auto receiver, named_in(writer, name));
    MUSTER_TRY(const auto position, position_before(writer, since));
    if (position.number < receiver.progress.position.number) {  // never forward: nothing is left out
      receiver.progress.position = position;
      receiver.progress.part = 0;
      forget_failures(receiver.progress);
    }
    writer.note_change({.action = "webhook.replayed",
                        .object = name,
                        .after = write_json(boost::json::object{{"since", format_rfc3339(since)}})});
    return writer.put_receiver(receiver);
  }));
  return replay;
}

Result<Replay> replay_dead_letters(Store& store, const std::string& name, bool dry_run) {
  const auto count = [&](Reader& reader) -> Result<Replay> {
    MUSTER_TRY(const auto receiver, named_in(reader, name));
    MUSTER_TRY(const auto letters, reader.dead_letter_count(receiver.id));
    return Replay{.messages = letters, .dead_letters = letters};
  };
  if (dry_run) return store.read(count);
  return store.write(installation, [&](Writer& writer) -> Result<Replay> {
    MUSTER_TRY(const auto receiver, named_in(writer, name));
    MUSTER_TRY(const auto letters, writer.dead_letters_due(receiver.id));
    writer.note_change({.action = "webhook.replayed", .object = name, .after = R"({"dead_letters":true})"});
    return Replay{.messages = letters, .dead_letters = letters};
  });
}

}  // namespace muster::sync
