#include "http/error_status.h"

namespace muster::http {
namespace {

struct Row {
  Code code;
  int status;
};
// Where two codes share a status, code_of() gives the first.
constexpr Row kTable[] = {
    {Code::invalid, 400},
    {Code::unauthorized, 401},
    {Code::forbidden, 403},
    {Code::not_found, 404},
    {Code::method_not_allowed, 405},
    {Code::conflict, 409},
    {Code::too_large, 413},
    {Code::internal, 500},
    {Code::remote, 502},
    {Code::not_configured, 503},
    {Code::cancelled, 503},
    {Code::unreachable, 504},
    {Code::busy, 503},
    {Code::storage, 507},
};

}  // namespace

int status_of(Code code) {
  for (const auto& row : kTable)
    if (row.code == code) return row.status;
  return 500;
}

Code code_of(int status) {
  for (const auto& row : kTable)
    if (row.status == status) return row.code;
  return Code::internal;
}

}  // namespace muster::http
