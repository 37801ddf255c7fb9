#include "store/sqlite/engine/shadows.h"

#include <string_view>

namespace muster::sqlite {
namespace {

// `CREATE TABLE note (...)` or `CREATE UNIQUE INDEX rule_name ON ...`, with `temp.` before the name.
Result<std::string> of_temporary(std::string sql, std::string_view kind) {
  const size_t at = sql.find(kind);
  if (at == std::string::npos) return failure(Code::internal, "the schema has a statement of another form");
  return sql.insert(at + kind.size(), "temp.");
}

}  // namespace

Result<> Shadows::make(const std::string& table) {
  if (made_.contains(table)) return {};
  const auto definition = [](const Row& row) {
    return of_temporary(row.text(0), row.text(1) == "table" ? " TABLE " : " INDEX ");
  };
  MUSTER_TRY(
      const auto definitions,
      database_.all("SELECT sql, type FROM main.sqlite_master WHERE tbl_name = ? AND type IN ('table', "
                    "'index') AND sql IS NOT NULL ORDER BY type DESC",
                    definition, table));
  std::string script;
  for (const auto& sql : definitions) script += sql + ";";
  MUSTER_TRY(database_.script(script + "INSERT INTO temp." + table + " SELECT * FROM main." + table));
  made_.insert(table);
  return {};
}

}  // namespace muster::sqlite
