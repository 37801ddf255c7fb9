#include "cli/handover/mysql_dsn.h"

#include <charconv>

#include "base/text/strings.h"

namespace muster::cli {
namespace {

Error bad_dsn(const std::string& why) {
  return {Code::invalid, "-dsn is no address of a MySQL database: " + why,
          "It looks like 'user:password@tcp(host:3306)/database', as in NanoDEP's -storage-dsn"};
}

Result<> read_place(std::string_view text, MysqlAddress& address) {
  if (text.empty()) return {};
  const size_t open = text.find('(');
  const std::string protocol(text.substr(0, open));
  std::string_view place;
  if (open != std::string_view::npos) {
    if (!text.ends_with(')'))
      return failure(bad_dsn("the bracket behind \"" + protocol + "\" is not closed"));
    place = text.substr(open + 1, text.size() - open - 2);
  }
  if (protocol == "unix") {
    address.socket = place.empty() ? "/tmp/mysql.sock" : std::string(place);
    return {};
  }
  if (protocol != "tcp") return failure(bad_dsn("\"" + protocol + "\" is neither tcp nor unix"));
  if (place.empty()) return {};
  size_t colon = place.rfind(':');
  if (place.starts_with('[')) {
    const size_t end = place.find(']');
    if (end == std::string_view::npos) return failure(bad_dsn("the square bracket is not closed"));
    address.host = std::string(place.substr(1, end - 1));
    colon = end + 1 < place.size() && place[end + 1] == ':' ? end + 1 : std::string_view::npos;
  } else {
    address.host = std::string(place.substr(0, colon));
  }
  if (colon == std::string_view::npos) return {};
  const std::string_view port = place.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (error != std::errc() || end != port.data() + port.size() || address.port == 0 || address.port > 65'535)
    return failure(bad_dsn("\"" + std::string(port) + "\" is no port"));
  return {};
}

}  // namespace

Result<MysqlAddress> parse_mysql_dsn(const std::string& dsn) {
  MysqlAddress address;
  // A password may have any character, a slash and an @ too: the last ones count, as Go's driver has it.
  const size_t slash = dsn.rfind('/');
  if (slash == std::string::npos) return failure(bad_dsn("it has no slash before the name of the database"));
  const size_t options = dsn.find('?', slash);
  address.database = dsn.substr(slash + 1, options == std::string::npos ? options : options - slash - 1);
  if (address.database.empty()) return failure(bad_dsn("the name of the database is missing"));
  std::string_view before = std::string_view(dsn).substr(0, slash);
  if (const size_t at = before.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = before.substr(0, at);
    const size_t colon = user.find(':');
    address.user = std::string(user.substr(0, colon));
    if (colon != std::string_view::npos) address.password = std::string(user.substr(colon + 1));
    before = before.substr(at + 1);
  }
  MUSTER_TRY(read_place(before, address));
  if (options == std::string::npos) return address;
  for (const auto& option : split_list(dsn.substr(options + 1), '&')) {
    if (!option.starts_with("tls=")) continue;  // the others are about Go
    const std::string value = option.substr(4);
    if (value == "true" || value == "skip-verify" || value == "preferred")
      address.tls = true;
    else if (value != "false")
      return failure(
          bad_dsn("tls=" + value + " names a setting of another program; use true or skip-verify"));
    address.verified_tls = value == "true";
  }
  return address;
}

}  // namespace muster::cli
