// The names of things, each a type of its own.
#pragma once

#include <cstdint>

#include "base/strong.h"

namespace muster {

using Serial = Strong<struct SerialTag>;  ///< a device's serial number, upper case as Apple writes it
using AccountName = Strong<struct AccountNameTag>;  ///< ours; the one nobody had to name is `default`
using ProfileUuid = Strong<struct ProfileUuidTag>;  ///< Apple's, 32 hex digits; opaque
using Cursor = Strong<struct CursorTag>;            ///< Apple's, up to 1000 characters; opaque, never parsed
using KeyId = Strong<struct KeyIdTag>;  ///< the part of an API key's text that finds it; no secret

/// Row numbers of the store. 0 is none.
enum class AccountId : std::int64_t {};
enum class DeviceId : std::int64_t {};
enum class RuleId : std::int64_t {};
enum class SerialListId : std::int64_t {};
enum class ServerId : std::int64_t {};
enum class RequestId : std::int64_t {};
enum class ReceiverId : std::int64_t {};

inline const AccountName kDefaultAccount{"default"};

}  // namespace muster
