#include "api/costly.h"

#include <algorithm>

#include "api/answer.h"

namespace muster::api {
namespace {

// Of all answers kept: room for those of a thousand rules and some hundred filters.
constexpr size_t kMostKept = 16 << 20;

}  // namespace

class Costly::Turn {
 public:
  Turn(Costly& costly, std::stop_token stop) : costly_(costly) {
    std::unique_lock lock(costly_.mutex_);
    if (costly_.waiting_.size() >= kWaiting) return;
    costly_.waiting_.push_back(this);
    const auto is_next = [&] { return costly_.running_ < kAtOnce && costly_.waiting_.front() == this; };
    has_come_ = costly_.changed_.wait_for(lock, std::move(stop), kPatience, is_next);
    std::erase(costly_.waiting_, this);
    if (has_come_) ++costly_.running_;
    costly_.changed_.notify_all();
  }
  ~Turn() {
    if (!has_come_) return;
    const std::lock_guard lock(costly_.mutex_);
    --costly_.running_;
    costly_.changed_.notify_all();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  bool has_come() const { return has_come_; }

 private:
  Costly& costly_;
  bool has_come_ = false;
};

Result<http::Response> Costly::in_turn(std::stop_token stop, const Count& count) {
  const Turn turn(*this, std::move(stop));
  if (turn.has_come()) return count();
  auto busy = refusal(503, "too many queries over all devices are in progress; try again later");
  busy.headers.add("Retry-After", std::to_string(kPatience.count()));
  return busy;
}

Result<http::Response> Costly::answer(const Store& store, const std::string& question, std::stop_token stop,
                                      const Count& count) {
  if (auto before = known(store, question)) return *std::move(before);
  return in_turn(std::move(stop), [&]() -> Result<http::Response> {
    if (auto before = known(store, question)) return *std::move(before);  // someone counted it meanwhile
    const auto revision = store.revision();
    MUSTER_TRY(auto response, count());
    keep(question, revision, response);
    return response;
  });
}

std::optional<http::Response> Costly::known(const Store& store, const std::string& question) const {
  return answers_.with([&](const Answers& answers) -> std::optional<http::Response> {
    const auto found = answers.by_question.find(question);
    if (found == answers.by_question.end() || found->second.revision != store.revision()) return std::nullopt;
    return found->second.response;
  });
}

void Costly::keep(const std::string& question, std::uint64_t revision, const http::Response& response) {
  const size_t size = question.size() + response.body.size();
  if (response.status != 200 || size > kMostKept) return;
  answers_.with([&](Answers& answers) {
    if (answers.bytes + size > kMostKept) answers = {};
    Kept& kept = answers.by_question[question];
    answers.bytes += size;  // or less, where it takes another one's place
    kept = {revision, response};
  });
}

}  // namespace muster::api
