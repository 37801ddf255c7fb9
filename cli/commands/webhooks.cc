#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>
#include <functional>
#include <ostream>

#include "base/text/json.h"
#include "base/text/strings.h"
#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"
#include "cli/output/table.h"
#include "model/text/account_name.h"
#include "model/text/plain_name.h"

namespace muster::cli {

namespace {

constexpr const char* kAllOfThem = "*";

Result<> check_webhook_name(const std::string& name) {
  if (is_plain_name(name)) return {};
  return bad_plain_name(name, "a webhook");
}

std::string webhook_path(const std::string& name, const char* rest = "") {
  return "/api/v1/webhooks/" + name + rest;
}

std::string list_or_all(const boost::json::object& webhook, const char* member) {
  const auto texts = strings_of(webhook, member);
  if (texts.empty() || texts == std::vector<std::string>{kAllOfThem}) return "all";
  return fmt::format("{}", fmt::join(texts, ","));
}

boost::json::object progress_in(const boost::json::object& webhook) {
  const auto* progress = webhook.if_contains("progress");
  return progress && progress->is_object() ? progress->get_object() : boost::json::object();
}

std::string standing_of(const boost::json::object& webhook) {
  const auto status = text_of(webhook, "status");
  const auto progress = progress_in(webhook);
  if (status == "disabled") return "disabled: " + text_of(webhook, "status_reason");
  if (status == "active" && !text_of(progress, "failing_since").empty())
    return fmt::format("failing since {}: {}", text_of(progress, "failing_since"),
                       text_of(progress, "last_failure"));
  return status;
}

std::string webhook_description(const boost::json::object& webhook) {
  const auto topics = list_or_all(webhook, "topics"), accounts = list_or_all(webhook, "accounts");
  return fmt::format("{} webhook '{}' to {}: {}, format {}, {}",
                     is_true(webhook, "created") ? "added" : "saved", text_of(webhook, "name"),
                     text_of(webhook, "host"), topics == "all" ? "all topics" : "topics " + topics,
                     text_of(webhook, "format"), accounts == "all" ? "all accounts" : "accounts " + accounts);
}

Result<boost::json::value> all_or_list(const std::string& list, bool is_of_accounts) {
  const auto names = split_list(list, ',');
  if (is_of_accounts && names != std::vector<std::string>{kAllOfThem})
    for (const auto& name : names) MUSTER_TRY(parse_account_name(name));
  return to_array(names);
}

// The name that every command about one webhook takes.
Result<std::string> named(Call& call, FlagSet& flags, std::string* name) {
  flags.add("name", name, "name of the webhook (required), as `mdmctl get webhooks` shows it", "NAME");
  MUSTER_TRY(call.parse(flags));
  if (name->empty()) {
    MUSTER_TRY(call.misuse(flags, "must provide -name parameter"));
  }
  MUSTER_TRY(check_webhook_name(*name));
  return *name;
}

Result<> change_status(Call& call, const char* what, const char* done) {
  std::string name;
  auto flags = call.flags();
  MUSTER_TRY(named(call, flags, &name));
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto webhook, server.send("POST", webhook_path(name, what), boost::json::object()));
  call.out() << fmt::format("{} webhook '{}'; {} entries of the feed wait for it\n", done, name,
                            text_of(progress_in(webhook), "waiting"));
  return {};
}

// A list of what was sent.
Result<> print_sent(Call& call, const char* path, const char* member, std::vector<std::string> columns,
                    const std::function<std::vector<std::string>(const boost::json::object&)>& row) {
  std::string name, format = "table";
  auto flags = call.flags();
  add_form(flags, &format);
  MUSTER_TRY(named(call, flags, &name));
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.get(webhook_path(name, path)));
  const auto sent = objects_of(answer, member);
  if (format == "json") {
    boost::json::array list;
    for (const auto* each : sent) list.push_back(*each);
    call.out() << write_json_indented(list) << '\n';
    return {};
  }
  Table table(call.out(), std::move(columns));
  for (const auto* each : sent) table.add(row(*each));
  table.flush();
  return {};
}

}  // namespace

