#include "store/sqlite/engine/functions.h"

#include <string_view>

#include "base/text/glob.h"
#include "model/device_flags.h"
#include "store/sqlite/engine/rare_facts.h"

namespace muster::sqlite {
namespace {

// "" for null.
std::string_view text_of(sqlite3_value* value) {
  const auto* data = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return data ? std::string_view(data, static_cast<size_t>(sqlite3_value_bytes(value))) : std::string_view();
}

void glob(sqlite3_context* context, int, sqlite3_value** arguments) {
  sqlite3_result_int(context, glob_matches(text_of(arguments[0]), text_of(arguments[1])));
}

void asset_tag(sqlite3_context* context, int, sqlite3_value** arguments) {
  const std::string_view tag = asset_tag_of(text_of(arguments[0]));
  sqlite3_result_text(context, tag.empty() ? "" : tag.data(), static_cast<int>(tag.size()), SQLITE_TRANSIENT);
}

template <bool (*ask)(std::string_view)>
void flag(sqlite3_context* context, int, sqlite3_value** arguments) {
  sqlite3_result_int(context, ask(text_of(arguments[0])));
}

}  // namespace

void add_functions(sqlite3* database) {
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  const auto add = [&](const char* name, int arguments, auto* function) {
    sqlite3_create_function_v2(database, name, arguments, kFlags, nullptr, function, nullptr, nullptr,
                               nullptr);
  };
  add("muster_glob", 2, glob);
  add("muster_asset_tag", 1, asset_tag);
  add("muster_migrating", 1, flag<is_migrating>);
  add("muster_replacement", 1, flag<is_replacement>);
}

}  // namespace muster::sqlite
