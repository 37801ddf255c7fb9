#include "tests/torture/person.h"

#include "base/encoding.h"
#include "http/json.h"
#include "tests/torture/victim.h"

namespace muster::torture {
namespace {

// Apple's word for the device in the server's answer: {LIST: {SERIAL: WORD}}.
std::string word_for(const std::string& serial, const std::string& body, const char* list) {
  const auto answer = http::parse_json(body);
  if (!answer || !answer->is_object()) return {};
  const auto* words = answer->get_object().if_contains(list);
  if (!words || !words->is_object()) return {};
  const auto* word = words->get_object().if_contains(serial);
  return word && word->is_string() ? std::string(word->get_string()) : "";
}

}  // namespace

std::optional<http::Response> call_api(http::Client& client, const std::string& server,
                                       const std::string& method, const std::string& path,
                                       const boost::json::object& body) {
  http::ClientRequest request;
  request.method = method;
  request.url = server + path;
  request.headers.add("Authorization", "Basic " + base64_encode(std::string("micromdm:") + kApiKey));
  request.headers.add("Content-Type", "application/json; charset=utf-8");
  request.body = http::to_json(body);
  request.has_body = true;
  request.send_once = true;
  auto response = client.send(request);
  if (!response) return std::nullopt;
  return std::move(*response);
}

void Person::act(const std::string& server) {
  if (devices_.empty()) return;
  const std::string& serial = devices_[dice_.below(devices_.size())];
  const boost::json::array serials{boost::json::value(serial)};
  const bool assign = dice_.one_in(2);
  musts_.erase(serial);
  const auto response =
      assign ? call_api(client_, server, "POST", "/v1/dep/assign", {{"id", profile_}, {"serials", serials}})
             : call_api(client_, server, "DELETE", "/v1/dep/profiles", {{"serials", serials}});
  if (!response || response->status != 200) return;
  const auto word = word_for(serial, response->body, assign ? "devices" : "serials");
  // An assignment that Apple did not take at once is Muster's to repeat, unless Apple says that the device is not
  // there; a removal is the person's.
  if (word.empty() || word == "NOT_ACCESSIBLE" || (!assign && word != "SUCCESS")) return;
  musts_[serial] = assign ? Must::have : Must::not_have;
  ++done_;
}

}  // namespace muster::torture
