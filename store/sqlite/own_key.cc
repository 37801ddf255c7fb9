#include "store/sqlite/own_key.h"

#include "base/log/log.h"
#include "base/os/files.h"
#include "store/sealing.h"

namespace muster::sqlite {
namespace {

constexpr size_t kSizeLimit = 64 << 10;
constexpr int kMode = 0600;
constexpr const char* kHeading =
    "# The master key of this Muster server: it opens the secrets in muster.db. Keep a copy where no backup of the\n"
    "# database is. See docs/security.md.\n";

Result<> make(Keyring& keyring, const std::string& path) {
  const auto key = MasterKey::make(path);
  MUSTER_TRY(write_file(path, kHeading + key.text() + "\n", kMode));
  keyring.add({key});
  log::info(
      "master_key.created",
      {{"key", key.number()},
       {"file", path},
       {"remedy",
        "Keep a copy elsewhere. Better, move the file to where no backup of the directory takes it, and name "
        "it with -master-key-file"}});
  return {};
}

}  // namespace

Result<> add_own_key(Keyring& keyring, const std::string& directory, Database& database) {
  const std::string path = directory + "/" + kOwnKeyName;
  const auto present = read_file(path, kSizeLimit);
  if (present) {
    MUSTER_TRY(auto keys, parse_master_keys(*present, path));
    keyring.add(std::move(keys));
    return {};
  }
  if (present.error().code != Code::not_found) return failure(present.error());
  if (!keyring.empty()) return {};
  MUSTER_TRY(const auto proof,
             database.first("SELECT proof FROM sealing", [](const Row& row) { return row.text(0); }));
  if (proof) return failure(Sealing::missing_keys({std::string(key_number_of(*proof))}, keyring));
  return make(keyring, path);
}

}  // namespace muster::sqlite
