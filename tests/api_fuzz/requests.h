// Requests made from docs/openapi.yaml: most of them nearly right.
#pragma once

#include <string>

#include "tests/api_fuzz/odd_values.h"
#include "tests/e2e/world/described_api.h"

namespace muster::api_fuzz {

struct ApiRequest {
  std::string method;
  std::string target;  ///< path and query
  std::string body;    ///< "" for none
};

/// A request for this call: an example of the file or a value of its schema, more or less spoilt.
ApiRequest make_request(const test::DescribedCall& call, Dice& dice);

}  // namespace muster::api_fuzz
