#include "tests/explore/account_trouble.h"

#include "model/text/words.h"

namespace muster::explore {

Result<std::string> trouble_of(Reader& reader, AccountId account) {
  MUSTER_TRY(const auto health, reader.health(account));
  std::string trouble;
  if (health.state != Health::State::ok) trouble = std::string(word(health.state)) + ": " + health.message;
  MUSTER_TRY(const auto rules, reader.rules(account));
  for (const auto& rule : rules)
    if (!rule.broken.empty())
      trouble += (trouble.empty() ? "" : "; ") + title_of(rule) + " is broken: " + rule.broken;
  return trouble;
}

}  // namespace muster::explore
