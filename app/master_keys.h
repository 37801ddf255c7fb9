// Where a server gets its master keys from.
#pragma once

#include <string>

#include "base/crypto/keyring.h"
#include "base/result.h"

namespace muster::app {

/// The keys of the files, with commas between their names; of MUSTER_MASTER_KEY; and of systemd's credential
/// `master-key` ($CREDENTIALS_DIRECTORY/master-key); in this order. None is no error. Code::invalid and
/// Code::not_found name the source.
Result<Keyring> read_master_keys(const std::string& files);

}  // namespace muster::app
