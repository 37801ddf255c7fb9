// Certificates between PEM, which people keep in files, and DER, which Apple and our API carry.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace muster::cli {

/// The DER of every certificate in `pem`, in order; other blocks and text are passed over. Code::invalid when
/// there is none, or one cannot be read.
Result<std::vector<std::string>> certificates_of_pem(std::string_view pem);

/// One certificate as PEM. Code::invalid when `der` is none.
Result<std::string> pem_of_certificate(std::string_view der);

}  // namespace muster::cli
