// The address of a MySQL database as Go's driver writes it, which is what NanoDEP's -storage-dsn has:
//   [user[:password]@][protocol[(address)]]/database[?name=value&...]
#pragma once

#include <string>

#include "base/result.h"

namespace muster::cli {

struct MysqlAddress {
  std::string user{};
  std::string password{};
  std::string host = "127.0.0.1";
  unsigned port = 3306;
  std::string socket{};  ///< a path, in place of host and port
  std::string database{};
  bool tls = false;           ///< encrypted
  bool verified_tls = false;  ///< and the server's certificate is verified

  friend bool operator==(const MysqlAddress&, const MysqlAddress&) = default;
};

/// Code::invalid says what is wrong; the message has no password.
Result<MysqlAddress> parse_mysql_dsn(const std::string& dsn);

}  // namespace muster::cli
