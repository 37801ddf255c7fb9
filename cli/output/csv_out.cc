#include "cli/output/csv_out.h"

#include "base/text/csv.h"
#include "cli/output/printable.h"

namespace muster::cli {

std::string csv_out(std::vector<std::string> fields) {
  for (auto& field : fields) field = mark_as_text(printable(field));
  return csv_record(fields);
}

}  // namespace muster::cli
