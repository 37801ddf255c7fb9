#include "sync/rules/explain.h"

#include "sync/enrollment/late.h"
#include "sync/work/subjects.h"

namespace muster::sync {
namespace {

using Kind = HistoryEntry::Kind;

constexpr std::string_view kArrow = " -> ";
constexpr std::string_view kReason = "; ";  // behind it, why an arrival is to have its profile

std::string behind(const std::string& text, std::string_view mark) {
  const auto at = text.find(mark);
  return at == std::string::npos ? text : text.substr(at + mark.size());
}

std::string before(const std::string& text, std::string_view mark) { return text.substr(0, text.find(mark)); }

void follow(StateThen& state, const HistoryEntry& entry) {
  state.known = true;
  switch (entry.kind) {
    case Kind::baseline: state.observed = entry.detail; break;
    case Kind::arrived:
      state.observed = before(behind(entry.detail, ", "), kReason);
      if (entry.detail.find(kReason) != std::string::npos) state.desired = behind(entry.detail, kReason);
      state.left_at.reset();
      state.contested = false;
      break;
    case Kind::observed:
      state.observed = behind(entry.detail, kArrow);
      state.left_at.reset();
      break;
    case Kind::confirmed:
      state.observed = "assigned " + entry.detail;
      state.contested = false;
      break;
    case Kind::decided:
      state.desired = entry.detail;
      state.contested = false;
      break;
    case Kind::uncovered:
      state.desired = "nothing: " + (entry.detail.empty() ? "no rule covers it" : entry.detail);
      break;
    case Kind::held: state.desired = "nothing: on hold"; break;
    case Kind::released: state.desired.clear(); break;
    case Kind::answered: state.last_answer = entry.detail; break;
    case Kind::contested: state.contested = true; break;
    case Kind::left:
      state = {.known = true, .observed = {}, .desired = {}, .last_answer = {}, .left_at = entry.at};
      break;
    case Kind::missing:
    case Kind::not_confirmed:
    case Kind::repaired:
    case Kind::enrolled:
    case Kind::unenrolled:
    case Kind::late:
    case Kind::inherited: break;
  }
}

}  // namespace

Result<Explanation> explain(Reader& reader, const Account& account, const Serial& serial, Time now) {
  MUSTER_TRY(auto found, reader.devices(account.id, std::span(&serial, 1)));
  if (found.empty())
    return failure(
        Code::not_found, "no device with the serial number " + serial.str(),
        "Apple has not reported it in this account. To ask Apple now, run `mdmctl get dep-devices -serials " +
            serial.str() + "`");
  Explanation explanation;
  explanation.device = std::move(found.front());
  const DeviceId id = explanation.device.id;
  MUSTER_TRY(auto stored, reader.rules(account.id));
  const assign::Rules rules(std::move(stored));
  explanation.rules.assign(rules.in_order().begin(), rules.in_order().end());
  MUSTER_TRY(const auto subjects,
             Subjects::load(reader, account.id, account.name, rules, std::span(&serial, 1)));
  explanation.covering = rules.all_covering(subjects.of(explanation.device));
  MUSTER_TRY(explanation.assignment, reader.assignment(id));
  MUSTER_TRY(auto told, reader.enrollments(std::span(&serial, 1)));
  if (!told.empty() && (told.front().account == account.id || explanation.device.tombstone))
    explanation.enrollment = std::move(told.front());
  const auto* const enrollment = explanation.enrollment ? &*explanation.enrollment : nullptr;
  MUSTER_TRY(explanation.late_since,
             late_since(reader, account, explanation.device, rules.find(explanation.device.desired.rule),
                        enrollment, now));
  MUSTER_TRY(explanation.backfill, reader.backfill(account.id));
  MUSTER_TRY(explanation.history, reader.history(id));
  return explanation;
}

StateThen state_at(const std::vector<HistoryEntry>& history, Time at) {
  StateThen state;
  for (const auto& entry : history) {
    if (entry.at > at) break;
    follow(state, entry);
  }
  return state;
}

}  // namespace muster::sync
