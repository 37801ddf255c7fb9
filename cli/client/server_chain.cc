#include "cli/client/server_chain.h"

#include <curl/curl.h>

#include <cstdlib>
#include <memory>

#include "cli/client/certificate.h"

namespace muster::cli {
namespace {

constexpr long kTimeoutMs = 30'000;

// libcurl gives `Name:value` lines for each certificate; the one named Cert is its PEM.
std::string pem_of(const curl_certinfo& chain) {
  constexpr std::string_view kName = "Cert:";
  std::string pem;
  for (int i = 0; i < chain.num_of_certs; ++i)
    for (const curl_slist* line = chain.certinfo[i]; line; line = line->next)
      if (const std::string_view text = line->data; text.starts_with(kName))
        pem.append(text.substr(kName.size())).append("\n");
  return pem;
}

size_t discard(char*, size_t size, size_t count, void*) { return size * count; }

}  // namespace

Result<std::vector<std::string>> chain_of_server(const ServerConfig& server) {
  if (!server.server_url.starts_with("https://"))
    return failure(Code::invalid, server.server_url + " is not an https server, so it shows no certificate",
                   "Name the certificate's file by -anchor");
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(), curl_easy_cleanup);
  CURL* const curl = handle.get();
  if (!curl) return failure(Code::internal, "libcurl could not make a handle");
  const std::string url = server.server_url + "/version";
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(curl, CURLOPT_CERTINFO, 1L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, kTimeoutMs);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, discard);
  if (server.skip_verify) {
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (const char* file = std::getenv("SSL_CERT_FILE"); file && *file)
    curl_easy_setopt(curl, CURLOPT_CAINFO, file);

  const CURLcode code = curl_easy_perform(curl);
  if (code != CURLE_OK)
    return failure(
        Code::unreachable, "no certificate from " + server.server_url + ": " + curl_easy_strerror(code),
        code == CURLE_PEER_FAILED_VERIFICATION
            ? "It is not trusted here: name its file by -anchor, or use `mdmctl config set -skip-verify`"
            : "Check that the server runs");
  curl_certinfo* chain = nullptr;
  if (curl_easy_getinfo(curl, CURLINFO_CERTINFO, &chain) != CURLE_OK || !chain)
    return failure(Code::internal, "libcurl gave no certificates of " + server.server_url);
  auto certificates = certificates_of_pem(pem_of(*chain));
  if (!certificates)
    return failure(certificates.error().while_doing("the certificates of " + server.server_url));
  return certificates;
}

}  // namespace muster::cli
