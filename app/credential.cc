#include "app/credential.h"

#include <cstdlib>

#include "base/os/files.h"

namespace muster::app {

Result<std::optional<Credential>> read_credential(const std::string& name, size_t limit) {
  const char* const directory = std::getenv("CREDENTIALS_DIRECTORY");
  if (!directory || !*directory) return std::nullopt;
  Credential credential{.path = std::string(directory) + "/" + name, .text = {}};
  auto text = read_file(credential.path, limit);
  if (!text && text.error().code == Code::not_found) return std::nullopt;
  if (!text) return failure(std::move(text).error());
  credential.text = *std::move(text);
  return credential;
}

}  // namespace muster::app
