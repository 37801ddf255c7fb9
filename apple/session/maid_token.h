// The statement that Managed Apple Accounts need on a device: that this management service sent it.
#pragma once

#include <string>

#include "base/result.h"
#include "model/account.h"

namespace muster::apple {

/// A JWT for the answer to a device's `GetToken` with the service type `com.apple.maid`: signed (RS256) by
/// the key that the account's token was made for. `server_uuid`: Apple's of the service. `id`: another one
/// each time.
Result<std::string> maid_token(const KeyPair& pair, const std::string& server_uuid, Time now,
                               const std::string& id);

}  // namespace muster::apple
