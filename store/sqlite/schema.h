// The files of sqlite/schema/, compiled in.
#pragma once

#include <string_view>

namespace muster::sqlite {

/// The SQL that makes an empty database ours.
std::string_view schema();

}  // namespace muster::sqlite
