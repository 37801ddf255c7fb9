#include <boost/json.hpp>
#include <ostream>

#include "base/text/encoding.h"
#include "cli/client/call.h"
#include "cli/commands/commands.h"

namespace muster::cli {

Result<> apply_dep_tokens(Call& call) {
  constexpr size_t kTokenLimit = 1 << 20;  // bytes; Apple's files have about 3 KiB
  std::string path;
  bool force = false;
  auto flags = call.flags();
  flags.add("import", &path,
            "filename of the token downloaded from Apple's portal (.p7m); - reads standard input", "FILE");
  flags.add("force", &force,
            "take it even when it is of another service of the portal than the present token");
  MUSTER_TRY(call.parse(flags));
  if (path.empty()) return call.misuse(flags, "must provide -import parameter");

  MUSTER_TRY(const auto content, call.read_input(path, kTokenLimit));
  if (content.empty())
    return failure(Code::invalid, path + " is empty", "Download the token again from Apple's portal");
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(server.send("PUT", force ? "/v1/dep-tokens?force=1" : "/v1/dep-tokens",
                         boost::json::object({{"p7m_content", base64_encode(content)}})));
  call.out() << "imported DEP token\n";
  return {};
}

}  // namespace muster::cli
