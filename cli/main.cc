// mdmctl: the command line of Muster, which MicroMDM's users know. cli/commands/commands.cc lists what it can
// do.
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>

#include "base/os/files.h"
#include "base/os/memory.h"
#include "cli/output/printable.h"
#include "cli/run.h"

namespace {

bool ask(const std::string& question) {
  std::cerr << question << " [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

}  // namespace

int main(int argc, char** argv) {
  muster::require_memory_to_start("mdmctl");
  // A connection that the server closes must show as an error, not as a silent death inside libcurl.
  std::signal(SIGPIPE, SIG_IGN);
  std::ios::sync_with_stdio(false);

  const auto variable = [](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return std::string(value ? value : "");
  };
  const bool out_is_terminal = isatty(STDOUT_FILENO) == 1;
  muster::cli::PrintableStream printable(std::cout);
  muster::cli::Environment environment{
      .out = out_is_terminal ? printable : std::cout,
      .err = std::cerr,
      .is_terminal = isatty(STDERR_FILENO) == 1,
      .out_is_terminal = out_is_terminal,
      .has_colour = out_is_terminal && variable("NO_COLOR").empty() && variable("TERM") != "dumb",
      .variable = variable,
      .ask = isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 ? std::function(ask) : nullptr,
      .read_stdin = [](size_t limit) { return muster::read_file("-", limit); },
  };
  return muster::cli::run({argv + 1, argv + argc}, environment);
}
