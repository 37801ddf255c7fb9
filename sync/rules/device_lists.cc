#include "sync/rules/device_lists.h"

#include <boost/json.hpp>
#include <unordered_set>

#include "base/text/did_you_mean.h"
#include "base/text/json.h"
#include "filter/read.h"
#include "model/text/plain_name.h"

namespace muster::sync {
namespace {

using How = ListChange::How;

constexpr size_t kPage = 1000;

std::string serial_numbers(long long count) {
  return std::to_string(count) + (count == 1 ? " serial number" : " serial numbers");
}

Result<SerialList> list_to_change(Reader& reader, AccountId account, const ListChange& change) {
  if (!is_plain_name(change.name)) return bad_plain_name(change.name, "a list");
  if (change.how == How::add || change.how == How::remove) return find_list(reader, account, change.name);
  MUSTER_TRY(auto present, reader.serial_list(account, change.name));
  if (!present) return SerialList{.account = account, .name = change.name};
  if (change.how == How::create)
    return failure(Code::conflict,
                   "the list " + change.name + " already exists, with " + serial_numbers(present->size),
                   "To change it, use -add, -remove or -replace");
  return *std::move(present);
}

Result<> check_version(const SerialList& list, const ListChange& change) {
  if (!change.version || *change.version == list.version) return {};
  return failure(Code::conflict,
                 "the list " + list.name + " was changed: its version is " + std::to_string(list.version) +
                     ", not " + std::to_string(*change.version),
                 "Review the list and try again");
}

Result<long long> remove_others(Writer& writer, SerialListId list, std::span<const Serial> kept) {
  const std::unordered_set<Serial> stay(kept.begin(), kept.end());
  long long removed = 0;
  Serial after;
  for (;;) {
    MUSTER_TRY(const auto page, writer.serial_list_page(list, after, kPage));
    std::vector<Serial> leaving;
    for (const auto& serial : page)
      if (!stay.contains(serial)) leaving.push_back(serial);
    MUSTER_TRY(const auto left, writer.remove_from_list(list, leaving));
    removed += left;
    if (page.size() < kPage) return removed;
    after = page.back();
  }
}

}  // namespace

Result<SerialList> find_list(Reader& reader, AccountId account, const std::string& name) {
  MUSTER_TRY(auto list, reader.serial_list(account, name));
  if (list) return *std::move(list);
  MUSTER_TRY(const auto all, reader.serial_lists(account));
  std::vector<std::string> names;
  for (const auto& known : all) names.push_back(known.name);
  const auto guess = did_you_mean(name, names);
  return failure(Code::not_found, "there is no list " + name,
                 guess.empty() ? "`mdmctl get device-lists` shows the lists" : "Did you mean " + guess + "?");
}

Result<ChangedList> change_list(Writer& writer, AccountId account, const ListChange& change, Time now) {
  ChangedList changed;
  MUSTER_TRY(changed.list, list_to_change(writer, account, change));
  SerialList& list = changed.list;
  MUSTER_TRY(check_version(list, change));
  if (list.id == SerialListId{}) {
    list.version = 1;
    list.updated_at = now;
    MUSTER_TRY(writer.put_serial_list(list));
    changed.created = true;
  }
  if (change.how == How::replace) {
    MUSTER_TRY(changed.removed, remove_others(writer, list.id, change.serials));
  }
  if (change.how == How::remove) {
    MUSTER_TRY(changed.removed, writer.remove_from_list(list.id, change.serials));
  } else {
    MUSTER_TRY(changed.added, writer.add_to_list(list.id, change.serials));
  }
  const auto size_before = list.size;
  list.size += changed.added - changed.removed;
  if (changed.created || changed.added + changed.removed > 0)
    writer.note_change(
        {.action = "list.changed",
         .object = list.name,
         .before = changed.created ? "" : write_json(boost::json::object{{"size", size_before}}),
         .after = write_json(boost::json::object{
             {"size", list.size}, {"added", changed.added}, {"removed", changed.removed}})});
  else
    writer.note_no_change();
  if (changed.created || changed.added + changed.removed == 0) return changed;
  ++list.version;
  list.updated_at = now;
  MUSTER_TRY(writer.put_serial_list(list));
  return changed;
}

Result<> remove_list(Writer& writer, AccountId account, const std::string& name) {
  MUSTER_TRY(const auto list, find_list(writer, account, name));
  MUSTER_TRY(const auto rules, writer.rules(account));
  for (const auto& rule : rules) {
    const auto filter = assign::Filter::parse(rule.filter);
    if (filter && filter->lists().contains(name))
      return failure(Code::conflict, "the rule '" + rule.filter + "' uses the list " + name,
                     "Remove the rule or change its filter first");
  }
  writer.note_change({.action = "list.removed",
                      .object = name,
                      .before = write_json(boost::json::object{{"size", list.size}})});
  return writer.remove_serial_list(list.id);
}

}  // namespace muster::sync
