#include "api/live/event_text.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "api/json/report.h"
#include "base/text/json.h"
#include "base/time/rfc3339.h"
#include "model/text/words.h"

namespace muster::api::live {
namespace {

// `text` up to its end as a number.
std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

}  // namespace

std::string_view word(FeedType type) {
  switch (type) {
    case FeedType::state: return "state";
    case FeedType::arrivals: return "arrivals";
    case FeedType::assignments: return "assignments";
    case FeedType::backfill: return "backfill";
    case FeedType::audit: return "audit";
    case FeedType::progress: return "progress";
    case FeedType::devices:
    case FeedType::first_list:
    case FeedType::token_expiry:
    case FeedType::webhook: break;
  }
  return "";
}

std::optional<FeedType> feed_type_of(std::string_view text) {
  for (const FeedType type : kFeedTypes)
    if (word(type) == text) return type;
  return std::nullopt;
}

std::string text_of(const FeedPosition& position) {
  return fmt::format("{}-{}", position.number, to_millis(position.at));
}

std::optional<FeedPosition> position_of(std::string_view text) {
  const size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto number = number_of(text.substr(0, dash)), at = number_of(text.substr(dash + 1));
  if (!number || !at) return std::nullopt;
  return FeedPosition{*number, from_millis(*at)};
}

// The entry's body is an object that is not empty: it goes on behind what all entries have.
std::string event_text(const FeedEntry& entry) {
  std::string account;
  if (entry.account != AccountId{})
    account = R"("account":)" + boost::json::serialize(entry.account_name.str()) + ",";
  return fmt::format("id: {}\nevent: {}\ndata: {{{}\"at\":\"{}\",{}\n\n", text_of(entry.position),
                     word(entry.type), account, format_rfc3339_millis(entry.position.at),
                     std::string_view(entry.body).substr(1));
}

std::string progress_text(const AccountName& account, const sync::Runs::Progress& progress) {
  boost::json::array lanes;
  for (const Lane lane : progress.lanes) lanes.emplace_back(muster::word(lane));
  boost::json::object data{{"account", account.str()}, {"lanes", std::move(lanes)}};
  put_counts(data, progress.report);
  put_rest(data, progress.report);
  return fmt::format("event: progress\ndata: {}\n\n", write_json(data));
}

std::string begin_text(std::string_view event, const FeedPosition& position,
                       const boost::json::object& data) {
  return fmt::format("id: {}\nevent: {}\ndata: {}\n\n", text_of(position), event, write_json(data));
}

std::string heartbeat_text(const FeedPosition& position) {
  return fmt::format(": heartbeat\nid: {}\n\n", text_of(position));
}

}  // namespace muster::api::live
