#include <fmt/format.h>
#include <unistd.h>

#include <ostream>

#include "base/files.h"
#include "cli/call.h"
#include "cli/commands.h"

namespace muster::cli {
namespace {

constexpr std::string_view kBeginning = "SQLite format 3";  // of every database file
constexpr int kMode = 0600;                                 // the tokens are in it

// What has come so far, and what went wrong with it: the client only learns that it is to stop.
struct Download {
  NewFile& file;
  std::uint64_t bytes = 0;
  std::string beginning = {};
  Result<> outcome = {};

  bool take(std::string_view piece) {
    if (beginning.size() < kBeginning.size())
      beginning += piece.substr(0, kBeginning.size() - beginning.size());
    bytes += piece.size();
    outcome = file.add(piece);
    return outcome.has_value();
  }
};

}  // namespace

Result<> backup(Call& call) {
  std::string path;
  bool force = false;
  auto flags = call.flags();
  flags.add("o", &path, "the file to write; it holds the tokens and keys of every account", "FILE");
  flags.add("force", &force, "replace the file when it is there");
  MUSTER_TRY(call.parse(flags));
  if (path.empty()) return call.misuse(flags, "-o is needed: the file to write");
  constexpr const char* kReplaceHint = "Choose another name, or replace it with -force";
  if (!force && ::access(path.c_str(), F_OK) == 0)
    return failure(Code::conflict, path + " exists already", kReplaceHint);

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(auto file, NewFile::create(path, kMode));
  Download download{file};
  const auto sent =
      server.download("/api/v1/backup", [&download](std::string_view piece) { return download.take(piece); });
  MUSTER_TRY(download.outcome);
  MUSTER_TRY(sent);
  if (download.beginning != kBeginning)
    return failure(Code::remote, "what the server sent is not a database; nothing was written",
                   "Check that the server-url of `mdmctl config print` is a Muster server");
  auto kept = file.keep(force);
  if (!kept && kept.error().code == Code::conflict) kept.error().hint = kReplaceHint;
  MUSTER_TRY(kept);
  call.out() << fmt::format("Wrote {} bytes to: {}\n", download.bytes, path);
  call.out() << "It holds the tokens and keys of every account: keep it as safe as the server itself.\n";
  return {};
}

}  // namespace muster::cli
