#include <algorithm>
#include <map>
#include <set>

#include "sync/enrollment/check_in_desk.h"
#include "sync/enrollment/follow.h"

namespace muster::sync {
namespace {

using Change = EnrollmentChange;

struct Happened {
  Serial serial;
  Change change = Change::none;
  Time told_at{};
};

// What check-ins change, before it is stored.
struct Told {
  std::map<Serial, Enrollment> enrollments;  // all that they are about
  std::vector<Happened> happened;            // in their order

  std::vector<Serial> serials() const {
    std::set<Serial> each;
    for (const auto& one : happened) each.insert(one.serial);
    return {each.begin(), each.end()};
  }
};

Result<std::map<Serial, Enrollment>> known(Reader& reader, const std::vector<CheckIn>& check_ins) {
  std::vector<Serial> serials;
  std::vector<std::string> udids;
  for (const auto& check_in : check_ins) {
    if (check_in.kind == CheckIn::Kind::authenticate) serials.push_back(check_in.serial);
    udids.push_back(check_in.udid);
  }
  std::map<Serial, Enrollment> all;
  MUSTER_TRY(auto of_serials, reader.enrollments(serials));
  MUSTER_TRY(auto of_udids, reader.enrollments_of_udids(udids));
  for (auto* const found : {&of_serials, &of_udids})
    for (auto& enrollment : *found) all.emplace(enrollment.serial, enrollment);
  return all;
}

// Null for a device that nobody named by its serial number yet.
Enrollment* subject_of(const CheckIn& check_in, std::map<Serial, Enrollment>& enrollments) {
  if (check_in.kind == CheckIn::Kind::authenticate) {
    auto& own = enrollments[check_in.serial];
    own.serial = check_in.serial;
    return &own;
  }
  Enrollment* subject = nullptr;
  for (auto& [serial, enrollment] : enrollments)
    if (enrollment.udid == check_in.udid && (!subject || began_after(enrollment, *subject)))
      subject = &enrollment;
  return subject;
}

Result<Told> told_by(Reader& reader, const std::vector<CheckIn>& check_ins) {
  Told told;
  MUSTER_TRY(told.enrollments, known(reader, check_ins));
  for (const auto& check_in : check_ins) {
    Enrollment* const subject = subject_of(check_in, told.enrollments);
    if (!subject) continue;
    if (const Change change = follow(*subject, check_in); change != Change::none)
      told.happened.push_back({subject->serial, change, check_in.told_at});
  }
  return told;
}

// Where each device is; where several accounts show it, the one to which it was assigned last.
Result<std::map<Serial, Device>> places_of(Reader& reader, const std::vector<Serial>& serials) {
  MUSTER_TRY(auto found, reader.devices_anywhere(serials));
  std::sort(found.begin(), found.end(), [](const Device& a, const Device& b) {
    return std::pair(a.facts.assigned_at, a.first_seen) > std::pair(b.facts.assigned_at, b.first_seen);
  });
  std::map<Serial, Device> places;
  for (auto& device : found) places.emplace(device.serial, std::move(device));
  return places;
}

// The profile that the device takes when it enrolls, and whose it is.
void note_profile(Enrollment& enrollment, const Device* device) {
  enrollment.rule = {};
  enrollment.profile = {};
  if (!device || enrolled_before_assigned(enrollment, *device)) return;
  const DeviceFacts& facts = device->facts;
  if (!facts.has_profile(facts.profile_uuid)) return;
  enrollment.profile = facts.profile_uuid;
  const Desired& desired = device->desired;
  if (desired.by == Desired::By::rule && desired.profile == enrollment.profile)
    enrollment.rule = desired.rule;
}

// In the order in which we are told, as all of a history; the device's enrollment has the MDM server's times.
std::optional<HistoryEntry> history_of(const Happened& happened, const Enrollment& enrollment,
                                       const Device& device) {
  if (happened.change == Change::ended)
    return HistoryEntry{device.id, happened.told_at, HistoryEntry::Kind::unenrolled, {}};
  if (happened.change != Change::enrolled) return std::nullopt;
  return HistoryEntry{
      device.id, happened.told_at, HistoryEntry::Kind::enrolled,
      enrollment.profile.empty() ? "without a profile of this account" : "with " + enrollment.profile.str()};
}

// Of one account, or of none. A device that has come to another one meanwhile is stored with it, without an
// entry in its history.
Result<> store_told(Writer& writer, AccountId account, const std::vector<CheckIn>& check_ins) {
  MUSTER_TRY(auto told, told_by(writer, check_ins));
  const auto serials = told.serials();
  MUSTER_TRY(const auto places, places_of(writer, serials));
  std::vector<HistoryEntry> history;
  for (const auto& happened : told.happened) {
    Enrollment& enrollment = told.enrollments.at(happened.serial);
    const auto place = places.find(happened.serial);
    const Device* const device = place == places.end() ? nullptr : &place->second;
    const AccountId now_at = device ? device->account : AccountId{};
    if (enrollment.account != now_at) enrollment.rule = {};
    enrollment.account = now_at;
    if (happened.change == Change::enrolled) note_profile(enrollment, device);
    if (!device || device->account != account) continue;
    if (auto entry = history_of(happened, enrollment, *device)) history.push_back(*std::move(entry));
  }
  std::vector<Enrollment> changed;
  for (const auto& serial : serials) changed.push_back(told.enrollments.at(serial));
  MUSTER_TRY(writer.put_enrollments(changed));
  if (history.empty()) return {};
  return writer.add_histories(account, history);
}

// By the accounts of their devices; without those that change nothing.
Result<std::map<AccountId, std::vector<CheckIn>>> by_account(Reader& reader,
                                                             const std::vector<CheckIn>& check_ins) {
  MUSTER_TRY(auto told, told_by(reader, check_ins));
  const auto serials = told.serials();
  MUSTER_TRY(const auto places, places_of(reader, serials));
  std::map<AccountId, std::vector<CheckIn>> accounts;
  for (const auto& check_in : check_ins) {
    const Enrollment* const subject = subject_of(check_in, told.enrollments);
    if (!subject || !std::binary_search(serials.begin(), serials.end(), subject->serial)) continue;
    const auto place = places.find(subject->serial);
    accounts[place == places.end() ? AccountId{} : place->second.account].push_back(check_in);
  }
  return accounts;
}

}  // namespace

Result<> store_check_ins(Store& store, std::vector<CheckIn> check_ins) {
  std::stable_sort(check_ins.begin(), check_ins.end(),
                   [](const CheckIn& a, const CheckIn& b) { return a.at < b.at; });
  MUSTER_TRY(const auto accounts, store.read([&](Reader& reader) { return by_account(reader, check_ins); }));
  for (const auto& [account, of_account] : accounts)
    MUSTER_TRY(store.write(WriteScope(installation, account),
                           [&](Writer& writer) { return store_told(writer, account, of_account); }));
  return {};
}

}  // namespace muster::sync
