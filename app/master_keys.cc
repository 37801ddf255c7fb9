#include "app/master_keys.h"

#include <cstdlib>

#include "app/credential.h"
#include "base/os/files.h"
#include "base/text/strings.h"

namespace muster::app {
namespace {

constexpr size_t kSizeLimit = 64 << 10;  // of a file with keys
constexpr const char* kVariable = "MUSTER_MASTER_KEY";

Result<> add(Keyring& keyring, const std::string& text, const std::string& source) {
  MUSTER_TRY(auto keys, parse_master_keys(text, source));
  keyring.add(std::move(keys));
  return {};
}

Result<> add_file(Keyring& keyring, const std::string& path) {
  MUSTER_TRY(const auto text, read_file(path, kSizeLimit));
  return add(keyring, text, path);
}

Result<> add_variable(Keyring& keyring) {
  const char* const text = std::getenv(kVariable);
  if (!text || trim(text).empty()) return {};
  return add(keyring, text, kVariable);
}

Result<> add_credential(Keyring& keyring) {
  MUSTER_TRY(const auto credential, read_credential("master-key", kSizeLimit));
  return credential ? add(keyring, credential->text, credential->path) : Result<>();
}

}  // namespace

Result<Keyring> read_master_keys(const std::string& files) {
  Keyring keyring;
  for (const auto& file : split_list(files, ',')) MUSTER_TRY(add_file(keyring, file));
  MUSTER_TRY(add_variable(keyring));
  MUSTER_TRY(add_credential(keyring));
  return keyring;
}

}  // namespace muster::app
