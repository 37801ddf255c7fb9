// Bypass codes of Activation Locks, made or read. Nothing is stored.
#include "apple/bypass_code.h"

#include <boost/json.hpp>

#include "api/handlers.h"
#include "http/json.h"

namespace muster::api::nanodep {
namespace {

Result<apple::BypassCode> code_in(const Call& call) {
  const std::string raw = call.request.query.get("raw").value_or("");
  const std::string code = call.request.query.get("code").value_or("");
  if (!raw.empty() && !code.empty()) return failure(Code::invalid, "raw or code but not both");
  if (!raw.empty()) return apple::BypassCode::from_hex(raw);
  if (!code.empty()) return apple::BypassCode::from_text(code);
  return apple::BypassCode::make();
}

}  // namespace

Result<http::Response> get_bypass_code(const Call& call) {
  MUSTER_TRY(const auto code, code_in(call));
  MUSTER_TRY(const auto hash, code.hash());
  return http::json_response(200, {{"raw", code.hex()}, {"code", code.text()}, {"hash", hash}});
}

}  // namespace muster::api::nanodep
