#include <boost/json.hpp>
#include <limits>

#include "api/body.h"
#include "api/handlers.h"
#include "api/members.h"
#include "api/query.h"
#include "base/text/flags.h"
#include "http/client/no_answer.h"
#include "http/json.h"
#include "model/text/account_name.h"
#include "model/text/plain_name.h"
#include "model/text/words.h"
#include "sync/webhooks/errands.h"
#include "sync/webhooks/receivers.h"

namespace muster::api::muster_v1 {
namespace {

constexpr const char* kAllTopics = "*";
constexpr long long kMostSent = 200;  // deliveries and dead letters of an answer: all that are kept
constexpr long long kMostDelivery = std::numeric_limits<long long>::max();

Result<std::string> webhook_name(const Call& call) {
  const std::string& name = call.request.parameters.at(0);
  if (is_plain_name(name)) return name;
  return bad_plain_name(name, "a webhook");
}

boost::json::object progress_of(const Receiver& receiver, const FeedEnds& ends) {
  const auto& progress = receiver.progress;
  boost::json::object json{{"waiting", sync::waiting_for(receiver, ends)},
                           {"delivered", progress.delivered},
                           {"failed", progress.failed},
                           {"dead", progress.dead},
                           {"lost", progress.lost},
                           {"failures", progress.failures}};
  put(json, "last_success", progress.last_success);
  put(json, "failing_since", progress.failing_since);
  put(json, "next_try", receiver.status == Receiver::Status::active ? progress.next_try : std::nullopt);
  put(json, "last_failure", progress.last_failure);
  return json;
}

// Of the URL only the host: the rest may be a secret.
boost::json::object to_json(const Receiver& receiver) {
  boost::json::array webhook_topics, accounts;
  if (receiver.topics.empty()) webhook_topics.emplace_back(kAllTopics);
  for (const auto& topic : receiver.topics) webhook_topics.emplace_back(topic);
  if (receiver.accounts.empty()) accounts.emplace_back(kAllAccounts);
  for (const auto& account : receiver.accounts) accounts.emplace_back(account.str());
  boost::json::object json{{"name", receiver.name},
                           {"host", http::host_of(receiver.url)},
                           {"format", std::string(word(receiver.format))},
                           {"topics", std::move(webhook_topics)},
                           {"accounts", std::move(accounts)},
                           {"status", std::string(word(receiver.status))},
                           {"created_at", format_rfc3339(receiver.created_at)},
                           {"created_by", receiver.created_by}};
  put(json, "status_reason", receiver.status_reason);
  put(json, "old_secret_until", receiver.old_secret_until);
  return json;
}

Result<boost::json::object> with_progress(const Call& call, const Receiver& receiver) {
  MUSTER_TRY(const auto ends, call.store.read([](Reader& reader) { return reader.feed_ends(); }));
  auto json = to_json(receiver);
  json["progress"] = progress_of(receiver, ends);
  return json;
}

Result<std::optional<Receiver::Format>> format_in(const boost::json::object& body) {
  MUSTER_TRY(const auto text, string_field(body, "format", body.contains("format")));
  if (text.empty()) return std::nullopt;
  for (const auto format : {Receiver::Format::muster, Receiver::Format::nanodep, Receiver::Format::slack})
    if (text == word(format)) return format;
  return failure(Code::invalid, "unknown format \"" + text + "\"", "Use muster, nanodep or slack");
}

Result<std::optional<std::vector<AccountName>>> webhook_accounts_in(const boost::json::object& body) {
  if (!body.contains("accounts")) return std::nullopt;
  MUSTER_TRY(const auto texts, texts_field(body, "accounts"));
  if (texts.empty())
    return failure(Code::invalid, "\"accounts\" names no account", "Use [\"*\"] for all accounts");
  if (texts.size() == 1 && texts.front() == kAllAccounts) return std::vector<AccountName>();
  std::vector<AccountName> accounts;
  for (const auto& text : texts) {
    MUSTER_TRY(auto account, parse_account_name(text));
    accounts.push_back(std::move(account));
  }
  return accounts;
}

Result<std::optional<std::vector<std::string>>> topics_in(const boost::json::object& body) {
  if (!body.contains("topics")) return std::nullopt;
  MUSTER_TRY(auto texts, texts_field(body, "topics"));
  if (texts.empty()) return failure(Code::invalid, "\"topics\" names no topic", "Use [\"*\"] for all topics");
  if (texts.size() == 1 && texts.front() == kAllTopics) texts.clear();
  return texts;
}

Result<sync::ReceiverChange> webhook_change_in(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  sync::ReceiverChange change{.by = call.key.name};
  MUSTER_TRY(const auto url, string_field(body, "url", body.contains("url")));
  if (!url.empty()) change.url = url;
  MUSTER_TRY(change.topics, topics_in(body));
  MUSTER_TRY(change.accounts, webhook_accounts_in(body));
  MUSTER_TRY(change.format, format_in(body));
  MUSTER_TRY(const auto secret, string_field(body, "secret", body.contains("secret")));
  if (!secret.empty()) change.secret = secret;
  MUSTER_TRY(change.new_secret, flag_field(body, "new_secret"));
  if (change.new_secret && change.secret)
    return failure(Code::invalid, "\"secret\" and \"new_secret\" both give a secret", "Leave one out");
  MUSTER_TRY(const auto overlap, seconds_field(body, "overlap", sync::kLongestOverlap));
  if (overlap) change.overlap = *overlap;
  return change;
}

Result<Time> since_in(const Call& call, const std::string& text) {
  if (const auto time = parse_rfc3339(text)) return *time;
  if (const auto ago = parse_duration(text)) return call.context.clock.now() - *ago;
  return failure(Code::invalid, "\"since\" is neither a time nor a duration: \"" + text + "\"",
                 "Use the form 2026-03-01T09:00:00Z, or 7d for seven days ago");
}

boost::json::object to_json(const sync::Replay& replay) {
  boost::json::object by_topic;
  for (const auto& [topic, events] : replay.events_by_topic) by_topic[topic] = events;
  boost::json::object json{{"messages", replay.messages},
                           {"events", replay.events},
                           {"topics", std::move(by_topic)},
                           {"dead_letters", replay.dead_letters}};
  put(json, "from", replay.from);
  return json;
}

void send_soon(const Call& call) {
  if (call.context.errands) call.context.errands->look();
}

bool may_be_private(const Call& call) {
  return call.context.errands && call.context.errands->allows_private();
}

using StatusChange = Result<Receiver> (*)(Store&, const std::string&);

Result<http::Response> change_webhook_status(const Call& call, StatusChange change) {
  MUSTER_TRY(const auto name, webhook_name(call));
  MUSTER_TRY(const auto receiver, change(call.store, name));
  send_soon(call);
  MUSTER_TRY(auto json, with_progress(call, receiver));
  return http::json_response(200, std::move(json));
}

}  // namespace

Result<http::Response> get_webhooks(const Call& call) {
  MUSTER_TRY(const auto found, sync::receivers_and_feed(call.store));
  boost::json::array list;
  for (const auto& receiver : found.receivers) {
    auto json = to_json(receiver);
    json["progress"] = progress_of(receiver, found.ends);
    list.push_back(std::move(json));
  }
  return http::json_response(200, {{"webhooks", std::move(list)}});
}

Result<http::Response> put_webhook(const Call& call) {
  MUSTER_TRY(const auto name, webhook_name(call));
  MUSTER_TRY(const auto change, webhook_change_in(call));
  MUSTER_TRY(const auto applied,
             sync::apply_receiver(call.store, name, change, may_be_private(call), call.context.clock.now()));
  send_soon(call);
  MUSTER_TRY(auto json, with_progress(call, applied.receiver));
  json["created"] = applied.created;
  put(json, "secret", applied.made_secret);
  return http::json_response(200, std::move(json));
}

Result<http::Response> delete_webhook(const Call& call) {
  MUSTER_TRY(const auto name, webhook_name(call));
  MUSTER_TRY(sync::remove_receiver(call.store, name));
  send_soon(call);
  return http::json_response(200, boost::json::object());
}

Result<http::Response> post_webhook_test(const Call& call) {
  MUSTER_TRY(const auto name, webhook_name(call));
  MUSTER_TRY(const auto receiver, sync::receiver_named(call.store, name));
  if (!call.context.errands) return failure(Code::not_configured, "this server sends no webhooks");
  MUSTER_TRY(const auto answer, call.context.errands->test(receiver, call.context.stop));
  boost::json::object json{{"accepted", answer.is_success()}, {"took_ms", answer.took.count()}};
  if (answer.status != 0) json["status"] = answer.status;
  put(json, "answer", answer.text);
  return http::json_response(200, std::move(json));
}

Result<http::Response> post_webhook_replay(const Call& call) {
  MUSTER_TRY(const auto name, webhook_name(call));
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto text, string_field(body, "since", body.contains("since")));
  MUSTER_TRY(const bool dry_run, flag_field(body, "dry_run"));
  MUSTER_TRY(const bool dead_letters, flag_field(body, "dead_letters"));
  if (text.empty() != dead_letters)
    return failure(Code::invalid, "say what is to be sent again: \"since\" or \"dead_letters\", one of them");
  if (dead_letters) {
    MUSTER_TRY(const auto replay, sync::replay_dead_letters(call.store, name, dry_run));
    send_soon(call);
    return http::json_response(200, to_json(replay));
  }
  MUSTER_TRY(const auto since, since_in(call, text));
  return call.context.costly.in_turn(call.context.stop, [&]() -> Result<http::Response> {
    MUSTER_TRY(const auto replay,
               sync::replay_since(call.store, name, since, dry_run, call.context.clock.now()));
    send_soon(call);
    return http::json_response(200, to_json(replay));
  });
}

