#include "app/certificate_watch.h"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

#include "base/log/log.h"
#include "base/time/rfc3339.h"

namespace muster::app {
namespace {

// Certificates of a public authority are renewed 30 days ahead.
constexpr auto kNotice = std::chrono::days(30);
constexpr auto kBetweenWarnings = std::chrono::days(1);

}  // namespace

CertificateWatch::CertificateWatch(std::optional<http::TlsFiles> files)
    : files_(std::move(files)), taken_(changed_at()) {
  learn_end();
}

void CertificateWatch::begin(Time now) { warn(now); }

void CertificateWatch::look(http::Server& server, Time now, bool asked) {
  if (!files_) return;
  const auto changed = changed_at();
  if (asked || changed != taken_) {
    taken_ = changed;  // also when it fails: not again before they change again
    const auto taken = server.reload_tls();
    if (taken) {
      learn_end();
      warned_at_.reset();
      log::info("server.certificate_loaded",
                {{"file", files_->certificate}, {"until", end() ? format_rfc3339(*end()) : ""}});
    } else {
      log::error("server.certificate_rejected", {{"reason", taken.error().text()}});
    }
  }
  warn(now);
}

std::optional<Time> CertificateWatch::end() const {
  const long long end = end_;
  return end == 0 ? std::nullopt : std::optional(from_millis(end));
}

// The newer of the two files; they may be symbolic links that are replaced.
CertificateWatch::FileTime CertificateWatch::changed_at() const {
  if (!files_) return {};
  std::error_code missing;
  const auto certificate = std::filesystem::last_write_time(files_->certificate, missing);
  const auto key = std::filesystem::last_write_time(files_->key, missing);
  return std::max(certificate, key);
}

void CertificateWatch::learn_end() {
  if (!files_) return;
  const auto end = http::end_of_certificate(*files_);
  end_ = end ? to_millis(*end) : 0;
}

void CertificateWatch::warn(Time now) {
  const auto ends = end();
  if (!ends || *ends - now > kNotice) return;
  if (warned_at_ && now - *warned_at_ < kBetweenWarnings) return;
  warned_at_ = now;
  log::warn("server.certificate_expiring",
            {{"file", files_->certificate}, {"until", format_rfc3339(*ends)}, {"expired", *ends <= now}});
}

}  // namespace muster::app
