// -o FORM: the forms of output that a command has.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"

namespace muster::cli {

/// Code::invalid, naming the forms, when `form` is none of them.
Result<> check_form(const std::string& form, std::initializer_list<std::string_view> forms);

}  // namespace muster::cli
