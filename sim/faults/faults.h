// Faults in upcoming calls. This is the only place that matches calls to faults.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/message.h"
#include "sim/faults/endpoints.h"
#include "sim/faults/pieces.h"
#include "sim/faults/rewrite.h"
#include "sim/world/assigning.h"

namespace muster::sim {

struct Fault {
  long long id = 0;

  // Which calls.
  std::string account;                      ///< "" for any
  std::string endpoint = "*";               ///< see names_endpoint()
  std::vector<std::string> reject_serials;  ///< only calls whose `devices` have one of these; empty: any
  long long skip = 0;                       ///< calls to let pass first
  long long count = 1;                      ///< calls to spoil; 0: all from then on
  long long used = 0;                       ///< calls spoilt so far
  long long start_ms = 0;  ///< from when on: parsed as a time from now, a moment of the clock once added
  long long for_ms = 0;    ///< for how long from then on; 0: until used up or cleared

  // What happens to them.
  std::optional<int> status;  ///< answered instead of the real answer
  std::string body;
  http::Headers headers;  ///< added to the answer, real or not
  long long delay_ms = 0;
  http::Response::Delivery delivery = http::Response::Delivery::whole;
  std::optional<Pieces> pieces;  ///< the answer has no length, and comes in pieces
  bool after =
      false;  ///< the call has its effect first; else a replaced or reset answer means that nothing happened
  std::optional<ForcedResults> results;
  Rewrite rewrite;             ///< of a real answer of status 200
  bool repeat_cursor = false;  ///< fetch and sync give back the cursor that came, with more_to_follow
  bool drop_body = false;      ///< the request's body is lost on the way

  /// Whether the call is carried out at all.
  bool has_effect() const { return after || (!status && delivery != http::Response::Delivery::reset); }
};

class FaultList {
 public:
  /// Returns the new fault's id. `now_ms`: the simulator's clock, as in take().
  long long add(Fault fault, long long now_ms);
  /// The first fault for this call with this body, counted as used. At most one fault spoils a call. Those
  /// whose time is over are dropped.
  std::optional<Fault> take(const std::string& account, const Endpoint& endpoint, long long now_ms,
                            const std::string& body = {});
  bool remove(long long id);
  void clear() { faults_.clear(); }
  const std::vector<Fault>& all() const { return faults_; }

 private:
  long long last_id_ = 0;
  std::vector<Fault> faults_;
};

/// Reads the body of POST /control/faults. The error names the member and what it may be.
Result<Fault> parse_fault(const boost::json::object& members);
boost::json::object to_json(const Fault& fault);

}  // namespace muster::sim
