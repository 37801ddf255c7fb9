#include "sim/options.h"

#include <iterator>

#include "base/text/flags.h"
#include "base/text/strings.h"
#include "base/time/rfc3339.h"
#include "http/url.h"
#include "sim/faults/fault_script.h"

namespace muster::sim {
namespace {

constexpr long long kMostDevices = 5'000'000;

}  // namespace

Result<Options> parse_options(const std::vector<std::string>& args) {
  Options options;
  std::string listen = "127.0.0.1:8080";
  std::string accounts = "default";
  std::string tls_certificate;
  std::string tls_key;
  std::string clock, fault_file;
  std::vector<std::string> faults;
  long long seed = 1;
  FlagSet flags("depsim", "A simulator of Apple's device assignment service (Automated Device Enrollment).");
  flags.add("listen", &listen, "listen address", "HOST:PORT").env({"DEPSIM_LISTEN"});
  flags.add("devices", &options.devices,
            "existing devices of the first account, assigned over the last two years; never in sync");
  flags.add("seed", &seed, "seed for tokens, serial numbers and models");
  flags.add("accounts", &accounts, "initial accounts, separated by commas", "NAME[,NAME]");
  flags.add("tls-cert", &tls_certificate, "PEM file with a certificate, for HTTPS; requires -tls-key",
            "FILE");
  flags.add("tls-key", &tls_key, "PEM file with the private key", "FILE");
  flags.add("clock", &clock, "initial simulated time; the clock then stands still until it is moved", "DATE");
  std::string ignored;
  flags.add("fault", &ignored, "an initial fault, as JSON; may be repeated", "JSON").store =
      [&faults](const std::string& text) -> Result<> {
    faults.push_back(text);
    return {};
  };
  flags.add("faults", &fault_file, "file with initial faults, one per line", "FILE");
  flags.add(
      "pages-ahead", &options.pages_ahead,
      "prepare the pages of the first account's full list in advance (0.6 GB for a million devices), to measure "
      "a client instead of the simulator");
  flags.add("log-calls", &options.log_calls, "log each call to Apple's service on standard error");
  flags.add("version", &options.version, "print the version and exit");
  options.settings.add_flags(flags);
  MUSTER_TRY(const auto rest, flags.parse(args));
  if (!rest.empty())
    return failure(Code::invalid, "\"" + rest[0] + "\" is not a flag", "`depsim -help` lists the flags");

  MUSTER_TRY(options.listen, http::parse_address(listen));
  MUSTER_TRY(options.settings.check());
  if (options.devices < 0 || options.devices > kMostDevices)
    return failure(Code::invalid, "-devices must be between 0 and " + std::to_string(kMostDevices));
  if (tls_certificate.empty() != tls_key.empty())
    return failure(Code::invalid, "-tls-cert and -tls-key must be used together");
  if (!tls_certificate.empty()) options.tls = http::TlsFiles{.certificate = tls_certificate, .key = tls_key};
  if (!clock.empty()) {
    options.clock = parse_rfc3339(clock);
    if (!options.clock) return failure(Code::invalid, "-clock must be a date such as 2026-01-17T11:02:21Z");
  }
  for (const auto& text : faults) {
    auto fault = parse_fault(text);
    if (!fault) return failure(fault.error().while_doing("-fault"));
    options.faults.push_back(std::move(*fault));
  }
  if (!fault_file.empty()) {
    MUSTER_TRY(auto script, read_fault_script(fault_file));
    std::move(script.begin(), script.end(), std::back_inserter(options.faults));
  }
  options.seed = static_cast<uint64_t>(seed);
  options.accounts = split_list(accounts, ',');
  if (options.accounts.empty()) return failure(Code::invalid, "-accounts contains no account");
  return options;
}

}  // namespace muster::sim