Result<http::Response> post_webhook_pause(const Call& call) {
  return change_webhook_status(call, sync::pause_receiver);
}

Result<http::Response> post_webhook_resume(const Call& call) {
  return change_webhook_status(call, sync::resume_receiver);
}

Result<http::Response> get_webhook_deliveries(const Call& call) {
  MUSTER_TRY(const auto name, webhook_name(call));
  MUSTER_TRY(const auto limit, number_in_query(call, "limit", 1, kMostSent, 50));
  MUSTER_TRY(const auto receiver, sync::receiver_named(call.store, name));
  MUSTER_TRY(const auto deliveries, call.store.read([&](Reader& reader) {
    return reader.deliveries(receiver.id, kMostDelivery, static_cast<size_t>(limit));
  }));
  boost::json::array list;
  for (const auto& delivery : deliveries) {
    boost::json::object json{
        {"number", delivery.number},       {"at", format_rfc3339_millis(delivery.at)},
        {"id", delivery.message},          {"type", delivery.type},
        {"events", delivery.events},       {"accepted", delivery.status >= 200 && delivery.status < 300},
        {"took_ms", delivery.took.count()}};
    if (delivery.status != 0) json["status"] = delivery.status;
    put(json, "answer", delivery.answer);
    list.push_back(std::move(json));
  }
  return http::json_response(200, {{"deliveries", std::move(list)}});
}

Result<http::Response> get_webhook_dead_letters(const Call& call) {
  MUSTER_TRY(const auto name, webhook_name(call));
  MUSTER_TRY(const auto receiver, sync::receiver_named(call.store, name));
  MUSTER_TRY(const auto letters, call.store.read([&](Reader& reader) {
    return reader.dead_letters(receiver.id, 0, static_cast<size_t>(kMostSent));
  }));
  boost::json::array list;
  for (const auto& letter : letters)
    list.push_back(boost::json::object{{"number", letter.number},
                                       {"at", format_rfc3339_millis(letter.at)},
                                       {"id", letter.message},
                                       {"type", letter.type},
                                       {"reason", letter.reason},
                                       {"due", letter.is_due}});
  return http::json_response(200, {{"dead_letters", std::move(list)}});
}

}  // namespace muster::api::muster_v1
