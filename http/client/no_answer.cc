#include "http/client/no_answer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "base/text/strings.h"

namespace muster::http {
namespace {

constexpr long kLookMs = 5000;    // to look at a certificate once more
constexpr size_t kMostNames = 5;  // of a certificate in a message

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// Whether no_proxy has the host: itself, or a domain that it is in.
bool needs_no_proxy(const std::string& host) {
  std::string list = variable("no_proxy");
  if (list.empty()) list = variable("NO_PROXY");
  for (char& c : list)
    if (c == ' ') c = ',';
  const std::string name = to_lower(host.substr(0, host.find(':')));
  for (std::string entry : split_list(list, ',')) {
    if (entry == "*") return true;
    entry = to_lower(entry);
    if (entry.starts_with(".")) entry.erase(0, 1);
    if (name == entry || name.ends_with("." + entry)) return true;
  }
  return false;
}

// The certificate that the server shows; null when it shows none now.
Certificate certificate_of(const std::string& url) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(), curl_easy_cleanup);
  CURL* const easy = handle.get();
  if (!easy) return {nullptr, X509_free};
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy, CURLOPT_CERTINFO, 1L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, kLookMs);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_certinfo* chain = nullptr;
  if (curl_easy_perform(easy) != CURLE_OK || curl_easy_getinfo(easy, CURLINFO_CERTINFO, &chain) != CURLE_OK ||
      !chain || chain->num_of_certs < 1)
    return {nullptr, X509_free};
  constexpr std::string_view kName = "Cert:";
  for (const curl_slist* line = chain->certinfo[0]; line; line = line->next) {
    const std::string_view text = line->data;
    if (!text.starts_with(kName)) continue;
    const auto pem = text.substr(kName.size());
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    return {PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free};
  }
  return {nullptr, X509_free};
}

std::string date_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (!time || ASN1_TIME_to_tm(time, &parts) != 1) return "an unknown date";
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} UTC", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min);
}

std::string common_name(X509_NAME* name) {
  const int at = name ? X509_NAME_get_index_by_NID(name, NID_commonName, -1) : -1;
  if (at < 0) return {};
  const ASN1_STRING* text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<size_t>(ASN1_STRING_length(text))};
}

// The hosts that it is for.
std::vector<std::string> names_of(X509* certificate) {
  std::vector<std::string> names;
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> all(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      GENERAL_NAMES_free);
  for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type == GEN_DNS)
      names.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                         static_cast<size_t>(ASN1_STRING_length(name->d.dNSName)));
    if (name->type != GEN_IPADD) continue;
    const auto* bytes = ASN1_STRING_get0_data(name->d.iPAddress);
    if (ASN1_STRING_length(name->d.iPAddress) == 4)
      names.push_back(fmt::format("{}.{}.{}.{}", bytes[0], bytes[1], bytes[2], bytes[3]));
  }
  if (names.empty())
    if (auto name = common_name(X509_get_subject_name(certificate)); !name.empty())
      names.push_back(std::move(name));
  if (names.size() > kMostNames) {
    names.resize(kMostNames);
    names.emplace_back("...");
  }
  return names;
}

std::string name_in(const std::string& host) {
  if (host.starts_with("[")) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

bool is_for(X509* certificate, const std::string& name) {
  return X509_check_host(certificate, name.c_str(), name.size(), 0, nullptr) == 1 ||
         X509_check_ip_asc(certificate, name.c_str(), 0) == 1;
}

Error refused_certificate(const ClientRequest& request, const Failed& failed) {
  const std::string host = host_of(request.url);
  Error error{Code::unreachable, "no answer from " + host + ": its TLS certificate is refused", {}, {}};
  // By then its name may stand for another address.
  const auto certificate =
      request.public_only ? Certificate(nullptr, X509_free) : certificate_of(request.url);
  if (!certificate) {
    error.hint = "Install the CA that signed it, or name the CA's file by SSL_CERT_FILE";
    return error;
  }
  const auto names = fmt::format("{}", fmt::join(names_of(certificate.get()), ", "));
  const auto* begin = X509_get0_notBefore(certificate.get());
  const auto* end = X509_get0_notAfter(certificate.get());
  const std::string what =
      fmt::format("no answer from {}: its TLS certificate, for {},", host, names.empty() ? "no name" : names);
  if (X509_cmp_current_time(end) < 0) {
    error.message = fmt::format("{} expired on {}", what, date_of(end));
    error.hint = "Renew the certificate on the server";
  } else if (X509_cmp_current_time(begin) > 0) {
    error.message = fmt::format("{} is valid from {} on only", what, date_of(begin));
    error.hint = "Check the clock of this machine";
  } else if (failed.verify_result != X509_V_OK && failed.verify_result != X509_V_ERR_UNSPECIFIED) {
    const auto issuer = common_name(X509_get_issuer_name(certificate.get()));
    error.message = fmt::format("{} is signed by \"{}\" and not trusted here: {}", what, issuer,
                                X509_verify_cert_error_string(failed.verify_result));
    error.hint = "Install the CA that signed it, or name the CA's file by SSL_CERT_FILE";
  } else if (!is_for(certificate.get(), name_in(host))) {
    error.message = fmt::format("{} is for other names than {}", what, name_in(host));
    error.hint = "Use a name that the certificate is for, or give the server a certificate for this one";
  }
  return error;
}

}  // namespace

