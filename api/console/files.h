// The files of the web console, which the build makes of web/ (cmake/console.cmake).
#pragma once

#include <span>
#include <string_view>

namespace muster::api {

struct ConsoleFile {
  std::string_view path;  ///< of the request: `/` for the page, else `/assets/NAME-HASH.js`
  std::string_view type;  ///< Content-Type
  std::string_view body;
  std::string_view gzip;  ///< the same compressed
};

/// None when the server was built without the console.
std::span<const ConsoleFile> console_files();

}  // namespace muster::api
