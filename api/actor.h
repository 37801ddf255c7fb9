// The person behind a key, as the client states it, for the registry, histories and the audit. Not verified.
#pragma once

#include <string>

#include "http/message.h"

namespace muster::api {

/// What the header `X-Muster-Actor` says: printable, at most 100 characters. "" for nothing.
std::string said_actor(const http::Request& request);

/// The same, else the address of the other side.
std::string actor_of(const http::Request& request);

}  // namespace muster::api
