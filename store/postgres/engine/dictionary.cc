#include "store/postgres/engine/dictionary.h"

#include "base/sha256.h"
#include "base/text/encoding.h"

namespace muster::postgres {
namespace {

// Some are usual in an account, and there may be ten thousand accounts; as many are some 2 MB.
constexpr size_t kMostKept = 1 << 13;

}  // namespace

std::vector<std::int64_t> KnownNumbers::find(const std::vector<std::string>& keys) const {
  std::vector<std::int64_t> numbers(keys.size());
  numbers_.with([&](const ByKey& known) {
    for (size_t i = 0; i < keys.size(); ++i)
      if (const auto found = known.find(keys[i]); found != known.end()) numbers[i] = found->second;
  });
  return numbers;
}

void KnownNumbers::add(ByKey numbers) {
  if (numbers.empty()) return;
  numbers_.with([&](ByKey& known) {
    if (known.size() + numbers.size() > kMostKept) known.clear();
    known.merge(numbers);
  });
}

std::shared_ptr<AllKnownNumbers> known_numbers_of(Connection& connection) {
  auto& known = connection.known_numbers();
  if (!known) known = std::make_shared<AllKnownNumbers>();
  return known;
}

std::string dictionary_key(AccountId account, std::span<const std::string_view> texts) {
  std::string key;
  append_number(key, static_cast<std::int64_t>(account));
  for (const auto text : texts) {
    append_number(key, static_cast<std::int64_t>(text.size()));
    key += text;
  }
  return key;
}

std::string digest_of(const std::string& key) { return hex_lower(sha256(key)); }

}  // namespace muster::postgres
