#include <fmt/format.h>
#include <unistd.h>

#include <functional>
#include <ostream>

#include "base/os/files.h"
#include "cli/client/call.h"
#include "cli/commands/commands.h"

namespace muster::cli {
namespace {

constexpr std::string_view kBeginning = "SQLite format 3";  // of every database file
constexpr int kMode = 0600;                                 // the tokens are in it

Error no_database() {
  return {Code::remote,
          "what the server sent is not a database; nothing was written",
          "Check that the server-url of `mdmctl config print` is a Muster server",
          {}};
}

// What comes, piece by piece, and what went wrong with it: the client only learns that it is to stop. Nothing
// is handed on before it is known to be a database.
class Pieces {
 public:
  explicit Pieces(std::function<Result<>(std::string_view)> hand_on) : hand_on_(std::move(hand_on)) {}

  bool take(std::string_view piece) {
    outcome_ = add(piece);
    return outcome_.has_value();
  }
  std::uint64_t bytes() const { return bytes_; }
  const Result<>& outcome() const { return outcome_; }
  bool is_database() const { return beginning_.size() >= kBeginning.size(); }

 private:
  Result<> add(std::string_view piece) {
    bytes_ += piece.size();
    if (is_database()) return hand_on_(piece);
    beginning_ += piece;
    if (!is_database()) return {};
    if (!beginning_.starts_with(kBeginning)) return failure(no_database());
    return hand_on_(beginning_);
  }

  const std::function<Result<>(std::string_view)> hand_on_;
  std::uint64_t bytes_ = 0;
  std::string beginning_;
  Result<> outcome_;
};

Result<> download(Call& call, Pieces& pieces) {
  MUSTER_TRY(auto server, call.server());
  std::uint64_t shown = 0;
  const auto sent = server.download("/api/v1/backup", [&](std::string_view piece) {
    if (const auto megabytes = pieces.bytes() >> 20; megabytes != shown)
      call.progress(fmt::format("{} MiB received", shown = megabytes));
    return pieces.take(piece);
  });
  call.progress("");
  MUSTER_TRY(pieces.outcome());
  MUSTER_TRY(sent);
  if (!pieces.is_database()) return failure(no_database());
  return {};
}

constexpr const char* kKeepSafe =
    "Its tokens and keys are sealed: to restore it, you need the server's master key, which is not in it.\n";

Result<> to_standard_output(Call& call) {
  if (call.out_is_terminal())
    return failure(Code::invalid, "a database cannot be shown on a terminal",
                   "Name a file, or send the output on: mdmctl backup -o - | ...");
  Pieces pieces([&](std::string_view piece) -> Result<> {
    if (call.out().write(piece.data(), static_cast<std::streamsize>(piece.size()))) return {};
    return failure(Code::internal, "the output could not be written completely");
  });
  return download(call, pieces);
}

}  // namespace

Result<> backup(Call& call) {
  std::string path;
  bool force = false;
  auto flags = call.flags();
  flags.add("o", &path,
            "the file to write, - for standard output; its secrets are sealed with the server's master key",
            "FILE");
  flags.add("force", &force, "replace an existing file");
  MUSTER_TRY(call.parse(flags));
  if (path.empty()) return call.misuse(flags, "-o is needed: the file to write");
  if (path == "-" && force) return call.misuse(flags, "-force has no effect on standard output");
  if (path == "-") return to_standard_output(call);
  constexpr const char* kReplaceHint = "Choose another name, or replace it with -force";
  if (!force && ::access(path.c_str(), F_OK) == 0)
    return failure(Code::conflict, path + " exists already", kReplaceHint);

  MUSTER_TRY(auto file, NewFile::create(path, kMode));
  Pieces pieces([&](std::string_view piece) { return file.add(piece); });
  MUSTER_TRY(download(call, pieces));
  auto kept = file.keep(force);
  if (!kept && kept.error().code == Code::conflict) kept.error().hint = kReplaceHint;
  MUSTER_TRY(kept);
  call.out() << fmt::format("Wrote {} bytes to: {}\n", pieces.bytes(), path);
  call.out() << kKeepSafe;
  return {};
}

}  // namespace muster::cli
