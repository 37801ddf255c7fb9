#include "tests/explore/story/json_change.h"

#include <boost/json.hpp>

namespace muster::explore {
namespace {

using Where = Change::Where;
using How = Change::How;
using boost::json::serialize;

// Serialized again, with the change of its members.
std::string object_text(const boost::json::object& object, const Change& change) {
  std::string out = "{";
  const auto add = [&](std::string_view key, const std::string& json) {
    if (out.size() > 1) out += ',';
    out += serialize(boost::json::value(key)) + ":" + json;
  };
  bool found = false;
  for (const auto& [key, value] : object) {
    const bool meant = key == change.key;
    found = found || meant;
    if (meant && change.how == How::remove) continue;
    if (meant && change.how == How::twice) add(key, change.json);
    add(key, meant && change.how == How::set ? change.json : serialize(value));
  }
  if (!found && change.how != How::remove) add(change.key, change.json);
  return out + "}";
}

std::string row_text(const boost::json::value& row, const Change& change) {
  const bool whole = change.where == Where::rows || change.where == Where::row;
  if (whole && change.how == How::set) return change.json;
  return row.is_object() ? object_text(row.get_object(), change) : serialize(row);
}

bool concerns_first_only(const Change& change) {
  return change.where == Where::row || change.where == Where::first_row;
}

std::string rows_text(const boost::json::value& devices, const Change& change) {
  bool first = true;
  std::string out;
  const auto add = [&](const std::string& prefix, const boost::json::value& row) {
    const bool meant = first || !concerns_first_only(change);
    const bool whole = change.where == Where::rows || change.where == Where::row;
    const bool gone = meant && whole && change.how == How::remove;
    if (!gone) {
      if (!out.empty()) out += ',';
      out += prefix + (meant && change.how != How::repeat ? row_text(row, change) : serialize(row));
      if (meant && change.how == How::repeat) out += "," + prefix + serialize(row);
    }
    first = false;
  };
  if (const auto* list = devices.if_array()) {
    for (const auto& row : *list) add("", row);
    return "[" + out + "]";
  }
  if (const auto* entries = devices.if_object()) {
    for (const auto& [serial, row] : *entries) add(serialize(boost::json::value(serial)) + ":", row);
    return "{" + out + "}";
  }
  return serialize(devices);
}

}  // namespace

std::string changed(const std::string& answer, const Change& change) {
  boost::system::error_code bad;
  const auto value = boost::json::parse(answer, bad);
  if (bad || !value.is_object()) return answer;
  if (change.where == Where::top) return object_text(value.get_object(), change);
  const auto* devices = value.get_object().if_contains("devices");
  if (!devices) return answer;
  return object_text(value.get_object(), {.key = "devices", .json = rows_text(*devices, change)});
}

std::string text(const Change& change) {
  const std::string key = "`" + change.key + "`";
  const bool whole = change.where == Where::rows || change.where == Where::row;
  const std::string where = change.where == Where::top         ? "in the answer"
                            : change.where == Where::every_row ? "in every row"
                            : change.where == Where::first_row ? "in the first row"
                            : change.where == Where::rows      ? "every row"
                                                               : "the first row";
  switch (change.how) {
    case How::remove: return whole ? "without " + where : "without " + key + " " + where;
    case How::set: return whole ? where + " is " + change.json : key + " " + where + " is " + change.json;
    case How::twice: return key + " is there twice " + where + ", first as " + change.json;
    case How::repeat: return where + " is there twice";
  }
  return {};
}

}  // namespace muster::explore
