// The directory that holds the database, with the tokens and keys in it.
#pragma once

#include <string>

#include "base/result.h"

namespace muster::sqlite {

/// Makes the directory when it is missing, with its parents, and gives its path without symbolic links. From
/// then on nobody but this process's user and root can put anything in it: one of another user's is refused
/// (also for root: its owner could have us read and overwrite what they like), and one that others may write,
/// Code::invalid with the remedy. So are files of the database that are another user's or no plain files.
/// What others could only read is closed to them.
Result<std::string> prepare_data_directory(const std::string& path);

}  // namespace muster::sqlite
