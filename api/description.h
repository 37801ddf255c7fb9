// The description of the API, which the build makes of docs/openapi.yaml (tools/openapi/embed.py).
#pragma once

#include <string_view>

namespace muster::api {

/// docs/openapi.yaml.
std::string_view openapi_yaml();
/// The same as a page to read, HTML that loads nothing else.
std::string_view docs_page();
/// The page's Content-Security-Policy.
std::string_view docs_policy();

}  // namespace muster::api
