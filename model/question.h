// A question to Apple about one device that has no assignment to carry it.
#pragma once

#include "base/time/clock.h"
#include "model/device.h"
#include "model/ids.h"

namespace muster {

struct Question {
  /// Stored as numbers: never renumber, only append. In the order in which they are asked.
  enum class Kind {
    tie = 0,          ///< rows of one second contradict each other, or say a new word: what is so now?
    missing = 1,      ///< a full list lacked the device: has it left?
    replacement = 2,  ///< which device does it replace?
  };
  AccountId account{};
  Kind kind = Kind::tie;
  Serial serial;
  /// Of a tie: what the rows come to if the device is there, and their date.
  DeviceReport::Operation operation = DeviceReport::Operation::none;
  Time op_date{};
  Time since{};
  Time next_try{};   ///< not before this
  int attempts = 0;  ///< answers in a row that were not clear

  friend bool operator==(const Question&, const Question&) = default;
};

}  // namespace muster
