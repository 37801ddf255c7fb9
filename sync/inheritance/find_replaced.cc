#include "sync/inheritance/find_replaced.h"

#include <unordered_map>

#include "apple/answers/failure.h"
#include "model/device_flags.h"

namespace muster::sync {
namespace {

using Effect = assign::Verdict::Effect;
using Operation = DeviceReport::Operation;

std::vector<const DeviceReport*> replacements_in(std::span<const DeviceReport> rows) {
  std::vector<const DeviceReport*> found;
  for (const auto& row : rows)
    if (row.operation != Operation::deleted && is_replacement(row.facts.other)) found.push_back(&row);
  return found;
}

// It arrives, or Apple says only now that it is a replacement.
bool may_inherit(const DeviceReport& row, const Device* known, const RunContext& context,
                 const RowsToStore& rows) {
  const auto effect = assign::judge(row, known, rows.source, context.policy, rows.list).effect;
  if (effect == Effect::arrived || effect == Effect::arrived_late) return true;
  return effect == Effect::observed && known && !is_replacement(known->facts.other);
}

}  // namespace

const Serial* original_in(const std::optional<apple::Replacement>& answer, const Serial& serial) {
  if (!answer || answer->original.empty() || answer->original == serial) return nullptr;
  return &answer->original;
}

Result<Replaced> find_replaced(const RunContext& context, std::atomic<bool>& is_failing,
                               const RowsToStore& rows) {
  Replaced replaced;
  if (!context.account.inherit_replacements || is_failing) return replaced;
  const auto replacements = replacements_in(rows.rows);
  if (replacements.empty()) return replaced;
  std::vector<Serial> serials;
  for (const auto* row : replacements) serials.push_back(row->serial);
  MUSTER_TRY(const auto devices,
             context.store.read([&](Reader& r) { return r.devices(context.account.id, serials); }));
  std::unordered_map<Serial, const Device*> known;
  for (const auto& device : devices) known.emplace(device.serial, &device);

  int calls = 0;
  for (const auto* row : replacements) {
    const auto found = known.find(row->serial);
    if (replaced.contains(row->serial) ||
        !may_inherit(*row, found == known.end() ? nullptr : found->second, context, rows))
      continue;
    if (++calls > kMostReplacementCalls) break;
    const auto answer = context.service.replacement(row->serial, context.stop);
    if (!answer) {
      is_failing = apple::classify(answer.error()) != apple::Failure::cancelled;
      break;
    }
    if (const Serial* original = original_in(*answer, row->serial)) replaced.emplace(row->serial, *original);
  }
  return replaced;
}

}  // namespace muster::sync
