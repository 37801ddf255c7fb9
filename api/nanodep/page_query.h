// The page of a list that a call of NanoDEP's asks for.
#pragma once

#include <limits>

#include "api/query.h"

namespace muster::api::nanodep {

struct PageQuery {
  static constexpr long long kUsualLimit = 100;

  long long offset = 0, limit = kUsualLimit;
};

/// `offset` and `limit`. Code::invalid names the one that is no number, or too small.
inline Result<PageQuery> page_query(const Call& call) {
  constexpr long long kMost = std::numeric_limits<long long>::max();
  PageQuery page;
  MUSTER_TRY(page.limit, number_in_query(call, "limit", 1, kMost, page.limit));
  MUSTER_TRY(page.offset, number_in_query(call, "offset", 0, kMost, page.offset));
  return page;
}

}  // namespace muster::api::nanodep