Result<> apply_webhook(Call& call) {
  std::string name, url, url_file, topics, accounts, format, secret_file;
  bool new_secret = false;
  Millis overlap{};
  auto flags = call.flags();
  flags.add("name", &name,
            "name of the webhook, new or present (required): a-z, 0-9, dot, underscore, hyphen", "NAME");
  flags.add("url", &url, "where messages are sent to; required for a new webhook", "URL");
  flags.add(
      "url-file", &url_file,
      "file with the URL, where that is a secret: other users of the machine can read flags; - for standard "
      "input",
      "FILE");
  flags.add(
      "topics", &topics,
      "what to send, separated by commas: device.arrived, or device.* for all that begin so; '*' is all "
      "topics, as for a new webhook without the flag",
      "TOPICS");
  flags.add(
      "accounts", &accounts,
      "the DEP accounts to tell of, separated by commas; '*' is all accounts, as for a new webhook without "
      "the flag",
      "NAMES");
  flags.add("format", &format, "form of the messages: muster, nanodep or slack", "FORMAT")
      .one_of({"muster", "nanodep", "slack"});
  flags.add(
      "secret-file", &secret_file,
      "file with the secret that signs messages; without it a new webhook gets one that is printed. - for "
      "standard input",
      "FILE");
  flags.add("new-secret", &new_secret, "make another secret, and print it");
  flags.add("overlap", &overlap,
            "sign messages with the secret before, too, for this time; 24h without the flag, 30d at most");
  MUSTER_TRY(call.parse(flags));
  if (name.empty()) return call.misuse(flags, "must provide -name parameter");
  MUSTER_TRY(check_webhook_name(name));
  if (!url.empty() && !url_file.empty())
    return call.misuse(flags, "-url and -url-file both give the URL: leave out one");
  if (new_secret && !secret_file.empty())
    return call.misuse(flags, "-secret-file and -new-secret both give a secret: leave out one");
  if (flags.given("overlap") && !new_secret && secret_file.empty())
    return call.misuse(flags, "-overlap needs another secret: -secret-file or -new-secret");

  boost::json::object body;
  if (!url_file.empty()) {
    MUSTER_TRY(url, call.read_secret(url_file));
  }
  if (!url.empty()) body["url"] = url;
  if (!topics.empty()) {
    MUSTER_TRY(body["topics"], all_or_list(topics, false));
  }
  if (!accounts.empty()) {
    MUSTER_TRY(body["accounts"], all_or_list(accounts, true));
  }
  if (!format.empty()) body["format"] = format;
  if (!secret_file.empty()) {
    MUSTER_TRY(body["secret"], call.read_secret(secret_file));
  }
  if (new_secret) body["new_secret"] = true;
  if (flags.given("overlap"))
    body["overlap"] = std::chrono::duration_cast<std::chrono::seconds>(overlap).count();
  if (body.empty())
    return call.misuse(flags,
                       "say what the webhook is to be: -url, -topics, -accounts, -format, -secret-file or "
                       "-new-secret");

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto webhook, server.send("PUT", webhook_path(name), body));
  call.print_with_secret(webhook_description(webhook), text_of(webhook, "secret"),
                         "The secret that signs its messages is shown only now. Give it to the receiver:");
  return {};
}

Result<> get_webhooks(Call& call) {
  std::string format = "table";
  auto flags = call.flags();
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.get("/api/v1/webhooks"));
  const auto webhooks = objects_of(answer, "webhooks");
  if (format == "json") {
    boost::json::array list;
    for (const auto* webhook : webhooks) list.push_back(*webhook);
    call.out() << write_json_indented(list) << '\n';
    return {};
  }
  Table table(call.out(),
              {"Name", "Host", "Format", "Topics", "Accounts", "Waiting", "Delivered", "Dead", "Status"});
  for (const auto* webhook : webhooks) {
    const auto progress = progress_in(*webhook);
    table.add({text_of(*webhook, "name"), text_of(*webhook, "host"), text_of(*webhook, "format"),
               list_or_all(*webhook, "topics"), list_or_all(*webhook, "accounts"),
               text_of(progress, "waiting"), text_of(progress, "delivered"), text_of(progress, "dead"),
               standing_of(*webhook)});
  }
  table.flush();
  return {};
}

