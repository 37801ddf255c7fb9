#include "cli/handover/old_servers.h"

#include <algorithm>

#include "base/text/strings.h"
#include "base/time/rfc3339.h"

namespace muster::cli {
namespace {

std::string column(const DatabaseRow& row, const char* name) {
  const auto found = row.find(name);
  return found == row.end() ? "" : found->second;
}

// `2026-11-28 09:30:00`, with or without a fraction and `+00`: in UTC all of them.
std::optional<Time> time_in(const DatabaseRow& row, const char* name) {
  std::string text = column(row, name);
  std::replace(text.begin(), text.end(), ' ', 'T');
  if (text.ends_with("+00")) text.resize(text.size() - 3);
  return parse_rfc3339(text);
}

class NanodepInDatabase final : public OldServer {
 public:
  explicit NanodepInDatabase(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  std::string_view program() const override { return "NanoDEP"; }

  Result<std::vector<std::string>> names() override {
    MUSTER_TRY(read());
    std::vector<std::string> names;
    for (const auto& row : rows_) names.push_back(column(row, "name"));
    return names;
  }

  Result<OldAccount> account(const std::string& name) override {
    MUSTER_TRY(read());
    const auto row = std::find_if(rows_.begin(), rows_.end(),
                                  [&](const DatabaseRow& each) { return column(each, "name") == name; });
    if (row == rows_.end())
      return failure(Code::not_found, "the database has no DEP name \"" + name + "\"",
                     "Check its spelling: NanoDEP's names are case-sensitive");
    OldAccount account{.name = name};
    const auto expiry = time_in(*row, "access_token_expiry");
    account.token =
        token_of(column(*row, "consumer_key"), column(*row, "consumer_secret"), column(*row, "access_token"),
                 column(*row, "access_secret"), expiry ? format_rfc3339(*expiry) : "");
    account.base_url = column(*row, "config_base_url");
    for (const auto& [certificate, key] : {std::pair("tokenpki_staging_cert_pem", "tokenpki_staging_key_pem"),
                                           std::pair("tokenpki_cert_pem", "tokenpki_key_pem")})
      if (!column(*row, certificate).empty() && !column(*row, key).empty())
        account.key_pairs.push_back({column(*row, certificate), column(*row, key)});
    account.assigner = column(*row, "assigner_profile_uuid");
    account.cursor = std::string(trim(column(*row, "syncer_cursor")));
    // Another change of the row may have been the last; then the cursor is older. Its own time is not kept.
    if (!account.cursor.empty()) account.cursor_stored = time_in(*row, "updated_at");
    for (const auto& device : devices_)
      if (column(device, "dep_name") == name) account.profiles.push_back(column(device, "profile_uuid"));
    return account;
  }

 private:
  Result<> read() {
    if (was_read_) return {};
    auto rows = database_->rows("SELECT * FROM dep_names ORDER BY name");
    if (!rows && rows.error().code == Code::not_found)
      return failure(Code::not_found, "the database has no table dep_names: it is not NanoDEP's",
                     rows.error().message);
    if (!rows) return failure(rows.error());
    rows_ = *std::move(rows);
    // Newer versions of NanoDEP keep devices.
    auto devices = database_->rows(
        "SELECT DISTINCT dep_name, profile_uuid FROM dep_devices WHERE profile_uuid <> '' ORDER BY dep_name, "
        "profile_uuid");
    if (devices)
      devices_ = *std::move(devices);
    else if (devices.error().code != Code::not_found)
      return failure(devices.error());
    was_read_ = true;
    return {};
  }

  std::unique_ptr<Database> database_;
  std::vector<DatabaseRow> rows_, devices_;
  bool was_read_ = false;
};

}  // namespace

std::unique_ptr<OldServer> nanodep_in_database(std::unique_ptr<Database> database) {
  return std::make_unique<NanodepInDatabase>(std::move(database));
}

}  // namespace muster::cli
