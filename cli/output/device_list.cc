#include "cli/output/device_list.h"

#include <boost/json.hpp>
#include <ostream>

#include "base/text/csv.h"
#include "cli/output/csv_out.h"
#include "cli/output/fields.h"
#include "cli/output/table.h"

namespace muster::cli {
namespace {

class DeviceTable final : public DeviceList {
 public:
  DeviceTable(bool with_account, std::ostream& out)
      : with_account_(with_account),
        table_(out,
               row("Account", {"SerialNumber", "Model", "DeviceFamily", "ProfileStatus", "ProfileUUID"})) {}

  void add(const boost::json::object& device) override {
    table_.add(
        row(text_of(device, "account"),
            {text_of(device, "serial_number"), text_of(device, "model"), text_of(device, "device_family"),
             text_of(device, "profile_status"), text_of(device, "profile_uuid")}));
  }
  void end_page() override { table_.flush(); }
  void finish() override { table_.flush(); }

 private:
  std::vector<std::string> row(std::string account, std::vector<std::string> cells) const {
    if (with_account_) cells.insert(cells.begin(), std::move(account));
    return cells;
  }

  const bool with_account_;
  Table table_;
};

// An array with a device a line.
class DeviceJson final : public DeviceList {
 public:
  explicit DeviceJson(std::ostream& out) : out_(out) {}

  void add(const boost::json::object& device) override {
    out_ << (any_ ? ",\n  " : "[\n  ") << boost::json::serialize(device);
    any_ = true;
  }
  void finish() override { out_ << (any_ ? "\n]\n" : "[]\n"); }

 private:
  std::ostream& out_;
  bool any_ = false;
};

class DeviceCsv final : public DeviceList {
 public:
  explicit DeviceCsv(std::ostream& out) : out_(out) {}

  void add(const boost::json::object& device) override {
    print_header();
    std::vector<std::string> fields;
    for (const auto& column : columns()) fields.push_back(text_of(device, column));
    out_ << csv_out(std::move(fields));
  }
  void finish() override { print_header(); }

 private:
  // The header names are the keys of the API. New columns go to the end: people read these files by position.
  static const std::vector<std::string>& columns() {
    static const std::vector<std::string> kColumns = {
        "serial_number",
        "model",
        "description",
        "color",
        "asset_tag",
        "os",
        "device_family",
        "profile_status",
        "profile_uuid",
        "profile_assign_time",
        "profile_push_time",
        "device_assigned_date",
        "device_assigned_by",
        "account",
        "desired_profile_uuid",
        "desired_by",
    };
    return kColumns;
  }
  void print_header() {
    if (!header_printed_) out_ << csv_record(columns());
    header_printed_ = true;
  }

  std::ostream& out_;
  bool header_printed_ = false;
};

}  // namespace

std::unique_ptr<DeviceList> make_device_list(const std::string& format, bool with_account,
                                             std::ostream& out) {
  if (format == "json") return std::make_unique<DeviceJson>(out);
  if (format == "csv") return std::make_unique<DeviceCsv>(out);
  return std::make_unique<DeviceTable>(with_account, out);
}

}  // namespace muster::cli
