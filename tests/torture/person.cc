#include "tests/torture/person.h"

#include "base/text/json.h"
#include "tests/e2e/world/api_call.h"
#include "tests/torture/victim.h"

namespace muster::torture {
namespace {

// Apple's answer for the device in the server's answer: {LIST: {SERIAL: WORD}}.
std::string word_for(const std::string& serial, const std::string& body, const char* list) {
  const auto answer = parse_json(body);
  if (!answer || !answer->is_object()) return {};
  const auto* words = answer->get_object().if_contains(list);
  if (!words || !words->is_object()) return {};
  return text_member(words->get_object(), serial);
}

}  // namespace

void Person::act(const std::string& server) {
  if (devices_.empty()) return;
  const std::string& serial = devices_[dice_.below(devices_.size())];
  const boost::json::array serials{boost::json::value(serial)};
  const bool assign = dice_.one_in(2);
  musts_.erase(serial);
  const auto response =
      assign ? test::call_api(client_, server, kApiKey, "POST", "/v1/dep/assign",
                              {{"id", profile_}, {"serials", serials}})
             : test::call_api(client_, server, kApiKey, "DELETE", "/v1/dep/profiles", {{"serials", serials}});
  if (!response || response->status != 200) return;
  const auto word = word_for(serial, response->body, assign ? "devices" : "serials");
  // An assignment that Apple did not take at once is Muster's to repeat, unless Apple says that the device is
  // not there; a removal is the user's.
  if (word.empty() || word == "NOT_ACCESSIBLE" || (!assign && word != "SUCCESS")) return;
  musts_[serial] = assign ? Must::have : Must::not_have;
  ++done_;
}

}  // namespace muster::torture
