#include "api/json/report.h"

namespace muster::api {

void put_counts(boost::json::object& json, const sync::Report& report) {
  json["pages"] = report.pages;
  json["devices"] = report.devices;
  json["full"] = report.whole_list;
  json["arrivals"] = report.arrivals;
  json["left"] = report.left;
  json["uncovered"] = report.uncovered;
  json["calls"] = report.calls;
  json["assigned"] = report.assigned;
  json["failed"] = report.failed;
  json["confirmed"] = report.confirmed;
}

void put_rest(boost::json::object& json, const sync::Report& report) {
  json["waiting"] = report.waiting;
  if (!report.error) return;
  json["error"] = report.error->message;
  json["remedy"] = report.error->hint;
  json["apple_code"] = report.error->remote.word;
}

}  // namespace muster::api
