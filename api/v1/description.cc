#include "api/description.h"

#include "api/handlers.h"

namespace muster::api::muster_v1 {

Result<http::Response> get_openapi(const Call&) {
  return http::Response{.status = 200,
                        .headers = {{"Content-Type", "application/yaml; charset=utf-8"}},
                        .body = std::string(openapi_yaml())};
}

Result<http::Response> get_docs(const Call&) {
  return http::Response{.status = 200,
                        .headers = {{"Content-Type", "text/html; charset=utf-8"},
                                    {"Content-Security-Policy", std::string(docs_policy())}},
                        .body = std::string(docs_page())};
}

}  // namespace muster::api::muster_v1
