// Runs a story, with its faults or without them (its twin).
#pragma once

#include "store/store.h"
#include "tests/explore/story/outcome.h"
#include "tests/explore/story/story.h"

namespace muster::explore {

/// Plays stories in one store, each in an account of its own. One thread.
class Player {
 public:
  explicit Player(Store& store) : store_(store) {}

  Outcome play_without_faults(const Story& story);
  /// Once Apple is healthy, two more devices come, one of them silently. When everything is as in the twin
  /// soon after, an operator asks for a full list and the story ends; else, or when the story is patient, it
  /// continues for a whole reconcile interval.
  Outcome play(const Story& story, const Outcome& twin);

 private:
  Outcome go(const Story& story, const Outcome* twin);

  Store& store_;
  long long number_ = 0;
};

}  // namespace muster::explore
