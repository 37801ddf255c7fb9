#include "tests/torture/victim.h"

#include <csignal>
#include <fstream>
#include <stdexcept>

#include "tests/e2e/world/server_log.h"
#include "tests/support/master_keys.h"
#include "tests/support/places.h"

namespace muster::torture {
namespace {

constexpr std::string_view kListening = "muster listening on ";

}  // namespace

std::vector<std::string> serve_flags(const std::string& directory, const std::string& depsim) {
  return {"-api-key",     kApiKey,          "-http-addr", "127.0.0.1:0", "-tls=false",
          "-config-path", directory,        "-depsim",    depsim,        "-sync-interval",
          "10s",          "-request-limit", "0"};
}

std::vector<std::string> complaints_in(const std::string& log) {
  std::vector<std::string> found;
  for (const auto& line : test::lines_of(log)) {
    const auto event = line.event();
    if (event == "api.failed" || event == "internal.error" ||
        line.text().find("muster.db failed") != std::string::npos)
      found.push_back(line.text());
  }
  return found;
}

void Victim::start() {
  std::vector<std::string> argv{test::binary("muster"), "serve"};
  argv.insert(argv.end(), flags_.begin(), flags_.end());
  process_ = std::make_unique<test::Process>(argv, test::with_master_key(argv));
}

std::string Victim::await_url() {
  const auto line = process_->wait_for_line(std::string(kListening));
  if (!line) throw std::runtime_error("muster did not start again\n" + process_->output());
  return line->substr(kListening.size());
}

void Victim::kill() {
  process_->send_signal(SIGKILL);
  const auto exit = process_->wait_exit();
  std::ofstream(log_file_, std::ios::app) << process_->err() << "--- SIGKILL\n";
  if (exit != 128 + SIGKILL) throw std::runtime_error("muster ended by itself\n" + process_->output());
  for (auto& line : complaints_in(process_->err())) complaints_.push_back(std::move(line));
  process_.reset();
}

}  // namespace muster::torture
