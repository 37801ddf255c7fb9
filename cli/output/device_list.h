// Devices printed as a table, as JSON or as CSV, a page at a time: a million of them never sit in memory.
#pragma once

#include <boost/json/object.hpp>
#include <iosfwd>
#include <memory>
#include <string>

namespace muster::cli {

class DeviceList {
 public:
  virtual ~DeviceList() = default;
  /// A device with Apple's keys, as both of the server's APIs give it.
  virtual void add(const boost::json::object& device) = 0;
  /// Prints what was added.
  virtual void end_page() {}
  /// Prints the rest: also the header or the brackets when there was no device at all. To be called once, at
  /// the end.
  virtual void finish() = 0;
};

/// `format` is table, json or csv. `with_account`: the table has a column for the account, too; JSON and CSV
/// always have it.
std::unique_ptr<DeviceList> make_device_list(const std::string& format, bool with_account, std::ostream& out);

}  // namespace muster::cli