std::string host_of(const std::string& url) {
  const size_t start = url.find("://");
  const size_t host = start == std::string::npos ? 0 : start + 3;
  const std::string authority = url.substr(host, url.find_first_of("/?#", host) - host);
  return authority.substr(authority.rfind('@') + 1);  // npos + 1 is 0
}

std::optional<ProxySetting> proxy_for(const std::string& url) {
  if (needs_no_proxy(host_of(url))) return std::nullopt;
  // HTTP_PROXY is not read: in a CGI program it is what a client sent as the header `Proxy`.
  const auto names = url.starts_with("https:")
                         ? std::vector<const char*>{"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}
                         : std::vector<const char*>{"http_proxy", "all_proxy", "ALL_PROXY"};
  for (const char* name : names)
    if (const auto value = variable(name); !value.empty()) return ProxySetting{name, host_of(value)};
  return std::nullopt;
}

Error proxy_wants_login(const std::string& url) {
  const auto proxy = proxy_for(url).value_or(ProxySetting{"https_proxy", "in between"});
  return {Code::unreachable,
          fmt::format("no answer from {}: the proxy {} ({}) wants a user name and a password (407)",
                      host_of(url), proxy.host, proxy.variable),
          fmt::format("Put them into {}, as http://USER:PASSWORD@PROXY:PORT, or exclude the host by no_proxy",
                      proxy.variable),
          {}};
}

Error no_answer(const ClientRequest& request, const Failed& failed) {
  const std::string host = host_of(request.url);
  const auto proxy = proxy_for(request.url);
  // The system's reason says more than "couldn't connect": refused, or no route?
  const bool by_system = failed.code == CURLE_COULDNT_CONNECT && failed.system_error != 0;
  const std::string reason = to_lower(by_system ? std::strerror(static_cast<int>(failed.system_error))
                                                : curl_easy_strerror(failed.code));
  constexpr long kLoginWanted = 407;
  if (proxy && failed.connect_status == kLoginWanted) return proxy_wants_login(request.url);
  if (proxy && failed.connect_status >= 300)
    return {Code::unreachable,
            fmt::format("no answer from {}: the proxy {} ({}) refused the connection with status {}", host,
                        proxy->host, proxy->variable, failed.connect_status),
            fmt::format("Ask who runs the proxy to allow {}, or exclude the host by no_proxy", host),
            {}};
  const bool is_of_proxy = failed.code == CURLE_COULDNT_RESOLVE_PROXY || failed.code == CURLE_COULDNT_CONNECT;
  if (proxy && is_of_proxy)
    return {
        Code::unreachable,
        fmt::format("no answer from {}: the proxy {} ({}): {}", host, proxy->host, proxy->variable, reason),
        fmt::format("Check the variable {} and the proxy, or exclude the host by no_proxy", proxy->variable),
        {}};
  Error error{Code::unreachable, fmt::format("no answer from {}: {}", host, reason), {}, {}};
  switch (failed.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: error.hint = "Check the name and this machine's DNS"; break;
    case CURLE_COULDNT_CONNECT:
      error.hint = "Check that it is running and that no firewall blocks the connection";
      break;
    case CURLE_PEER_FAILED_VERIFICATION: return refused_certificate(request, failed);
    case CURLE_SSL_CACERT_BADFILE: error.hint = "Check the file that SSL_CERT_FILE names"; break;
    case CURLE_SSL_CONNECT_ERROR:
      error.hint = "Check that it serves HTTPS on this port, and not plain HTTP";
      break;
    default: break;
  }
  return error;
}

}  // namespace muster::http
