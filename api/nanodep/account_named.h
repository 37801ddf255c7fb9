// The account that one of NanoDEP's calls is about: its DEP name.
#pragma once

#include "api/context.h"

namespace muster::api::nanodep {

/// That of the path. Code::not_found when there is none.
Result<Account> account_named(const Call& call);

/// The same, and its service at Apple. Code::not_configured without a token.
Result<Connected> connected_account(const Call& call);

/// The same account, made if there is none: NanoDEP has one as soon as something is stored under its name.
Result<Account> account_made(const Call& call);

}  // namespace muster::api::nanodep
