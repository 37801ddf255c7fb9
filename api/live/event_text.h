// The text of GET /api/v1/events: Server-Sent Events, as the WHATWG's HTML standard defines them.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "model/feed.h"
#include "sync/runs.h"

namespace muster::api::live {

/// `arrivals`: as `event` and in the parameter `types`.
std::string_view word(FeedType type);
std::optional<FeedType> feed_type_of(std::string_view word);

/// `17-1772355600123`: the `id` of an event.
std::string text_of(const FeedPosition& position);
/// Nothing for a text that text_of() did not give.
std::optional<FeedPosition> position_of(std::string_view text);

/// An entry's event.
std::string event_text(const FeedEntry& entry);
/// How far an account's runs are: of the type `progress`, without an id.
std::string progress_text(const AccountName& account, const sync::Runs::Progress& progress);
/// `ready` or `reset`.
std::string begin_text(std::string_view word, const FeedPosition& position, const boost::json::object& data);
/// What a client sees as a sign of life, and knows as the place from which to resume.
std::string heartbeat_text(const FeedPosition& position);

}  // namespace muster::api::live
