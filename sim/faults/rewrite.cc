#include "sim/faults/rewrite.h"

#include <boost/json.hpp>

#include "base/text/json.h"

namespace muster::sim {
namespace {

void put(const boost::json::object& members, boost::json::object& into) {
  for (const auto& member : members) {
    if (is_deleted(member.value()))
      into.erase(member.key());
    else
      into[member.key()] = member.value();
  }
}

// `devices` is an array in lists, and an object by serial number in other answers.
void put_into_rows(const boost::json::object& members, boost::json::object& answer) {
  auto* devices = answer.if_contains("devices");
  if (!devices) return;
  if (auto* list = devices->if_array()) {
    for (auto& row : *list)
      if (row.is_object()) put(members, row.get_object());
  } else if (auto* by_serial = devices->if_object()) {
    for (auto& entry : *by_serial)
      if (entry.value().is_object()) put(members, entry.value().get_object());
  }
}

}  // namespace

bool is_deleted(const boost::json::value& value) {
  const auto* object = value.if_object();
  const auto* mark = object && object->size() == 1 ? object->if_contains("$delete") : nullptr;
  return mark && mark->is_bool() && mark->get_bool();
}

void rewrite(const Rewrite& change, std::string& answer) {
  auto json = parse_json(answer);
  if (!json || !json->is_object()) return;
  auto& object = json->get_object();
  put_into_rows(change.rows, object);
  put(change.members, object);
  answer = boost::json::serialize(object);
  for (const auto& key : change.repeated) {
    const auto* value = object.if_contains(key);
    if (!value) continue;
    answer.pop_back();  // the closing brace
    answer +=
        "," + boost::json::serialize(boost::json::string(key)) + ":" + boost::json::serialize(*value) + "}";
  }
}

}  // namespace muster::sim
