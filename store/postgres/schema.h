// The schema, from schema/*.sql.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace muster::postgres {

/// All of it, for an empty database.
std::string_view schema();
/// The part of it in the file of this name: `sealing` for schema/sealing.sql. "" when there is none.
std::string_view schema_part(std::string_view name);

/// What schema() makes. What a release changes comes as a numbered step, which database.cc takes.
inline constexpr std::int64_t kSchemaVersion = 9;

/// Code::conflict for one that this program does not know.
Result<> check_schema_version(std::int64_t version);

}  // namespace muster::postgres
