#include "api/browser_headers.h"

namespace muster::api {

http::Headers browser_headers() {
  return {{"Cache-Control", "no-store"},  // it is about devices, and changes
          {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
          {"Cross-Origin-Resource-Policy", "same-origin"},
          {"Referrer-Policy", "no-referrer"},
          {"X-Content-Type-Options", "nosniff"},
          {"X-Frame-Options", "DENY"}};
}

http::Headers https_headers() { return {{"Strict-Transport-Security", "max-age=31536000"}}; }

}  // namespace muster::api
