// What webhooks send: messages, made of an entry of the feed. They are the same for all receivers, with the
// same ids each time.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "model/device.h"
#include "model/receiver.h"
#include "store/store.h"

namespace muster::sync {

/// Devices of one message.
inline constexpr size_t kMostInMessage = 500;

struct DeviceEvent {
  HistoryEntry entry;
  Device device = {};  ///< as it is when the message is sent; see add_devices()
};

struct Message {
  std::string id;          ///< the same each time it is made
  std::string_view topic;  ///< static
  Time at{};
  AccountName account = {};            ///< "" for the installation
  std::vector<DeviceEvent> devices{};  ///< of topics about devices: in the order in which it happened
  boost::json::object data = {};       ///< of others

  long long events() const { return devices.empty() ? 1 : static_cast<long long>(devices.size()); }
};

/// The messages of an entry, in their order: of each device in the order in which it happened. None for what
/// webhooks do not tell, and for what was about an account that is gone. They have no devices yet.
Result<std::vector<Message>> messages_of(Reader& reader, const FeedEntry& entry);
/// For a message that is to be sent. What became of a device that is gone with its account is left out.
Result<> add_devices(Reader& reader, Message& message);

Message test_message(const Receiver& receiver, Time now);

/// The body, in the receiver's format.
std::string body_of(const Message& message, Receiver::Format format);

}  // namespace muster::sync
