// The files of sqlite/schema/, compiled in.
#pragma once

#include <string_view>

namespace muster::sqlite {

/// The SQL that makes an empty database ours.
std::string_view schema();
/// The part of it in the file of this name: `sealing` for schema/sealing.sql. "" when there is none.
std::string_view schema_part(std::string_view name);

}  // namespace muster::sqlite
