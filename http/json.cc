#include "http/json.h"

#include "base/text/json.h"

namespace muster::http {

Response json_response(int status, const boost::json::value& value) {
  return {.status = status, .headers = {{"Content-Type", kJson}}, .body = write_json(value) + "\n"};
}

}  // namespace muster::http
