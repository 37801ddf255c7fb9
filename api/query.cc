#include "api/query.h"

#include <charconv>
#include <limits>

namespace muster::api {

Result<long long> number_in_query(const Call& call, const char* name, long long least, long long most,
                                  long long absent) {
  const auto text = call.request.query.get(name);
  if (!text || text->empty()) return absent;
  long long number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size() || number < least || number > most)
    return failure(Code::invalid, "\"" + std::string(name) + "\" must be a number from " +
                                      std::to_string(least) + " to " + std::to_string(most));
  return number;
}

Result<std::optional<long long>> optional_number_in_query(const Call& call, const char* name) {
  if (call.request.query.get(name).value_or("").empty()) return std::nullopt;
  MUSTER_TRY(const auto number, number_in_query(call, name, std::numeric_limits<long long>::min(),
                                                std::numeric_limits<long long>::max(), 0));
  return number;
}

Result<bool> flag_in_query(const Call& call, const char* name) {
  const std::string text = call.request.query.get(name).value_or("0");
  if (text == "1" || text == "true") return true;
  if (text == "0" || text == "false") return false;
  return failure(Code::invalid, "\"" + std::string(name) + "\" must be 1 or 0");
}

}  // namespace muster::api
