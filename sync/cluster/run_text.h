// How far an account's runs are, as one server writes it for the others: JSON.
#pragma once

#include <string>

#include "sync/runs.h"

namespace muster::sync {

std::string write_run_text(const Runs::Progress& progress);
/// What cannot be read, of another version maybe, is left out.
Runs::Progress read_run_text(const std::string& text);

}  // namespace muster::sync
