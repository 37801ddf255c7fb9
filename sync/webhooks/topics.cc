#include "sync/webhooks/topics.h"

#include <algorithm>

#include "base/text/did_you_mean.h"

namespace muster::sync {
namespace {

using Kind = HistoryEntry::Kind;

constexpr std::string_view kArrived = "device.arrived";
constexpr std::string_view kUncovered = "device.uncovered";
constexpr std::string_view kAssigned = "device.assigned";
constexpr std::string_view kConfirmed = "device.confirmed";
constexpr std::string_view kFailed = "device.failed";
constexpr std::string_view kContested = "device.contested";
constexpr std::string_view kDrifted = "device.drifted";
constexpr std::string_view kMissing = "device.missing";
constexpr std::string_view kGone = "device.gone";
constexpr std::string_view kChanged = "device.changed";
constexpr std::string_view kHeld = "device.held";
constexpr std::string_view kReleased = "device.released";
constexpr std::string_view kEnrolled = "device.enrolled";
constexpr std::string_view kUnenrolled = "device.unenrolled";
constexpr std::string_view kLate = "device.late";
constexpr std::string_view kInherited = "device.inherited";

constexpr Topic kTopics[] = {
    {kArrived, "arrived"},
    {kUncovered, "arrived, covered by no rule"},
    {kAssigned, "given a profile"},
    {kConfirmed, "confirmed by Apple"},
    {kFailed, "not assigned"},
    {kContested, "contested: lost the profile too often, left alone"},
    {kDrifted, "lost the profile, assigned it again"},
    {kMissing, "missing from Apple's list"},
    {kGone, "left"},
    {kChanged, "changed"},
    {kHeld, "put on hold"},
    {kReleased, "released from hold"},
    {kEnrolled, "enrolled"},
    {kUnenrolled, "no longer enrolled"},
    {kLate, "late: not enrolled in time"},
    {kInherited, "sent in place of another"},
    {"account.state", ""},
    {"account.token_expiry", ""},
    {"account.first_list", ""},
    {"backfill.changed", ""},
    {"audit.entry", ""},
    {"webhook.disabled", ""},
};

// What NanoDEP's body can say: Apple's rows, and that a list was read.
constexpr std::string_view kOfNanodep[] = {kArrived, kChanged, kGone, "account.first_list"};

bool matches(std::string_view pattern, std::string_view topic) {
  if (!pattern.ends_with(".*")) return pattern == topic;
  return topic.starts_with(pattern.substr(0, pattern.size() - 1));
}

bool can_tell(Receiver::Format format, std::string_view topic) {
  return format != Receiver::Format::nanodep || topic == kTestTopic ||
         std::find(std::begin(kOfNanodep), std::end(kOfNanodep), topic) != std::end(kOfNanodep);
}

}  // namespace

std::span<const Topic> topics() { return kTopics; }

std::vector<std::string_view> topics_of(const HistoryEntry& entry) {
  // Behind the semicolon is why it is to have a profile: sync/run/page.cc.
  const bool has_reason = entry.detail.find("; ") != std::string::npos;
  switch (entry.kind) {
    case Kind::arrived: return has_reason ? std::vector{kArrived, kAssigned} : std::vector{kArrived};
    case Kind::left: return {kGone};
    case Kind::decided: return {kAssigned};
    case Kind::uncovered: return {kUncovered};
    case Kind::answered:
    case Kind::not_confirmed: return {kFailed};
    case Kind::confirmed: return {kConfirmed};
    case Kind::observed: return {kChanged};
    case Kind::held: return {kHeld};
    case Kind::repaired: return {kDrifted};
    case Kind::contested: return {kContested};
    case Kind::released: return {kReleased};
    case Kind::missing: return {kMissing};
    case Kind::enrolled: return {kEnrolled};
    case Kind::unenrolled: return {kUnenrolled};
    case Kind::late: return {kLate};
    case Kind::inherited: return {kInherited};
    case Kind::baseline: break;
  }
  return {};
}

std::optional<std::string_view> topic_of(FeedType type) {
  switch (type) {
    case FeedType::state: return "account.state";
    case FeedType::token_expiry: return "account.token_expiry";
    case FeedType::first_list: return "account.first_list";
    case FeedType::backfill: return "backfill.changed";
    case FeedType::audit: return "audit.entry";
    case FeedType::webhook: return "webhook.disabled";
    case FeedType::arrivals:
    case FeedType::assignments:
    case FeedType::progress:
    case FeedType::devices: break;
  }
  return std::nullopt;
}

bool wants(const Receiver& receiver, std::string_view topic) {
  if (topic == kTestTopic) return true;
  if (!can_tell(receiver.format, topic)) return false;
  return receiver.topics.empty() || std::any_of(receiver.topics.begin(), receiver.topics.end(),
                                                [&](const auto& pattern) { return matches(pattern, topic); });
}

bool wants_devices(const Receiver& receiver) {
  return std::any_of(std::begin(kTopics), std::end(kTopics),
                     [&](const Topic& topic) { return !topic.about.empty() && wants(receiver, topic.name); });
}

bool may_know(const Receiver& receiver, const AccountName& account) {
  return receiver.accounts.empty() ||
         std::find(receiver.accounts.begin(), receiver.accounts.end(), account) != receiver.accounts.end();
}

Result<> check_topics(const std::vector<std::string>& patterns, Receiver::Format format) {
  std::vector<std::string> names;
  for (const auto& topic : kTopics) names.emplace_back(topic.name);
  for (const auto& pattern : patterns) {
    const auto is_meant = [&](const Topic& topic) { return matches(pattern, topic.name); };
    if (std::none_of(std::begin(kTopics), std::end(kTopics), is_meant)) {
      const auto meant = did_you_mean(pattern, names);
      return failure(Code::invalid, "unknown topic \"" + pattern + "\"",
                     (meant.empty() ? "" : "Did you mean " + meant + "? ") +
                         "docs/webhooks.md lists the topics; device.* stands for all that begin so");
    }
    if (std::none_of(std::begin(kTopics), std::end(kTopics),
                     [&](const Topic& topic) { return is_meant(topic) && can_tell(format, topic.name); }))
      return failure(Code::invalid, "the format nanodep cannot tell the topic \"" + pattern + "\"",
                     "It has device.arrived, device.changed, device.gone and account.first_list. For others, "
                     "apply another webhook with the format muster");
  }
  return {};
}

}  // namespace muster::sync
