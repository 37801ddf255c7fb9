// The handlers of Apple's calls. routes.cc maps calls to handlers.
#pragma once

#include "sim/apple/call.h"

namespace muster::sim {

using AppleHandler = http::Response (*)(AppleCall&);

http::Response open_session(AppleCall& call);  // apple_session.cc

http::Response show_account(AppleCall& call);  // apple_account.cc
http::Response set_discovery(AppleCall& call);
http::Response show_discovery(AppleCall& call);
http::Response delete_discovery(AppleCall& call);
http::Response show_beta_tokens(AppleCall& call);

http::Response fetch_devices(AppleCall& call);  // apple_devices.cc
http::Response sync_devices(AppleCall& call);
http::Response show_devices(AppleCall& call);
http::Response disown(AppleCall& call);
http::Response lock_device(AppleCall& call);
http::Response show_replacement(AppleCall& call);

http::Response define_profile(AppleCall& call);  // apple_profiles.cc
http::Response show_profile(AppleCall& call);
http::Response assign(AppleCall& call);
http::Response remove(AppleCall& call);

}  // namespace muster::sim