Result<> get_webhook_deliveries(Call& call) {
  return print_sent(call, "/deliveries", "deliveries",
                    {"Time", "Type", "Events", "Status", "Took", "Id", "Answer"},
                    [](const boost::json::object& delivery) -> std::vector<std::string> {
                      const auto status = text_of(delivery, "status");
                      return {text_of(delivery, "at"),
                              text_of(delivery, "type"),
                              text_of(delivery, "events"),
                              status.empty() ? "none" : status,
                              text_of(delivery, "took_ms") + " ms",
                              text_of(delivery, "id"),
                              text_of(delivery, "answer")};
                    });
}

Result<> get_webhook_dead_letters(Call& call) {
  return print_sent(call, "/dead-letters", "dead_letters", {"Time", "Type", "Id", "Again", "Reason"},
                    [](const boost::json::object& letter) -> std::vector<std::string> {
                      return {text_of(letter, "at"), text_of(letter, "type"), text_of(letter, "id"),
                              is_true(letter, "due") ? "soon" : "no", text_of(letter, "reason")};
                    });
}

Result<> remove_webhook(Call& call) {
  std::string name;
  auto flags = call.flags();
  MUSTER_TRY(named(call, flags, &name));
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(server.send("DELETE", webhook_path(name), boost::json::object()));
  call.out() << fmt::format("removed webhook '{}', with what it had not had yet\n", name);
  return {};
}

Result<> webhook_test(Call& call) {
  std::string name;
  auto flags = call.flags();
  MUSTER_TRY(named(call, flags, &name));
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.send("POST", webhook_path(name, "/test"), boost::json::object()));
  const auto status = text_of(answer, "status");
  if (!is_true(answer, "accepted"))
    return failure(Code::remote, fmt::format("the webhook '{}' did not accept the test message: {}{}", name,
                                             status.empty() ? "" : "it answered " + status + ": ",
                                             text_of(answer, "answer")));
  call.out() << fmt::format("the webhook '{}' accepted the test message: it answered {} after {} ms\n", name,
                            status, text_of(answer, "took_ms"));
  return {};
}

Result<> webhook_replay(Call& call) {
  std::string name, since;
  bool dry_run = false, dead_letters = false;
  auto flags = call.flags();
  flags.add("since", &since, "send all again since this time: 2026-03-01T09:00:00Z, or 2h for two hours ago",
            "TIME");
  flags.add("dead-letters", &dead_letters, "send the messages again that the receiver rejected too often");
  flags.add("dry-run", &dry_run, "only say what would be sent");
  MUSTER_TRY(named(call, flags, &name));
  if (since.empty() != dead_letters)
    return call.misuse(flags, "say what to send again: -since or -dead-letters, one of them");

  boost::json::object body{{"dry_run", dry_run}};
  if (dead_letters)
    body["dead_letters"] = true;
  else
    body["since"] = since;
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto replay, server.send("POST", webhook_path(name, "/replay"), body));
  const char* tense = dry_run ? "would be sent" : "are sent";
  if (dead_letters) {
    call.out() << fmt::format("{} dead letters {} again\n", text_of(replay, "dead_letters"), tense);
    return {};
  }
  call.out() << fmt::format("{} messages with {} events {} again\n", text_of(replay, "messages"),
                            text_of(replay, "events"), tense);
  if (const auto from = text_of(replay, "from"); !from.empty())
    call.out() << fmt::format("the first of them happened at or after {}\n", from);
  if (const auto* topics = replay.if_contains("topics"); topics && topics->is_object())
    for (const auto& topic : topics->get_object())
      call.out() << fmt::format("  {}  {}\n", text_of(topics->get_object(), topic.key()),
                                std::string(topic.key()));
  return {};
}

Result<> webhook_pause(Call& call) { return change_status(call, "/pause", "paused"); }
Result<> webhook_resume(Call& call) { return change_status(call, "/resume", "resumed"); }

}  // namespace muster::cli
