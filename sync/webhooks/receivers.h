// What operators do with webhooks.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "store/store.h"

namespace muster::sync {

/// Maximum number of webhooks: each has a thread.
inline constexpr size_t kMostReceivers = 50;
/// For so long messages are also signed with the secret before, unless an operator says otherwise.
inline constexpr Millis kSecretOverlap = std::chrono::hours(24);
inline constexpr Millis kLongestOverlap = std::chrono::days(30);

/// What is not given stays as it is; of a new one: all topics, all accounts, our format, and a secret that is
/// made.
struct ReceiverChange {
  std::optional<std::string> url = {};  ///< required for a new one
  std::optional<std::vector<std::string>> topics = {};
  std::optional<std::vector<AccountName>> accounts = {};  ///< an empty list stands for all
  std::optional<Receiver::Format> format = {};
  std::optional<std::string> secret = {};
  bool new_secret = false;  ///< one is made
  Millis overlap = kSecretOverlap;
  std::string by = {};  ///< who asks, for Receiver::created_by
};

struct AppliedReceiver {
  Receiver receiver;
  bool created = false;
  std::string made_secret;  ///< "" unless one was made; it can never be had again
};

/// Creates the webhook, or changes the one of this name. A new one is told what happens from now on.
/// Code::invalid for what is not well formed, and for a private address in the URL unless `allow_private`;
/// Code::not_found for an unknown account; Code::conflict when there are too many.
Result<AppliedReceiver> apply_receiver(Store& store, const std::string& name, const ReceiverChange& change,
                                       bool allow_private, Time now);
/// Code::not_found when there is none, as in what follows.
Result<> remove_receiver(Store& store, const std::string& name);
Result<Receiver> receiver_named(Store& store, const std::string& name);
Result<Receiver> pause_receiver(Store& store, const std::string& name);
/// It goes on where it was, at once, also when it had been disabled.
Result<Receiver> resume_receiver(Store& store, const std::string& name);

/// All webhooks, and the ends of the feed that they follow; default ones when there is no webhook.
struct ReceiversAndFeed {
  std::vector<Receiver> receivers;
  FeedEnds ends;
};
Result<ReceiversAndFeed> receivers_and_feed(Store& store);
/// How many entries of the feed it has not had yet.
long long waiting_for(const Receiver& receiver, const FeedEnds& ends);

/// What is sent again.
struct Replay {
  std::optional<Time> from = {};  ///< of the first entry of the feed; nothing when there is none
  long long messages = 0, events = 0;
  std::map<std::string, long long, std::less<>> events_by_topic = {};
  long long dead_letters = 0;
};
/// Everything since `since`, as far as the feed goes back, is sent again, in order, with the same ids; with
/// `dry_run` it is counted only. Code::invalid for a time that is to come.
Result<Replay> replay_since(Store& store, const std::string& name, Time since, bool dry_run, Time now);
/// The dead letters are sent again.
Result<Replay> replay_dead_letters(Store& store, const std::string& name, bool dry_run);

}  // namespace muster::sync
