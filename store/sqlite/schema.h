// The numbered schema files of sqlite/schema/, compiled in.
#pragma once

#include <span>
#include <string_view>

namespace muster::sqlite {

/// The SQL of each file in order: schema_steps()[0] is 001_*.sql and makes version 1 of an empty database.
std::span<const std::string_view> schema_steps();

}  // namespace muster::sqlite
