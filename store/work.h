// What is to be done at Apple: assignments, the calls that carry them, questions.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <vector>

#include "base/result.h"
#include "model/assignment.h"
#include "model/question.h"
#include "model/rule.h"
#include "model/sent_batch.h"

namespace muster {

class WorkReads {
 public:
  virtual ~WorkReads() = default;

  /// Those of these devices that have one, in no order.
  virtual Result<std::vector<Assignment>> assignments(std::span<const DeviceId> devices) = 0;
  Result<std::optional<Assignment>> assignment(DeviceId device);
  /// The next call's worth of work: up to `limit` assignments that are `due` by `now` and not in a sent
  /// batch, all of one profile, in order of urgency and then of waiting; none of a profile in `without`.
  virtual Result<std::vector<Assignment>> next_batch(AccountId account, Time now, size_t limit,
                                                     const std::set<ProfileUuid>& without = {}) = 0;
  /// Up to `limit` assignments in `state`, which is not `due`, whose next_try is not after `now`, in its
  /// order. Those of sent batches are not among them.
  virtual Result<std::vector<Assignment>> assignments_in(AccountId account, Assignment::State state, Time now,
                                                         size_t limit) = 0;
  /// When the next of the account's assignments that wait in `state` is to be touched: of `due` those that
  /// are in no sent batch and of no profile in `without`. Nothing when there is none.
  virtual Result<std::optional<Time>> next_assignment_time(AccountId account, Assignment::State state,
                                                           const std::set<ProfileUuid>& without = {}) = 0;
  /// In order of id.
  virtual Result<std::vector<SentBatch>> sent_batches(AccountId account) = 0;
  /// How many assignments the account has, in any state.
  virtual Result<long long> assignment_count(AccountId account) = 0;
  /// When the first of the devices arrived whose assignment is from their arrival and not completed; nothing
  /// when there is none. Looks at kMostLookedAt assignments of each state at most: where more wait, it may
  /// not be the very first.
  virtual Result<std::optional<Time>> oldest_waiting_arrival(AccountId account) = 0;
  static constexpr size_t kMostLookedAt = 1000;
  /// Up to `limit` questions of a kind whose next_try is not after `now`, in its order.
  virtual Result<std::vector<Question>> questions(AccountId account, Question::Kind kind, Time now,
                                                  size_t limit) = 0;
  /// The questions of a kind about these serials, in no order.
  virtual Result<std::vector<Question>> questions_about(AccountId account, Question::Kind kind,
                                                        std::span<const Serial> serials) = 0;
  /// When the next question of any kind is to be asked; nothing when there is none.
  virtual Result<std::optional<Time>> next_question_time(AccountId account) = 0;
};

class WorkWrites {
 public:
  virtual ~WorkWrites() = default;

  /// By device: new, or replaced. None twice.
  virtual Result<> put_assignments(std::span<const Assignment> assignments) = 0;
  /// State, urgency, attempts, next_try and last_answer, of those that are stored still: with this profile,
  /// and made at this time (created_at). Where another one is there now, or none, nothing happens.
  virtual Result<> update_assignments(std::span<const Assignment> assignments) = 0;
  /// Nothing happens where there is none.
  virtual Result<> remove_assignments(std::span<const DeviceId> devices) = 0;
  Result<> put_assignment(const Assignment& assignment);
  Result<> remove_assignment(DeviceId device);
  /// Stores a new batch and sets its id.
  virtual Result<> put_sent_batch(SentBatch& batch) = 0;
  /// Its assignments are `due` again, or what they were changed into meanwhile. Nothing happens when there is
  /// none.
  virtual Result<> remove_sent_batch(SentBatchId id) = 0;
  /// Nobody knows whether the call had an effect: its assignments become in_flight, due at `now`, and the
  /// batch goes. Nothing happens when there is none.
  virtual Result<> mark_in_flight(SentBatchId batch, Time now) = 0;
  /// By account, kind and serial: new, or replaced. None twice.
  virtual Result<> put_questions(std::span<const Question> questions) = 0;
  /// Nothing happens where there is none.
  virtual Result<> remove_questions(AccountId account, Question::Kind kind,
                                    std::span<const Serial> serials) = 0;
  /// Gives every device that waits (`due`, and in no sent batch) on this rule's word the profile that the
  /// rule has now, due at `now`, no attempts made; their history says so. How many.
  virtual Result<long long> repoint_waiting(const Rule& rule, Time now) = 0;
};

}  // namespace muster
