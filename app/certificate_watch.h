// The server's certificate: taken anew when its files change, and told of before it ends.
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>

#include "base/clock.h"
#include "http/server.h"
#include "http/tls_files.h"

namespace muster::app {

class CertificateWatch {
 public:
  /// Nothing to watch without files.
  explicit CertificateWatch(std::optional<http::TlsFiles> files);

  /// Warns when the certificate ends within 30 days, or has ended. As the server starts.
  void begin(Time now);
  /// Has the server take the files anew when they changed since, or always when `asked`. Now and then, by one thread: it warns
  /// again each day.
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
