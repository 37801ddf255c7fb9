#include "sync/rules/filters.h"

#include <algorithm>

#include "base/text/did_you_mean.h"

namespace muster::sync {
namespace {

// A list that is not there yet would cover nothing, and nobody would know why.
tl::unexpected<Error> no_such_list(const std::string& name, const std::vector<std::string>& known) {
  const auto guess = did_you_mean(name, known);
  return failure(Code::invalid, "the filter uses the list @" + name + ", which does not exist",
                 guess.empty() ? "Create it with `mdmctl apply device-list -name " + name + " -f FILE`"
                               : "Did you mean `@" + guess + "`?");
}

}  // namespace

Result<assign::Filter> read_filter(Reader& reader, AccountId account, std::string_view text) {
  MUSTER_TRY(auto filter, assign::Filter::parse(text));
  const auto asked = filter.lists();
  if (asked.empty()) return filter;
  MUSTER_TRY(const auto lists, reader.serial_lists(account));
  std::vector<std::string> known;
  for (const auto& list : lists) known.push_back(list.name);
  for (const auto& name : asked)
    if (std::find(known.begin(), known.end(), name) == known.end()) return no_such_list(name, known);
  return filter;
}

}  // namespace muster::sync
