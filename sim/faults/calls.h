// Records calls: counts by kind, and the latest calls in full, so that a test can check "2,500 devices
// assigned in 3 calls".
#pragma once

#include <boost/json/object.hpp>
#include <deque>
#include <map>
#include <string>

#include "sim/faults/endpoints.h"
#include "sim/world/assigning.h"

namespace muster::sim {

struct CallRecord {
  long long ms = 0;     ///< the simulator's clock
  std::string account;  ///< "" when the call named none that exists
  std::string name;     ///< the endpoint's, "" for an unknown path
  std::string method;
  std::string path;
  std::string user_agent;
  int version = 0;  ///< of the protocol, as taken
  int status = 0;
  std::string word;    ///< of a refusal
  size_t serials = 0;  ///< in the request
  size_t rows = 0;     ///< in the answer
  long long limit = 0;
  std::string cursor;     ///< in the request
  SerialResults results;  ///< of assign, remove, disown; counted, not kept
  long long fault = 0;    ///< id of the fault that spoilt it
  std::string delivery = "whole";
};

class CallBook {
 public:
  explicit CallBook(size_t keep = 10'000) : keep_(keep) {}

  void record(CallRecord call);
  void reset(long long now_ms);

  /// Counts since the last reset: in all, by endpoint, by account, by word, and of assign calls.
  boost::json::object counts() const;
  /// The last `limit` calls, oldest first, of one account or with "" of all.
  boost::json::array log(size_t limit, const std::string& account) const;

 private:
  struct SerialCounts {
    long long calls = 0;
    long long serials = 0;
    long long most_in_one_call = 0;
    std::map<std::string, long long> results;
  };
  static boost::json::object to_json(const SerialCounts& counts);

  size_t keep_;
  long long since_ms_ = 0;
  long long total_ = 0;
  std::map<std::string, long long> by_endpoint_;
  std::map<std::string, std::map<std::string, long long>> by_account_;
  std::map<std::string, long long> by_status_;
  std::map<std::string, SerialCounts> serials_;  // by endpoint name
  static constexpr size_t kMostRepeated = 1000;
  std::vector<std::string>
      repeated_;  // serials that were assigned what they had been assigned since they arrived
  std::deque<CallRecord> log_;
};

}  // namespace muster::sim
