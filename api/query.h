// Reads and checks query parameters.
#pragma once

#include <optional>

#include "api/context.h"

namespace muster::api {

/// Behind a name in only_parameters(): it may come more than once.
inline constexpr char kMayRepeat = '+';

/// Code::invalid for a parameter that is not among `known`, names with spaces between them, or that comes
/// twice: one that has no effect is never accepted.
Result<> only_parameters(const http::Query& query, std::string_view known);

/// A whole number from `least` to `most`; `absent` when it is not given. Code::invalid names the parameter.
Result<long long> number_in_query(const Call& call, const char* name, long long least, long long most,
                                  long long absent);

/// The path's parameter as a serial number, in the form in which devices are stored; as it is when it can be
/// none.
Serial serial_in_path(const Call& call, size_t parameter);

/// The account of a path that names an account and a device. Code::invalid when the query names another one.
Result<AccountName> account_of_device(const Call& call);

/// Any whole number; nothing where it is not given.
Result<std::optional<long long>> optional_number_in_query(const Call& call, const char* name);

/// The serial number behind which a page begins, "" for the first page. Code::invalid for a text that no
/// answer gave as `next_cursor`.
Result<Serial> serial_cursor(std::string_view text);

/// True for `1` and `true`, false for `0`, `false` and when it is not given; Code::invalid for the rest.
Result<bool> flag_in_query(const Call& call, const char* name);

}  // namespace muster::api
