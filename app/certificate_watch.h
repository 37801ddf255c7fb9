// The server's certificate: reloaded when its files change, with a warning before it expires.
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>

#include "base/time/clock.h"
#include "http/server/net/tls_files.h"
#include "http/server/server.h"

namespace muster::app {

class CertificateWatch {
 public:
  /// Nothing to watch without files.
  explicit CertificateWatch(std::optional<http::TlsFiles> files);

  /// Warns when the certificate ends within 30 days, or has ended. As the server starts.
  void begin(Time now);
  /// Has the server reload the files when they have changed, or always when `asked`. To be called regularly,
  /// by one thread; it repeats its warning each day.
  void look(http::Server& server, Time now, bool asked);

  /// When the certificate that is served ends; nothing without TLS. Any thread.
  std::optional<Time> end() const;

 private:
  using FileTime = std::filesystem::file_time_type;

  FileTime changed_at() const;
  void learn_end();
  void warn(Time now);

  const std::optional<http::TlsFiles> files_;
  FileTime taken_{};
  std::atomic<long long> end_{0};  // ms; 0: unknown
  std::optional<Time> warned_at_;
};

}  // namespace muster::app
