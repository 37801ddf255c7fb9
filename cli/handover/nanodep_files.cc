#include "cli/handover/nanodep_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <map>
#include <set>

#include "base/os/files.h"
#include "base/text/json.h"
#include "base/text/strings.h"
#include "base/time/rfc3339.h"

namespace muster::cli {
namespace {

namespace fs = std::filesystem;

constexpr size_t kLongestValue = 64 << 10;  // bytes; real ones have some kilobytes
constexpr int kSecret = 0600;
constexpr const char* kNoTime = "0001-01-01T00:00:00Z";  // Go's word for it
constexpr const char* kAssignerTime = ".assigner_profile_mod_time";

// The endings of the files of a DEP name.
struct Layout {
  const char* folder;  // below the directory
  const char* cursor;
  const char* assigner;
  const char* config;
  // The key pairs, newest first: certificate and key.
  std::vector<std::pair<const char*, const char*>> pairs;
  // Of the token: in one file, or in five.
  const char* token_json;
};

const Layout& layout_of(const std::string& storage) {
  static const Layout kKeyValue{"dep_names",
                                ".cursor",
                                ".assigner_profile",
                                ".config",
                                {{".cert_staging", ".key_staging"}, {".cert", ".key"}},
                                nullptr};
  static const Layout kFiles{"",
                             ".cursor.txt",
                             ".profile.txt",
                             ".config.json",
                             {{".tokenpki.cert.txt", ".tokenpki.key.txt"}},
                             ".tokens.json"};
  return storage == "file" ? kFiles : kKeyValue;
}

constexpr const char* kTokenValues[] = {".consumer_key", ".consumer_secret", ".access_token",
                                        ".access_secret", ".access_token_expiry"};

// What tells that there is a name.
std::vector<std::string> endings_of(const Layout& layout) {
  std::vector<std::string> endings = {layout.cursor, layout.assigner, layout.config};
  for (const auto& [certificate, key] : layout.pairs) endings.insert(endings.end(), {certificate, key});
  if (layout.token_json)
    endings.emplace_back(layout.token_json);
  else
    endings.insert(endings.end(), std::begin(kTokenValues), std::end(kTokenValues));
  return endings;
}

Error unreadable(const std::string& path, const std::string& why) {
  return {Code::invalid, path + ": " + why, "Is it NanoDEP's directory, as its -storage-dsn names it?"};
}

class Files final : public OldServer {
 public:
  Files(const Layout& layout, std::string folder) : layout_(layout), folder_(std::move(folder)) {}

  std::string_view program() const override { return "NanoDEP"; }

  Result<std::vector<std::string>> names() override {
    std::set<std::string> names;
    std::error_code error;
    const auto endings = endings_of(layout_);
    for (fs::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
      const std::string file = at->path().filename().string();
      // The longest that fits: `a.cursor` is a name, too.
      size_t longest = 0;
      for (const auto& ending : endings)
        if (file.size() > ending.size() && file.ends_with(ending)) longest = std::max(longest, ending.size());
      if (longest > 0) names.insert(file.substr(0, file.size() - longest));
    }
    if (error) return failure(unreadable(folder_, error.message()));
    return std::vector<std::string>(names.begin(), names.end());
  }

  Result<OldAccount> account(const std::string& name) override {
    if (name.find('/') != std::string::npos || name.starts_with("."))
      return failure(Code::invalid, "\"" + name + "\" cannot be the name of a file");
    OldAccount account{.name = name};
    MUSTER_TRY(account.token, token(name));
    MUSTER_TRY(const auto config, value(name, layout_.config));
    if (!config.empty()) {
      MUSTER_TRY(const auto json, object_in(name, layout_.config, config));
      if (const auto* url = json.if_contains("base_url"); url && url->is_string())
        account.base_url = std::string(url->get_string());
    }
    for (const auto& [certificate, key] : layout_.pairs) {
      OldKeyPair pair;
      MUSTER_TRY(pair.certificate_pem, value(name, certificate));
      MUSTER_TRY(pair.private_key_pem, value(name, key));
      if (!pair.certificate_pem.empty() && !pair.private_key_pem.empty())
        account.key_pairs.push_back(std::move(pair));
    }
    MUSTER_TRY(account.assigner, value(name, layout_.assigner));
    MUSTER_TRY(account.cursor, value(name, layout_.cursor));
    if (!account.cursor.empty()) account.cursor_stored = changed_at(path(name, layout_.cursor));
    if (account.is_empty() && account.base_url.empty())
      return failure(Code::not_found, "there is no DEP name \"" + name + "\" in " + folder_);
    return account;
  }

