// The names of the accounts.
#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "api/handlers.h"
#include "api/nanodep/page_query.h"
#include "http/json.h"
#include "model/text/account_name.h"

namespace muster::api::nanodep {
namespace {

// NanoDEP knows a name from the moment that something secret is stored under it.
Result<bool> is_known(Reader& reader, const Account& account) {
  if (account.token) return true;
  MUSTER_TRY(const auto pair, reader.key_pair(account.id));
  return pair.has_value();
}

// Of the key's accounts, in order; only those that are asked for, if any are.
Result<std::vector<std::string>> names(const Call& call, Reader& reader, const std::string& after) {
  std::set<std::string> wanted;
  for (const auto& [name, value] : call.request.query)
    if (name == "dep_name" && !value.empty()) wanted.insert(value);
  MUSTER_TRY(const auto accounts, own_accounts(call, reader));
  std::vector<std::string> found;
  for (const auto& account : accounts) {
    const std::string name(account.name.str());
    if (name <= after || (!wanted.empty() && !wanted.contains(name))) continue;
    MUSTER_TRY(const bool known, is_known(reader, account));
    if (known) found.push_back(name);
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

Result<http::Response> get_dep_names(const Call& call) {
  MUSTER_TRY(const auto page_asked, page_query(call));
  const std::string after = call.request.query.get("cursor").value_or("");
  if (!after.empty()) MUSTER_TRY(parse_account_name(after));
  MUSTER_TRY(const auto all, call.store.read([&](Reader& reader) { return names(call, reader, after); }));
  const auto count = static_cast<long long>(all.size());
  const long long begin = std::min(page_asked.offset, count),
                  end = begin + std::min(page_asked.limit, count - begin);
  boost::json::array page;
  for (long long i = begin; i < end; ++i) page.emplace_back(all[static_cast<size_t>(i)]);
  boost::json::object answer{{"dep_names", std::move(page)}};
  if (end < count && end > begin) answer["next_cursor"] = all[static_cast<size_t>(end) - 1];
  return http::json_response(200, std::move(answer));
}

}  // namespace muster::api::nanodep
