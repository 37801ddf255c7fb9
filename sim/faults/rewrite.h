// Changes the JSON of a real answer by a fault.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "base/result.h"

namespace muster::sim {

struct Rewrite {
  boost::json::object members{};        ///< put into the answer, over what is there; kDeleted takes a key out
  boost::json::object rows{};           ///< likewise into every device of the answer that is an object
  std::vector<std::string> repeated{};  ///< keys of the answer that come twice

  bool empty() const { return members.empty() && rows.empty() && repeated.empty(); }
};

/// `{"$delete": true}` in the place of a value: the key is left out. (null is a value of its own.)
bool is_deleted(const boost::json::value& value);

/// Changes the answer. What is no JSON object stays as it is.
void rewrite(const Rewrite& change, std::string& answer);

}  // namespace muster::sim
