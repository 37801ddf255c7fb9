#include "sim/options.h"

#include "base/flags.h"
#include "base/strings.h"
#include "http/url.h"

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
  options.seed = static_cast<uint64_t>(seed);
  options.accounts = split_list(accounts, ',');
  if (options.accounts.empty()) return failure(Code::invalid, "-accounts names no account");
  return options;
}

}  // namespace muster::sim
