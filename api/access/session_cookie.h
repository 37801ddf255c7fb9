// The cookie of somebody who is signed in to the console, and how a request shows that the console sent it.
//
// A browser adds the cookie to every request to this server, whichever page makes it. So a request with a
// cookie counts only when the browser does not say that another site made it (SameSite=Strict;
// Sec-Fetch-Site, because to a cookie all ports of a machine are one site), and a change only with the
// session's CSRF token besides, which no other page can read.
#pragma once

#include <optional>
#include <string>

#include "base/time/clock.h"
#include "http/message.h"

namespace muster::api {

/// Where a change has its CSRF token.
inline constexpr const char* kCsrfHeader = "X-Muster-CSRF";

/// The text of the request's cookie; nothing without one.
std::optional<std::string> session_text_in(const http::Request& request);
/// It follows from the session's text, so that it needs no place of its own.
std::string csrf_token_of(std::string_view session_text);
/// Whether the request has that token.
bool shows_csrf_token(const http::Request& request, std::string_view session_text);

/// Whether the browser says that a page of another origin made the request.
bool is_of_another_site(const http::Request& request);
/// Whether a script made it: the browser is not to ask its user for a password then.
bool is_of_script(const http::Request& request);

/// Set-Cookie, for a page that was loaded by HTTPS when `secure`.
std::string session_cookie(std::string_view text, std::chrono::seconds life, bool secure);
/// The same that takes the cookie away.
std::string no_session_cookie(bool secure);

}  // namespace muster::api
