#include "sim/world/token.h"

#include <algorithm>
#include <chrono>

#include "sim/world/codec.h"

namespace muster::sim {
namespace {

constexpr long long k2030Ms = 1'893'456'000'000;  // 2030-01-01T00:00:00Z

// The same day and time of the next year; 29 February becomes 28 February.
long long one_year_after(long long ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> time{milliseconds(ms)};
  const auto day = floor<days>(time);
  year_month_day date = year_month_day(day) + years(1);
  if (!date.ok()) date = date.year() / date.month() / last;
  return (sys_days(date) + (time - day)).time_since_epoch().count();
}

std::string make_access_token(Random& random, long long issued_ms) {
  return "AT_O" + random.pick("123456789", 10) + "O" + random.hex(40) + "O" + std::to_string(issued_ms);
}

}  // namespace

std::string Token::json() const {
  std::string expiry;
  append_date(expiry, expires_ms);
  std::string out = "{\"consumer_key\":";
  append_json_string(out, consumer_key);
  out += ",\"consumer_secret\":";
  append_json_string(out, consumer_secret);
  out += ",\"access_token\":";
  append_json_string(out, access_token);
  out += ",\"access_secret\":";
  append_json_string(out, access_secret);
  out += ",\"access_token_expiry\":\"" + expiry + "\"}";
  return out;
}

Token well_known_token(long long now_ms) {
  return {
      .consumer_key =
          "CK_"
          "48dd68d198350f51258e885ce9a5c37ab7f98543c4a697323d75682a6c10a32501cb247e3db08105db868f73f2c972bd"
          "b6ae77112aea803b9219eb52689d42e6",
      .consumer_secret =
          "CS_"
          "34c7b2b531a600d99a0e4edcf4a78ded79b86ef318118c2f5bcfee1b011108c32d5302df801adbe29d446eb78f02b131"
          "44e323eb9aad51c79f01e50cb45c3a68",
      .access_token =
          "AT_"
          "927696831c59ba510cfe4ec1a69e5267c19881257d4bca2906a99d0785b785a6f6fdeb09774954fdd5e2d0ad952e3af5"
          "2c6d8d2f21c924ba0caf4a031c158b89",
      .access_secret =
          "AS_"
          "c31afd7a09691d83548489336e8ff1cb11b82b6bca13f793344496a556b1f4972eaff4dde6deb5ac9cf076fdfa97ec97"
          "699c34d515947b9cf9ed31c99dded6ba",
      .expires_ms = std::max(k2030Ms, one_year_after(now_ms)),
  };
}

Token make_token(Random& random, long long issued_ms) {
  Token token;
  token.consumer_key = "CK_" + random.hex(96);
  token.consumer_secret = "CS_" + random.hex(40);
  token.access_token = make_access_token(random, issued_ms);
  token.access_secret = "AS_" + random.hex(40);
  token.expires_ms = one_year_after(issued_ms);
  return token;
}

Token renew_token(const Token& old, Random& random, long long issued_ms) {
  Token token = old;
  token.access_token = make_access_token(random, issued_ms);
  token.access_secret = "AS_" + random.hex(40);
  token.expires_ms = one_year_after(issued_ms);
  return token;
}

}  // namespace muster::sim
