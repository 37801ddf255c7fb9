#include "cli/input/token_file.h"

#include "cli/input/file_kind.h"

namespace muster::cli {
namespace {

constexpr size_t kTokenLimit = 1 << 20;  // bytes; Apple's files have about 3 KiB

}  // namespace

Result<std::string> read_token(const Call& call, const std::string& path) {
  MUSTER_TRY(auto content, call.read_text(path, kTokenLimit));
  if (content.empty())
    return failure(Code::invalid, name_of_input(path) + " is empty",
                   "Download the token again from Apple's portal");
  return content;
}

Result<std::string> read_token_file(const Call& call, const std::string& path) {
  MUSTER_TRY(auto content, read_token(call, path));
  MUSTER_TRY(check_kind(call, path, content, {DocumentKind::server_token},
                        "a server token of Apple's portal (.p7m)"));
  return content;
}

}  // namespace muster::cli
