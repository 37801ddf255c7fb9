// Which device another one stands for.
#include <boost/json.hpp>

#include "api/handlers.h"
#include "http/json.h"
#include "model/text/ids_text.h"

namespace muster::api::muster_v1 {

Result<http::Response> get_replacement(const Call& call) {
  const std::string& text = call.request.parameters.at(0);
  const Serial serial = read_serial(text).value_or(Serial(text));
  MUSTER_TRY(const auto apple, connected(call));
  MUSTER_TRY(const auto replacement, apple.service->replacement(serial, call.context.stop));
  if (!replacement)
    return failure(Code::not_found, "the device " + serial.str() + " does not replace another one");
  return http::json_response(200, {{"serial_number", serial.str()},
                                   {"original_serial_number", replacement->original.str()},
                                   {"replaced_on", replacement->date}});
}

}  // namespace muster::api::muster_v1
