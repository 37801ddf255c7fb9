// An answer without a length, which comes piece by piece: slowly, for ever, or not to its end.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "http/message.h"

namespace muster::sim {

struct Pieces {
  long long bytes = 0;     ///< of each but the last
  long long pause_ms = 0;  ///< before each
  long long repeat = 1;    ///< the body comes so many times; 0: for ever
};

/// Reads the member `pieces` of a fault.
Result<Pieces> parse_pieces(const boost::json::value& value);
boost::json::object to_json(const Pieces& pieces);

/// `is_cut`: after half of it all the connection ends. `pause` waits for milliseconds.
std::shared_ptr<http::BodyStream> body_in_pieces(const std::string& body, const Pieces& pieces, bool is_cut,
                                                 std::function<void(long long)> pause);

}  // namespace muster::sim
