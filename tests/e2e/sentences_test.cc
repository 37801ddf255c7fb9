// What the server says to those who make a mistake: tests/e2e/sentences/*.txt, word for word.
//
//   $ COMMAND              typed into a shell; below it what it prints on either stream, and `exit N` unless
//                          N is 0
//   METHOD PATH [BODY]     a call of the API with the key; below it the status, and the text of an error
//   # TEXT                 a comment
//
// MUSTER_UPDATE_GOLDEN=1 writes what is said now.
#include <cstdlib>
#include <regex>
#include <sstream>

#include "base/os/files.h"
#include "base/text/json.h"
#include "tests/e2e/world/world.h"
#include "tests/support/places.h"

namespace muster::test {
namespace {

class Sentences : public World {
 protected:
  void expect(const std::string& file) {
    const std::string path = source("tests/e2e/sentences/" + file);
    const auto text = read_file(path);
    ASSERT_TRUE(text) << text.error().text();
    const std::string now = said_now(*text);
    const char* update = std::getenv("MUSTER_UPDATE_GOLDEN");
    if (update && std::string(update) == "1") {
      ASSERT_TRUE(write_file(path, now));
      return;
    }
    EXPECT_EQ(*text, now) << path
                          << " differs. If the new words are meant, run again with MUSTER_UPDATE_GOLDEN=1";
  }

 private:
  static bool is_call(const std::string& line) {
    static const std::regex kCall("(GET|POST|PUT|DELETE|PATCH) /.*");
    return std::regex_match(line, kCall);
  }
  std::string said_now(const std::string& text) {
    std::string now;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("#") || line.empty()) now += line + "\n";
      if (line.starts_with("$ ")) now += line + "\n" + typed(line.substr(2));
      if (is_call(line)) now += line + "\n" + called(line);
    }
    return now;
  }
  std::string typed(const std::string& command) {
    const auto result = run(command);
    std::string said = plain(result.out + result.err);
    if (!said.empty() && said.back() != '\n') said += "\n";
    std::string indented;
    std::istringstream lines(said);
    for (std::string line; std::getline(lines, line);)
      indented += line.empty() ? "    \n" : "    " + line + "\n";
    return indented + (result.exit == 0 ? "" : "    exit " + std::to_string(result.exit) + "\n");
  }
  std::string called(const std::string& line) {
    std::istringstream words(line);
    std::string method, target, body;
    words >> method >> target;
    std::getline(words >> std::ws, body);
    const auto answer = call(method, target, body);
    const auto json = parse_json(answer.body);
    const bool is_error = json && json->is_object() && json->get_object().contains("error");
    return "    " + std::to_string(answer.status) +
           (is_error ? " " + plain(std::string(json->at("error").as_string())) : "") + "\n";
  }
  std::string plain(std::string said) const {
    for (size_t at = 0; (at = said.find(path(""), at)) != std::string::npos;)
      said.replace(at, path("").size(), "DIR/");
    return said;
  }
};

TEST_F(Sentences, OfTheApi) {
  start_depsim({"-devices", "3"});
  start_muster();
  await_baseline(3);
  expect("api.txt");
}

TEST_F(Sentences, OfTheApiWithoutAToken) {
  start_muster();
  expect("no_token.txt");
}

TEST_F(Sentences, OfTheServersCommandLine) { expect("serve.txt"); }

}  // namespace
}  // namespace muster::test
