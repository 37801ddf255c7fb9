// muster: the server. `muster serve` runs it.
#include <cstdio>
#include <string>
#include <vector>

#include "app/move.h"
#include "app/serve.h"
#include "app/signals.h"
#include "base/os/memory.h"
#include "base/threads/contain.h"

namespace {

constexpr const char* kUsage =
    "muster keeps an organisation's Apple devices assigned to the right enrollment profile.\n"
    "\n"
    "USAGE\n"
    "  muster serve [flags]    run the server; `muster serve -help` lists the flags\n"
    "  muster move [flags]     move the data of a stopped server between SQLite and PostgreSQL\n"
    "  muster version          print the version\n"
    "\n"
    "To use the server, run mdmctl.\n";

int fail(const muster::Error& error) {
  std::fprintf(stderr, "muster: %s\n", error.text().c_str());
  return 1;
}

// Code::cancelled with the help, where only that was asked for.
muster::Result<> read_flags_and_serve(const std::vector<std::string>& args) {
  MUSTER_TRY(const auto config, muster::app::read_config(args));
  muster::SystemClock clock;
  return muster::app::serve(config, clock);
}

template <class Command>
int run(Command&& command) {
  const auto done = muster::contain(muster::Place::start, command);
  if (done) return 0;
  if (done.error().code != muster::Code::cancelled) return fail(done.error());
  std::fputs(done.error().message.c_str(), stdout);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  muster::require_memory_to_start("muster");
  const std::vector<std::string> args(argv + 1, argv + argc);
  const std::string command = args.empty() ? "" : args[0];
  const std::vector<std::string> flags(args.empty() ? args.end() : args.begin() + 1, args.end());
  if (command == "serve") {
    muster::app::take_signals();
    return run([&] { return read_flags_and_serve(flags); });
  }
  if (command == "move") return run([&] { return muster::app::move_data(flags); });
  if (command == "version" || command == "-version" || command == "--version") {
    std::puts("muster " MUSTER_VERSION);
    return 0;
  }
  const bool asked = command == "help" || command == "-h" || command == "-help" || command == "--help";
  if (!command.empty() && !asked) std::fprintf(stderr, "muster: unknown command \"%s\"\n\n", command.c_str());
  std::fputs(kUsage, asked ? stdout : stderr);
  return asked ? 0 : 1;
}
