// A wrong answer as a plain value, and how it is made of the right one.
#pragma once

#include <string>
#include <vector>

#include "http/message.h"

namespace muster::explore {

using Serials = std::vector<std::string>;

/// One change of a JSON answer.
struct Change {
  enum class Where {
    top,        ///< a key of the answer
    every_row,  ///< a key of each device
    first_row,  ///< a key of the first device
    rows,       ///< each device as a whole
    row,        ///< the first device as a whole
  };
  enum class How {
    remove,
    set,     ///< to `json`; adds the key where there is none
    twice,   ///< the key is there twice: with `json`, and as it was
    repeat,  ///< the device is there twice
  };
  Where where = Where::top;
  How how = How::set;
  std::string key{};
  std::string json = "null";
};

struct Answer {
  enum class Kind {
    status,     ///< `status` and `word` in place of the answer
    body,       ///< 200 with `word` as its body, in place of the answer
    change,     ///< the answer, changed
    say,        ///< 200 with `word` for `serials` (all of them where it is empty), for calls with an answer a
                ///< serial
    leave_out,  ///< the answer without `serials`, likewise
    do_nothing,     ///< SUCCESS for every serial, and nothing happens
    poison,         ///< `status` and `word` for each call that contains one of `serials`
    cut,            ///< half of the answer, then a reset
    reset,          ///< no answer
    stall,          ///< no answer, and the time-out passes
    slow,           ///< the right answer, right before the time-out
    repeat_cursor,  ///< the cursor that came, and more is to follow
    same_cursor,    ///< the cursor that came, and all else as it is
    clock_ahead,    ///< no answer is wrong, but Apple's clock is five minutes ahead, from the beginning
  };
  Kind kind = Kind::status;
  int status = 500;
  std::string word{};
  std::string retry_after{};  ///< seconds; "" for none
  bool has_effect = false;    ///< Apple does what it was asked all the same
  Change change{};
  Serials serials{};
};

/// Whether Muster may take it as an answer about the account: then everything may wait.
bool is_about_the_account(const Answer& answer);

/// Whether it can only be understood as a failure of the call, so that users must be told while it lasts.
bool is_failure(const Answer& answer, const std::string& call);

/// The answer that goes out in the place of `real`. `request`: the body that came.
http::Response spoil(const Answer& answer, const std::string& call, const std::string& request,
                     http::Response real);

/// In one line, for users: "400 INVALID_CURSOR", "without `cursor`", ...
std::string text(const Answer& answer);

}  // namespace muster::explore
