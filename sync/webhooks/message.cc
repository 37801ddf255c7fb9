#include "sync/webhooks/message.h"

#include <fmt/format.h>

#include <unordered_map>

#include "base/text/encoding.h"
#include "base/text/json.h"
#include "sync/webhooks/topics.h"

namespace muster::sync {
namespace {

constexpr size_t kHistoryAtOnce = 1000;

std::string message_id(const FeedPosition& position, size_t part) {
  return fmt::format("msg_{}_{}_{}", position.number, to_millis(position.at), part);
}

// Puts events into messages of their topics. A device's event never goes into a message in front of one that
// has an earlier event of it; so each device's are in order, and a page becomes a few messages.
class MessageMaker {
 public:
  explicit MessageMaker(const FeedEntry& entry) : entry_(entry) {}

  void add(const HistoryEntry& of_device) {
    for (const auto topic : topics_of(of_device)) {
      size_t& earliest = earliest_[of_device.device];
      const size_t place = place_for(topic, earliest);
      messages_[place].devices.push_back({.entry = of_device});
      earliest = place;
    }
  }
  std::vector<Message> take() { return std::move(messages_); }

 private:
  size_t place_for(std::string_view topic, size_t earliest) {
    for (size_t i = earliest; i < messages_.size(); ++i)
      if (messages_[i].topic == topic && messages_[i].devices.size() < kMostInMessage) return i;
    messages_.push_back({.id = message_id(entry_.position, messages_.size()),
                         .topic = topic,
                         .at = entry_.position.at,
                         .account = entry_.account_name});
    return messages_.size() - 1;
  }

  const FeedEntry& entry_;
  std::vector<Message> messages_;
  std::unordered_map<DeviceId, size_t> earliest_;
};

Result<std::vector<Message>> of_devices(Reader& reader, const FeedEntry& entry) {
  MUSTER_TRY(const auto range, parse_json(entry.body));
  std::int64_t first = range.at("first").to_number<std::int64_t>();
  const auto last = range.at("last").to_number<std::int64_t>();
  MessageMaker maker(entry);
  for (bool is_done = false; !is_done;) {
    MUSTER_TRY(const auto history, reader.numbered_history(entry.account, first, last, kHistoryAtOnce));
    is_done = history.size() < kHistoryAtOnce;
    if (!history.empty()) first = history.back().number + 1;
    for (const auto& numbered : history) maker.add(numbered.entry);
  }
  return maker.take();
}

}  // namespace

Result<std::vector<Message>> messages_of(Reader& reader, const FeedEntry& entry) {
  if (entry.account != AccountId{} && entry.account_name.empty()) return std::vector<Message>();
  if (entry.type == FeedType::devices) return of_devices(reader, entry);
  const auto topic = topic_of(entry.type);
  if (!topic) return std::vector<Message>();
  MUSTER_TRY(auto body, parse_json(entry.body));
  std::vector<Message> messages;
  messages.push_back({.id = message_id(entry.position, 0),
                      .topic = *topic,
                      .at = entry.position.at,
                      .account = entry.account_name,
                      .data = std::move(body).as_object()});
  // An audit entry is of the installation, and says which account it is about.
  if (entry.type == FeedType::audit)
    messages.back().account = AccountName(std::string(messages.back().data.at("account").as_string()));
  return messages;
}

Result<> add_devices(Reader& reader, Message& message) {
  std::vector<DeviceId> ids;
  for (const auto& event : message.devices) ids.push_back(event.entry.device);
  if (ids.empty()) return {};
  MUSTER_TRY(auto devices, reader.devices(ids));
  std::unordered_map<DeviceId, Device> by_id;
  for (auto& device : devices) by_id.insert_or_assign(device.id, std::move(device));
  std::erase_if(message.devices,
                [&](const DeviceEvent& event) { return !by_id.contains(event.entry.device); });
  for (auto& event : message.devices) event.device = by_id.at(event.entry.device);
  return {};
}

Message test_message(const Receiver& receiver, Time now) {
  return {.id = "msg_test_" + random_uuid(),
          .topic = kTestTopic,
          .at = now,
          .data = {{"webhook", receiver.name}, {"message", "This is a test of the webhook."}}};
}

}  // namespace muster::sync
