// The token that a device of a Managed Apple Account asks its MDM server for.
#include "api/handlers.h"
#include "api/nanodep/account_named.h"
#include "apple/session/key_ring.h"
#include "apple/session/maid_token.h"
#include "base/text/encoding.h"

namespace muster::api::nanodep {
namespace {

constexpr size_t kLongestServerUuid = 64;

bool is_server_uuid(const std::string& text) {
  constexpr std::string_view kDigits = "0123456789abcdefABCDEF-";
  return !text.empty() && text.size() <= kLongestServerUuid &&
         text.find_first_not_of(kDigits) == std::string::npos;
}

// The pair that the present token was made for.
Result<KeyPair> current_pair(const Call& call, const Account& account) {
  MUSTER_TRY(const auto stored, call.store.read([&](Reader& reader) { return reader.key_pair(account.id); }));
  if (stored && account.token) return apple::pairs_in(*stored).back();
  const std::string name(account.name.str());
  return failure(Code::conflict, "the account \"" + name + "\" has no key pair that a token was made for",
                 "GET /v1/tokenpki/" + name +
                     ", upload the certificate to Apple's portal, and PUT the token file that you get there");
}

Result<std::string> ask_for_server_uuid(const Call& call, const Account& account) {
  MUSTER_TRY(const auto service, call.context.services.of(account));
  MUSTER_TRY(const auto apple, service->account(call.context.stop));
  if (is_server_uuid(apple.server_uuid)) return apple.server_uuid;
  return failure(Code::remote, "Apple's answer has no UUID of the service", "Give it as \"server_uuid\"");
}

}  // namespace

Result<http::Response> get_maid_jwt(const Call& call) {
  std::string server_uuid = call.request.query.get("server_uuid").value_or("");
  if (!server_uuid.empty() && !is_server_uuid(server_uuid))
    return failure(Code::invalid, "\"server_uuid\" is not a UUID", "Leave it out to have Apple asked for it");
  MUSTER_TRY(const auto account, account_named(call));
  MUSTER_TRY(const auto pair, current_pair(call, account));
  if (server_uuid.empty()) {
    MUSTER_TRY(server_uuid, ask_for_server_uuid(call, account));
  }
  const std::string id = random_uuid();
  MUSTER_TRY(const auto token, apple::maid_token(pair, server_uuid, call.context.clock.now(), id));
  MUSTER_TRY(note_reading(call, account.id, "maid_token.issued", id));
  return http::Response{
      .status = 200,
      .headers = {{"Content-Type", "application/jwt"}, {"X-Server-Uuid", server_uuid}, {"X-Jwt-Jti", id}},
      .body = token};
}

}  // namespace muster::api::nanodep
