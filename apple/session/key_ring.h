// The key pairs of an account. Mostly there is one; after a new one was asked for, the old one stays until a
// token for the new one works. They are stored in the texts of one KeyPair, newest first: PEM blocks may
// stand one after the other.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/account.h"

namespace muster::apple {

/// A pair that another program made, as Muster keeps it. Code::invalid unless the texts have a certificate,
/// and the private key without a password that belongs to it; no message holds the key.
Result<KeyPair> read_key_pair(const std::string& certificate_pem, const std::string& private_key_pem);

/// Each pair by itself, newest first; at least one, if only `stored` itself.
std::vector<KeyPair> pairs_in(const KeyPair& stored);

/// `newest` in front of the oldest pair of `older`, as one KeyPair to store: the oldest is the one that the
/// present token was made for.
KeyPair joined(const KeyPair& newest, const KeyPair& older);

}  // namespace muster::apple
