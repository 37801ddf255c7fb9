// Why a request got no answer, so that whoever reads it knows what to change: the proxy and its variable, the
// certificate with its names and dates.
#pragma once

#include <curl/curl.h>

#include <optional>
#include <string>

#include "http/client/client.h"

namespace muster::http {

/// Host and port of a URL, for messages; never the user and password that it may carry.
std::string host_of(const std::string& url);

/// The proxy that the environment names for a URL, as libcurl reads it.
struct ProxySetting {
  std::string variable;  ///< `https_proxy`
  std::string host;      ///< host and port, without credentials
};
std::optional<ProxySetting> proxy_for(const std::string& url);

/// What libcurl knows of a transfer that failed.
struct Failed {
  CURLcode code = CURLE_OK;
  long system_error = 0;    ///< errno of the connection; 0 for none
  long connect_status = 0;  ///< the proxy's answer to CONNECT; 0 for none
  long verify_result = 0;   ///< OpenSSL's X509_V_ERR_...; 0 for none
};

/// The error for the caller. For a certificate that is refused the server is connected to once more, to see
/// the certificate; nothing is sent.
Error no_answer(const ClientRequest& request, const Failed& failed);

/// The error for an answer 407, which only a proxy gives.
Error proxy_wants_login(const std::string& url);

}  // namespace muster::http
