// The wrong file for a command, answered with the command that takes it.
#pragma once

#include <initializer_list>
#include <string>

#include "cli/client/call.h"
#include "model/text/document_kind.h"

namespace muster::cli {

/// Code::invalid when the file is of a kind that is known and not among `taken`. `wanted`: what the command
/// takes, e.g. `a DEP profile`.
Result<> check_kind(const Call& call, const std::string& path, std::string_view content,
                    std::initializer_list<DocumentKind> taken, std::string_view wanted);

/// Code::invalid for a -filter that is the name of a file, as a shell makes it of a star without quotes.
Result<> check_shell_star(const std::string& filter);

}  // namespace muster::cli
