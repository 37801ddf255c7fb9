// The certificate that a server shows, and its key.
#pragma once

#include <string>

#include "base/result.h"
#include "base/time/clock.h"

namespace muster::http {

struct TlsFiles {
  std::string certificate;  ///< path of a PEM file: the certificate, then its chain
  std::string key;          ///< path of a PEM file
};

/// When the certificate ends. Code::invalid when the file cannot be read.
Result<Time> end_of_certificate(const TlsFiles& files);

}  // namespace muster::http
