#include "cli/client/pages.h"

#include <set>

#include "base/text/encoding.h"
#include "cli/output/fields.h"

namespace muster::cli {

Result<> each_page(Api& server, const std::string& path,
                   const std::function<bool(const boost::json::object&)>& take) {
  const char* joint = path.find('?') == std::string::npos ? "?" : "&";
  std::string cursor;
  // One cursor a page: a server that goes in circles is noticed at the first repeat.
  std::set<std::string> seen;
  do {
    MUSTER_TRY(const auto page,
               server.get(cursor.empty() ? path : path + joint + "cursor=" + percent_encode(cursor)));
    if (!take(page)) return {};
    cursor = text_of(page, "next_cursor");
    if (!cursor.empty() && !seen.insert(cursor).second)
      return failure(Code::remote, "the server gave the same page twice, so the list is not complete",
                     "Try again; if it stays so, the server's log may say why");
  } while (!cursor.empty());
  return {};
}

}  // namespace muster::cli
