#include "tests/golden/golden_run.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <map>
#include <regex>
#include <sstream>

#include "base/os/files.h"
#include "base/text/json.h"
#include "cli/client/config.h"
#include "cli/run.h"
#include "tests/golden/fake_server.h"
#include "tests/support/temp_dir.h"

namespace muster::golden {
namespace {

namespace fs = std::filesystem;

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

// The working directory of a case: made and entered, left and removed at the end.
class Workplace {
 public:
  Workplace() : before_(fs::current_path()), path_(fs::canonical(directory_.path())) {
    fs::current_path(path_);
  }
  ~Workplace() { fs::current_path(before_); }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  std::string path() const { return path_.string(); }

  /// Each file below, by its name from here, with mode and content.
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(path_)) {
      struct stat status {};
      EXPECT_EQ(0, ::stat(entry.path().c_str(), &status));
      char mode[8];
      std::snprintf(mode, sizeof mode, "%04o", status.st_mode & 07777U);
      const std::string name = fs::relative(entry.path(), path_).string();
      if (entry.is_directory())
        found[name + "/"] = std::string(mode) + "\n";
      else
        found[name] = std::string(mode) + "\n" + read_file(entry.path()).value_or("(unreadable)");
    }
    return found;
  }

 private:
  test::TempDir directory_;
  fs::path before_, path_;
};

class Runner {
 public:
  std::vector<Section> run(const std::vector<Section>& sections) {
    configure(sections);
    std::vector<Section> made;
    for (const auto& section : sections) {
      if (is_result(section)) continue;
      made.push_back(section);
      if (section.kind == "run")
        run_line(section.body, made);
      else
        arrange(section);
    }
    return made;
  }

 private:
  void configure(const std::vector<Section>& sections) {
    std::string key = kApiKey;
    bool wanted = true;
    for (const auto& section : sections) {
      if (section.kind == "no config") wanted = false;
      if (section.kind == "wrong key") key = "not-the-api-key";
      if (section.kind == "server down") server_.stop();
    }
    variables_["HOME"] = place_.path() + "/home";
    fs::create_directory(variables_["HOME"]);
    if (!wanted) return;
    cli::Config config;
    config.active = "tests";
    config.servers["tests"] = {.api_token = key, .server_url = server_.url()};
    fs::create_directory(variables_["HOME"] + "/.micromdm");
    ASSERT_TRUE(
        write_file(variables_["HOME"] + "/.micromdm/servers.json", write_json(config.to_json()), 0600));
  }

  void arrange(const Section& section) {
    if (section.kind == "file") {
      ASSERT_TRUE(write_file(section.argument, section.body));
    } else if (section.kind == "stdin") {
      stdin_ = section.body;
    } else if (section.kind == "env") {
      const size_t equals = section.argument.find('=');
      ASSERT_NE(std::string::npos, equals);
      std::string value = section.argument.substr(equals + 1);
      replace_all(value, "SERVER", server_.url());
      variables_[section.argument.substr(0, equals)] = value;
    } else if (section.kind == "answer") {
      std::istringstream words(section.argument);
      std::string method, target, header;
      http::Response response;
      words >> method >> target >> response.status >> std::ws;
      std::getline(words, header);
      if (const size_t colon = header.find(": "); colon != std::string::npos) {
        std::string value = header.substr(colon + 2);
        replace_all(value, "SERVER", server_.url());
        response.headers.add(header.substr(0, colon), value);
      }
      response.headers.add("Content-Type", "application/json; charset=utf-8");
      response.body = section.body;
      server_.prepare(method, target, std::move(response));
    }
  }

  void run_line(const std::string& line, std::vector<Section>& made) {
    auto words = split_words(line);
    ASSERT_FALSE(words.empty());
    ASSERT_EQ("mdmctl", words.front());
    words.erase(words.begin());
    for (auto& word : words)
      replace_all(word, "127.0.0.1:PORT", "127.0.0.1:" + std::to_string(server_.port()));
    const auto files_before = place_.files();
    std::ostringstream out, err;
    cli::Environment environment{
        .out = out,
        .err = err,
        .variable =
            [this](const std::string& name) { return variables_.contains(name) ? variables_[name] : ""; },
        .read_stdin = [this](size_t) -> Result<std::string> { return stdin_; },
    };
    const int code = cli::run(words, environment);

    made.push_back({"exit", std::to_string(code), ""});
    if (!out.str().empty()) made.push_back({"stdout", "", neutral_body(out.str())});
    if (!err.str().empty()) made.push_back({"stderr", "", neutral_body(err.str())});
    for (const auto& request : server_.take_requests()) made.push_back(section_of(request));
    for (const auto& [name, content] : place_.files()) {
      const auto before = files_before.find(name);
      if (before != files_before.end() && before->second == content) continue;
      const size_t mode_end = content.find('\n');
      made.push_back(
          {"wrote", name + " " + content.substr(0, mode_end), neutral_body(content.substr(mode_end + 1))});
    }
  }

  Section section_of(const http::Request& request) {
    std::string title = request.method + " " + request.target + " by " + credentials_of(request);
    if (!request.body.empty())
      title += ", " + request.headers.get("Content-Type").value_or("no Content-Type");
    return {"request", neutral(title), neutral_body(request.body)};
  }

  // Without what differs from run to run.
  std::string neutral(std::string text) const {
    replace_all(text, place_.path(), "DIR");
    replace_all(text, "127.0.0.1:" + std::to_string(server_.port()), "127.0.0.1:PORT");
    replace_all(text, "\r", "<CR>");
    // Moments that follow from now.
    static const std::regex kSince(R"(("arrivals_since":")[^"]*)"), kWritten(R"(^\d{4}-\d\d-\d\dT[\d:]+Z$)");
    text = std::regex_replace(text, kSince, "$1A MOMENT");
    return std::regex_replace(text, kWritten, "A MOMENT");
  }

  // The same for a section's body, in which every line ends.
  std::string neutral_body(std::string text) const {
    text = neutral(std::move(text));
    if (!text.empty() && text.back() != '\n') text += "<no newline>\n";
    return text;
  }

  Workplace place_;
  FakeServer server_;
  std::map<std::string, std::string> variables_;
  std::string stdin_;
};

}  // namespace

std::vector<Section> run(const std::vector<Section>& sections) { return Runner().run(sections); }

}  // namespace muster::golden