 private:
  std::string path(const std::string& name, const char* ending) const {
    return folder_ + "/" + name + ending;
  }

  // "" for one that is not there.
  Result<std::string> value(const std::string& name, const char* ending) const {
    auto content = read_regular_file(path(name, ending), kLongestValue);
    if (!content && content.error().code == Code::not_found) return std::string();
    if (!content) return failure(content.error().while_doing(path(name, ending)));
    return std::string(trim(*content));
  }

  Result<boost::json::object> object_in(const std::string& name, const char* ending,
                                        const std::string& text) const {
    const auto json = parse_json(text);
    if (!json) return failure(json.error().while_doing(path(name, ending)));
    if (!json->is_object()) return failure(unreadable(path(name, ending), "it is not a JSON object"));
    return json->get_object();
  }

  Result<std::optional<boost::json::object>> token(const std::string& name) const {
    if (layout_.token_json) {
      MUSTER_TRY(const auto text, value(name, layout_.token_json));
      if (text.empty()) return std::nullopt;
      MUSTER_TRY(auto json, object_in(name, layout_.token_json, text));
      return std::optional(std::move(json));
    }
    std::vector<std::string> values;
    for (const char* const ending : kTokenValues) {
      MUSTER_TRY(values.emplace_back(), value(name, ending));
    }
    return token_of(values[0], values[1], values[2], values[3], values[4]);
  }

  static std::optional<Time> changed_at(const std::string& path) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) return std::nullopt;
    return Time(std::chrono::seconds(status.st_mtim.tv_sec));
  }

  const Layout& layout_;
  const std::string folder_;
};

Result<std::string> folder_of(const Layout& layout, const std::string& directory) {
  const std::string folder = *layout.folder ? directory + "/" + layout.folder : directory;
  std::error_code error;
  if (fs::is_directory(folder, error)) return folder;
  return failure(
      Code::not_found, "there is no directory " + folder,
      "-dsn must be NanoDEP's -storage-dsn. Its storage `filekv` has a folder dep_names; give -storage file "
      "for the older kind");
}

}  // namespace

Result<std::unique_ptr<OldServer>> open_nanodep_files(const std::string& storage,
                                                      const std::string& directory) {
  const Layout& layout = layout_of(storage);
  MUSTER_TRY(auto folder, folder_of(layout, directory));
  return std::unique_ptr<OldServer>(std::make_unique<Files>(layout, std::move(folder)));
}

Result<> write_nanodep_files(const std::string& storage, const std::string& directory,
                             const OldAccount& account, Time now) {
  const Layout& layout = layout_of(storage);
  MUSTER_TRY(const auto folder, folder_of(layout, directory));
  struct stat owner {};
  const bool is_root = geteuid() == 0 && stat(folder.c_str(), &owner) == 0;
  const auto write = [&](const char* ending, const std::string& content) -> Result<> {
    const std::string path = folder + "/" + account.name + ending;
    // The older storage ends its texts with a line feed.
    MUSTER_TRY(write_file(path, layout.token_json ? content + "\n" : content, kSecret));
    // NanoDEP must be able to read what root writes.
    if (is_root && lchown(path.c_str(), owner.st_uid, owner.st_gid) != 0)
      return failure(Code::internal, path + " cannot be given to the owner of the directory");
    return {};
  };
  if (account.token && layout.token_json) {
    MUSTER_TRY(write(layout.token_json, write_json(*account.token)));
  } else if (account.token) {
    for (const char* const ending : kTokenValues) {
      const auto text = text_member(*account.token, ending + 1);
      MUSTER_TRY(write(ending, text.empty() ? kNoTime : text));  // only the last one can be missing
    }
  }
  if (!account.base_url.empty())
    MUSTER_TRY(write(layout.config, write_json(boost::json::object{{"base_url", account.base_url}})));
  if (!account.assigner.empty()) {
    MUSTER_TRY(write(layout.assigner, account.assigner));
    // NanoDEP reads the profile only where it finds this one, too.
    if (!layout.token_json) MUSTER_TRY(write(kAssignerTime, format_rfc3339(now)));
  }
  if (!account.cursor.empty()) MUSTER_TRY(write(layout.cursor, account.cursor));
  return {};
}

}  // namespace muster::cli
