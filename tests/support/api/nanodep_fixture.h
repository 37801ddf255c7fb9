// The whole API, for tests of NanoDEP's calls: answers may be text.
#pragma once

#include "tests/support/api_fixture.h"

namespace muster::test {

class NanoDepFixture : public ApiFixture {
 protected:
  ApiAnswer get(const std::string& target) { return ask("GET", target, ""); }
  ApiAnswer post(const std::string& target, const std::string& body) { return ask("POST", target, body); }
  ApiAnswer put(const std::string& target, const std::string& body) { return ask("PUT", target, body); }
  ApiAnswer del(const std::string& target, const std::string& body = "") {
    return ask("DELETE", target, body);
  }

  ApiAnswer ask(const std::string& method, const std::string& target, const std::string& body,
                const std::string& key = "key") {
    http::Request request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.peer = "192.0.2.1";
    must(http::parse_target(target, request.path, request.query));
    request.headers.add("Authorization", "Basic " + base64_encode("depserver:" + key));
    ApiAnswer answer{.response = api_.handle(request), .json = nullptr};
    answer.status = answer.response.status;
    if (auto& stream = answer.response.stream)
      while (const auto piece = must(stream->next())) answer.response.body += *piece;
    if (type_of(answer).starts_with("application/json") && !answer.response.body.empty())
      answer.json = must(parse_json(answer.response.body));
    return answer;
  }

  static std::string type_of(const ApiAnswer& answer) {
    return answer.response.headers.get("Content-Type").value_or("");
  }
};

}  // namespace muster::test
