#include "api/query.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>

#include "base/text/did_you_mean.h"
#include "base/text/strings.h"
#include "base/text/utf8.h"
#include "model/text/ids_text.h"

namespace muster::api {

Result<> only_parameters(const http::Query& query, std::string_view known) {
  constexpr size_t kLongestShown = 64;  // bytes
  auto names = split_list(known, ' ');
  std::set<std::string> seen, repeated;
  for (auto& name : names) {
    if (!name.ends_with(kMayRepeat)) continue;
    name.pop_back();
    repeated.insert(name);
  }
  for (const auto& [name, value] : query) {
    const std::string shown = cut_utf8(name, kLongestShown);
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      const auto guess = did_you_mean(to_lower(name), names);
      return failure(Code::invalid, fmt::format("unknown parameter \"{}\"", shown),
                     names.empty()    ? "This call has none"
                     : !guess.empty() ? fmt::format("Did you mean \"{}\"?", guess)
                                      : fmt::format("Known are {}", fmt::join(names, ", ")));
    }
    if (!seen.insert(name).second && !repeated.contains(name))
      return failure(Code::invalid, fmt::format("the parameter \"{}\" is given twice", shown));
  }
  return {};
}

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

Serial serial_in_path(const Call& call, size_t parameter) {
  const std::string& text = call.request.parameters.at(parameter);
  return read_serial(text).value_or(Serial(text));
}

Result<AccountName> account_of_device(const Call& call) {
  const AccountName name(call.request.parameters.at(0));
  if (call.request.query.get("account").value_or(name.str()) == name.str()) return name;
  return failure(Code::invalid, "\"account\" is not the account of the path", "Leave it out");
}

Result<std::optional<long long>> optional_number_in_query(const Call& call, const char* name) {
  if (call.request.query.get(name).value_or("").empty()) return std::nullopt;
  MUSTER_TRY(const auto number, number_in_query(call, name, std::numeric_limits<long long>::min(),
                                                std::numeric_limits<long long>::max(), 0));
  return number;
}

Result<Serial> serial_cursor(std::string_view text) {
  const auto serial = read_serial(text).value_or(Serial());
  if (serial.str() == text) return serial;
  return failure(Code::invalid, "\"cursor\" is not one that an answer gave as \"next_cursor\"");
}

Result<bool> flag_in_query(const Call& call, const char* name) {
  const std::string text = call.request.query.get(name).value_or("0");
  if (text == "1" || text == "true") return true;
  if (text == "0" || text == "false") return false;
  return failure(Code::invalid, "\"" + std::string(name) + "\" must be 1 or 0");
}

}  // namespace muster::api
