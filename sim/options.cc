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
  flags.add("listen", &listen, "address to listen on; port 0 takes a free one", "HOST:PORT")
      .env({"DEPSIM_LISTEN"});
  flags.add("devices", &options.devices, "devices that the first account has to begin with");
  flags.add("seed", &seed, "the same seed gives the same serials, kinds and tokens");
  flags.add("accounts", &accounts, "accounts to begin with; the first has the well-known token",
            "NAME[,NAME]");
  flags.add("tls-cert", &tls_certificate, "PEM file of the certificate: HTTPS instead of HTTP", "FILE");
  flags.add("tls-key", &tls_key, "PEM file of its key", "FILE");
  flags.add("clock", &clock, "the simulator's time to begin with, at which it stands still until it is moved",
            "DATE");
  std::string ignored;
  flags
      .add("fault", &ignored,
           "a fault to begin with, as POST /control/faults takes it; may be given many times", "JSON")
      .store = [&faults](const std::string& text) -> Result<> {
    faults.push_back(text);
    return {};
  };
  flags.add("faults", &fault_file, "a script of faults to begin with, one a line", "FILE");
  flags.add("pages-ahead", &options.pages_ahead,
            "make the pages of the full list before anyone asks, to measure a client rather than this");
  flags.add("log-calls", &options.log_calls, "log every call of Apple's service on standard error");
  flags.add("version", &options.version, "print the version and end");
  options.settings.add_flags(flags);
  MUSTER_TRY(const auto rest, flags.parse(args));
  if (!rest.empty())
    return failure(Code::invalid, "\"" + rest[0] + "\" is no flag", "depsim -help lists the flags");

  MUSTER_TRY(options.listen, http::parse_address(listen));
  MUSTER_TRY(options.settings.check());
  if (options.devices < 0 || options.devices > kMostDevices)
    return failure(Code::invalid, "-devices must be between 0 and " + std::to_string(kMostDevices));
  if (tls_certificate.empty() != tls_key.empty())
    return failure(Code::invalid, "-tls-cert and -tls-key go together");
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
  if (options.accounts.empty()) return failure(Code::invalid, "-accounts names no account");
  return options;
}

}  // namespace muster::sim
