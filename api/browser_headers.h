// What answers tell a browser, so that a page elsewhere cannot use them.
#pragma once

#include "http/message.h"

namespace muster::api {

/// Of every answer that has no field of that name itself: it is not kept, guessed at, framed, or read by
/// another site's page.
http::Headers browser_headers();

/// Of answers to requests by HTTPS: for a year, the browser uses nothing else for this host (RFC 6797).
http::Headers https_headers();

}  // namespace muster::api
