// What webhooks tell, by topic: docs/webhooks.md describes each.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/receiver.h"

namespace muster::sync {

struct Topic {
  std::string_view name;
  std::string_view
      about;  ///< for people, of one or more devices: "arrived"; "" for what is not about devices
};

std::span<const Topic> topics();
inline constexpr std::string_view kTestTopic = "webhook.test";

/// The topics of an entry of a device's history; the texts are static.
std::vector<std::string_view> topics_of(const HistoryEntry& entry);
/// The topic of an entry of the feed that is not about single devices; nothing where webhooks do not tell it.
std::optional<std::string_view> topic_of(FeedType type);

/// Whether the receiver wants it: a topic is given by its name, or as `device.*`. The test is for everybody.
bool wants(const Receiver& receiver, std::string_view topic);
/// Whether it wants any topic about devices.
bool wants_devices(const Receiver& receiver);
/// Whether the receiver may know what concerns the account; "" for the installation.
bool may_know(const Receiver& receiver, const AccountName& account);

/// Code::invalid for what is no topic, and for one that the format cannot tell.
Result<> check_topics(const std::vector<std::string>& patterns, Receiver::Format format);

}  // namespace muster::sync
