// Apple's words for single devices, as values. A word that is not known keeps its text: it never means that a
// device is lost, and never that work is done.
#pragma once

#include <string>
#include <string_view>

namespace muster {

/// Apple's answer about one serial number of a call.
struct AnswerWord {
  enum class Kind {
    success,
    not_accessible,  ///< Apple does not know the device in this account
    not_found,       ///< likewise, an older word
    failed,
    throttled,
    missing,  ///< the answer has no entry for the serial number, or an empty one
    unknown,
  };
  Kind kind = Kind::missing;
  std::string
      text;  ///< the word in Apple's spelling; of an unknown one at most 64 bytes and "..."; "" when missing

  bool is_success() const { return kind == Kind::success; }
  bool is_gone() const { return kind == Kind::not_accessible || kind == Kind::not_found; }

  friend bool operator==(const AnswerWord&, const AnswerWord&) = default;
};

/// White space around the word and the case of its letters do not matter.
AnswerWord read_answer_word(std::string_view text);

/// One that means nothing about the device, whatever the text: an error code about a whole call, for
/// instance.
AnswerWord unknown_word(std::string_view text);

/// `profile_status` of a device.
enum class ProfileStatus { empty, assigned, pushed, removed, unknown };

/// Of a text as it is stored (stored_profile_status()); "" is `empty`.
ProfileStatus profile_status_of(std::string_view stored);

/// The text to store for Apple's: a known word in lower case without white space around it, any other one as
/// it is. SQL then finds the same devices as profile_status_of() does.
std::string_view stored_profile_status(std::string_view text);

/// Whether Apple says that the device has a profile, or that it has none. An unknown word says neither.
inline bool has_profile(ProfileStatus status) {
  return status == ProfileStatus::assigned || status == ProfileStatus::pushed;
}
inline bool has_no_profile(ProfileStatus status) {
  return status == ProfileStatus::empty || status == ProfileStatus::removed;
}

/// Whether the profile that a row names beside the status is the device's. A word that nobody knows does not
/// say otherwise.
inline bool shows_its_profile(ProfileStatus status) { return !has_no_profile(status); }

/// The stored texts of which has_no_profile() is true, as a list for SQL: ('', 'empty', ...).
std::string sql_statuses_without_profile();

}  // namespace muster
