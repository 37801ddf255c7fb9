// Apple's cursor: unpadded base64 of colon text, as seen live from 2018 to 2025:
//
//   0:0:1536427698914:1536427698914:true:1536427698914      limit : offset : last operation : request : done
//   : last operation
//
// A fetch that is not done carries in `offset` where in the list to continue and in `request` when it began,
// because the list it shows is the one of that moment. A cursor that is done carries in `offset` how many
// operations of the last millisecond were delivered already; 0 means all of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace muster::sim {

struct Cursor {
  long long limit = 0;  ///< as asked for; 0 when the request had none
  long long offset = 0;
  long long last_operation_ms = 0;
  long long request_ms = 0;
  bool fetch_complete = false;

  std::string text() const;
  static std::optional<Cursor> parse(std::string_view text);
};

}  // namespace muster::sim
