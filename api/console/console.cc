#include "api/console/console.h"

#include <algorithm>

#include "api/console/files.h"
#include "base/text/strings.h"

namespace muster::api {
namespace {

// Nothing from elsewhere, nothing inline, and no page may show this one inside itself.
constexpr const char* kPolicy =
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
// Names have a hash of the content in them, so what a name stands for never changes; the page has the names.
constexpr const char* kForEver = "public, max-age=31536000, immutable";
constexpr const char* kAskAgain = "no-cache";

constexpr const char* kWithoutConsole =
    "This is Muster, built without the web console (-DMUSTER_CONSOLE=OFF). Use mdmctl, or the API: /api/docs\n";

bool takes_gzip(const http::Request& request) {
  for (const auto& coding : split_list(request.headers.get("Accept-Encoding").value_or(""), ',')) {
    const auto name = trim(std::string_view(coding).substr(0, coding.find(';')));
    const bool is_refused =
        coding.find("q=0") != std::string::npos && coding.find("q=0.") == std::string::npos;
    if (equals_ignoring_case(name, "gzip")) return !is_refused;
  }
  return false;
}

http::Response answer_with(const ConsoleFile& file, const http::Request& request) {
  const bool is_page = file.path == "/";
  http::Response response{.status = 200,
                          .headers = {{"Content-Type", std::string(file.type)},
                                      {"Cache-Control", is_page ? kAskAgain : kForEver},
                                      {"Vary", "Accept-Encoding"}}};
  if (is_page) response.headers.add("Content-Security-Policy", kPolicy);
  if (takes_gzip(request)) {
    response.headers.add("Content-Encoding", "gzip");
    response.body = std::string(file.gzip);
  } else {
    response.body = std::string(file.body);
  }
  return response;
}

}  // namespace

std::optional<http::Response> console_file(const http::Request& request) {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  const auto files = console_files();
  const auto found =
      std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.path == request.path; });
  if (found != files.end()) return answer_with(*found, request);
  if (!files.empty() || request.path != "/") return std::nullopt;
  return http::Response{
      .status = 200, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = kWithoutConsole};
}

}  // namespace muster::api
