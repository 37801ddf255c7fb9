#include "cli/client/redirect.h"

#include <boost/url.hpp>

#include "base/text/strings.h"

namespace muster::cli {

Result<Redirect> resolve_redirect(const std::string& from, const std::string& location) {
  const auto nowhere = [&] {
    return failure(Code::remote, "the server redirects to \"" + location + "\", which cannot be followed",
                   "Check the server-url of `mdmctl config print`");
  };
  const auto base = boost::urls::parse_uri(from);
  const auto reference = boost::urls::parse_uri_reference(location);
  if (!base || !reference) return nowhere();
  boost::urls::url target;
  if (!boost::urls::resolve(*base, *reference, target)) return nowhere();
  target.remove_fragment();
  if ((target.scheme() != "http" && target.scheme() != "https") || target.host().empty()) return nowhere();
  const bool same_host = equals_ignoring_case(base->host(), target.host());
  const bool downgraded = base->scheme() == "https" && target.scheme() == "http";
  return Redirect{.url = std::string(target.buffer()), .may_carry_key = same_host && !downgraded};
}

}  // namespace muster::cli
