#include "sim/session/session.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/world/codec.h"

namespace muster::sim {
namespace {

constexpr size_t kForgetOver = 10'000;  // sessions kept before ended ones are dropped

std::string make_session_token(long long now_ms) {
  const auto hex = [](size_t octets) { return to_hex(random_octets(octets), Case::upper); };
  return fmt::format("{}O1O{}O{}O{}O11Op1O{}O{}", now_ms, hex(20), hex(20),
                     static_cast<unsigned char>(hex(1)[0]), hex(20), hex(20));
}

}  // namespace

std::string SessionTable::open(int account, long long now_ms, const Settings& settings) {
  if (sessions_.size() > kForgetOver) forget_ended(now_ms);
  if (settings.max_sessions > 0) end_oldest_over(account, settings.max_sessions - 1, now_ms);
  std::string token = make_session_token(now_ms);
  sessions_[token] = {
      .account = account, .issued_ms = now_ms, .ends_ms = now_ms + settings.session_lifetime.count()};
  return token;
}

std::optional<int> SessionTable::account_of(const std::string& token) const {
  const auto found = sessions_.find(token);
  if (found == sessions_.end()) return std::nullopt;
  return found->second.account;
}

std::optional<SessionTable::Use> SessionTable::use(const std::string& token, long long now_ms,
                                                   const Settings& settings) {
  const auto found = sessions_.find(token);
  if (found == sessions_.end() || found->second.ends_ms <= now_ms) return std::nullopt;
  Session& session = found->second;
  Use use{.account = session.account, .replacement = {}};
  ++session.calls;
  if (settings.rotate_every > 0 && !session.replaced && session.calls % settings.rotate_every == 0) {
    session.replaced = true;
    session.ends_ms = std::min(session.ends_ms, now_ms + settings.rotate_grace.count());
    use.replacement = open(use.account, now_ms, settings);
  }
  return use;
}

size_t SessionTable::end(int account, long long now_ms) {
  size_t ended = 0;
  for (auto& [token, session] : sessions_) {
    if ((account != -1 && session.account != account) || session.ends_ms <= now_ms) continue;
    session.ends_ms = now_ms;
    ++ended;
  }
  return ended;
}

size_t SessionTable::alive(int account, long long now_ms) const {
  return static_cast<size_t>(std::count_if(sessions_.begin(), sessions_.end(), [&](const auto& entry) {
    return entry.second.account == account && entry.second.ends_ms > now_ms;
  }));
}

bool SessionTable::take_nonce(const std::string& token, long long timestamp_s, const std::string& nonce,
                              long long forget_before_s) {
  nonces_.erase(nonces_.begin(), nonces_.lower_bound(forget_before_s));
  return nonces_[timestamp_s].insert(token + " " + nonce).second;
}

void SessionTable::forget_ended(long long now_ms) {
  std::erase_if(sessions_, [&](const auto& entry) { return entry.second.ends_ms <= now_ms; });
}

void SessionTable::end_oldest_over(int account, long long most, long long now_ms) {
  while (static_cast<long long>(alive(account, now_ms)) > most) {
    Session* oldest = nullptr;
    for (auto& [token, session] : sessions_)
      if (session.account == account && session.ends_ms > now_ms &&
          (!oldest || session.issued_ms < oldest->issued_ms))
        oldest = &session;
    oldest->ends_ms = now_ms;
  }
}

}  // namespace muster::sim
