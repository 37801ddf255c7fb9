// What is wrong in a configuration that a person wrote, gathered so that all of it is said at once.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/text/json_text.h"

namespace muster::cli {

class ConfigFindings {
 public:
  /// `file`: its name as people know it.
  explicit ConfigFindings(std::string file) : file_(std::move(file)) {}

  /// An error at this place of the file.
  void add(TextPlace place, const std::string& reason, const std::string& remedy = {});
  void add(TextPlace place, const Error& error) { add(place, error.message, error.hint); }
  /// A finding that is a whole line already, of this file or of one that it names at that place.
  void add_line(TextPlace place, std::string line, bool is_error);

  size_t errors() const { return errors_; }
  const std::string& file() const { return file_; }
  /// `FILE:LINE:COLUMN: error: REASON. REMEDY`, one line each, ordered by position and safe for a terminal;
  /// the first hundred.
  std::string report() const;
  /// `FILE has 2 errors`
  std::string error_count() const;

 private:
  struct Finding {
    TextPlace place;
    std::string line;
  };

  std::string file_;
  std::vector<Finding> findings_;
  size_t errors_ = 0;
};

}  // namespace muster::cli
