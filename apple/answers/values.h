// Apple's answers as values, and the limits of its calls.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "model/account.h"
#include "model/apple_word.h"
#include "model/device.h"
#include "model/ids.h"

namespace muster::apple {

/// The most serials in one assign call (apple-dep-api.md 4.6: "to avoid performance issues").
inline constexpr size_t kAssignLimit = 1000;
/// The most serials we ask details of in one call. Apple names no cap; 5,000 were seen to work.
inline constexpr size_t kDetailsLimit = 1000;

/// The longest `retry_after_seconds` that is believed; Apple's are about a day.
inline constexpr std::chrono::seconds kLongestThrottle = std::chrono::days(30);

/// Whether the entries are kept as they came, which is for whoever shows them.
enum class DetailsJson { left_out, kept };

/// Apple's answer for one serial of a details call.
struct DeviceDetails {
  AnswerWord response_status;
  DeviceReport report;  ///< when it is a success; the serial always
  std::string json;     ///< the entry, with Apple's keys in Apple's order; "" where it was not asked for
};

/// Apple's per-serial answers to assign, remove or define with `devices`.
struct SerialAnswers {
  std::map<Serial, AnswerWord> answers;
  std::optional<std::chrono::seconds> retry_after;  ///< `retry_after_seconds`, for the THROTTLED ones

  /// Kind::missing when the answer has no entry for the serial number.
  AnswerWord answer_for(const Serial& serial) const {
    const auto found = answers.find(serial);
    return found == answers.end() ? AnswerWord() : found->second;
  }
};

/// A device that Apple gave for another one.
struct Replacement {
  Serial serial;     ///< the device
  Serial original;   ///< the one that it stands for
  std::string date;  ///< the day in UTC, as Apple writes it: "2025-01-15"
};

/// Lets a device of the organisation enroll in a beta program of AppleSeed for IT.
struct BetaToken {
  std::string token;
  std::string title;  ///< "iOS 27 AppleSeed Beta"
  std::string os;     ///< in Apple's spelling: "iOS", "OSX", "tvOS", ...
};

/// Where devices of users without an address of their own domain find the enrollment of their account.
struct EnrollmentDiscovery {
  std::string url;
  std::string updated_at;  ///< RFC 3339, as Apple writes it
};

struct DefinedProfile {
  ProfileUuid uuid;
  SerialAnswers devices;
};

}  // namespace muster::apple
