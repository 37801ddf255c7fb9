// muster: the server. `muster serve` runs it.
#include <cstdio>
#include <string>
#include <vector>

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
    "  muster version          print the version\n"
    "\n"
    "To use the server, run mdmctl.\n";

int fail(const muster::Error& error) {
  std::fprintf(stderr, "muster: %s\n", error.text().c_str());
  return 1;
}

int serve(const std::vector<std::string>& args) {
  const auto config = muster::app::read_config(args);
  if (!config && config.error().code == muster::Code::cancelled) {
    std::fputs(config.error().message.c_str(), stdout);
    return 0;
  }
  if (!config) return fail(config.error());
  muster::give_back_large_blocks();
  muster::SystemClock clock;
  const auto served =
      muster::contain(muster::Place::start, [&] { return muster::app::serve(*config, clock); });
  return served ? 0 : fail(served.error());
}

}  // namespace

int main(int argc, char** argv) {
  muster::app::take_signals();
  const std::vector<std::string> args(argv + 1, argv + argc);
  const std::string command = args.empty() ? "" : args[0];
  if (command == "serve") return serve({args.begin() + 1, args.end()});
  if (command == "version" || command == "-version" || command == "--version") {
    std::puts("muster " MUSTER_VERSION);
    return 0;
  }
  const bool asked = command == "help" || command == "-h" || command == "-help" || command == "--help";
  if (!command.empty() && !asked) std::fprintf(stderr, "muster: unknown command \"%s\"\n\n", command.c_str());
  std::fputs(kUsage, asked ? stdout : stderr);
  return asked ? 0 : 1;
}
