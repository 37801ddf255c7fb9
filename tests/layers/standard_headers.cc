#include "tests/layers/standard_headers.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

namespace muster::layers {
namespace {

using Names = std::set<std::string>;

// A name, and the headers each of which declares it. A header that ends in "/" stands for all below it.
struct Use {
  const char* name;
  std::vector<std::string> headers;
};

const std::vector<Use>& uses() {
  static const std::vector<Use> kUses = {
      {"std::string", {"string"}},
      {"std::string_view", {"string_view", "string"}},
      {"std::vector", {"vector"}},
      {"std::array", {"array"}},
      {"std::deque", {"deque"}},
      {"std::map", {"map"}},
      {"std::set", {"set"}},
      {"std::unordered_map", {"unordered_map"}},
      {"std::unordered_set", {"unordered_set"}},
      {"std::optional", {"optional"}},
      {"std::variant", {"variant"}},
      {"std::span", {"span"}},
      {"std::function", {"functional"}},
      {"std::unique_ptr", {"memory"}},
      {"std::shared_ptr", {"memory"}},
      {"std::atomic", {"atomic"}},
      {"std::mutex", {"mutex"}},
      {"std::condition_variable", {"condition_variable"}},
      {"std::thread", {"thread"}},
      {"std::jthread", {"thread"}},
      {"std::stop_token", {"stop_token", "thread"}},
      {"std::stop_source", {"stop_token", "thread"}},
      {"std::chrono", {"chrono"}},
      {"std::filesystem", {"filesystem"}},
      {"std::ostream", {"ostream", "iosfwd", "iostream"}},
      {"std::ostringstream", {"sstream"}},
      {"std::int64_t", {"cstdint"}},
      {"std::uint64_t", {"cstdint"}},
      {"std::uint8_t", {"cstdint"}},
      {"fmt::format", {"fmt/format.h"}},
      {"boost::json::", {"boost/json.hpp", "boost/json/"}},
      {"tl::expected", {"tl/expected.hpp"}},
  };
  return kUses;
}

bool is_part_of_name(char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)); }

// As a whole name, outside of comments.
bool mentions(const std::string& code, const std::string& name) {
  for (size_t at = code.find(name); at != std::string::npos; at = code.find(name, at + 1)) {
    const bool begins = at == 0 || (!is_part_of_name(code[at - 1]) && code[at - 1] != ':');
    const size_t end = at + name.size();
    if (begins && (name.ends_with(':') || end == code.size() || !is_part_of_name(code[end]))) return true;
  }
  return false;
}

std::string without_comments(const std::string& text) {
  std::string code;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line); code += line.substr(0, line.find("//")) + "\n")
    ;
  return code;
}

Names headers_of_others(const std::string& text) {
  constexpr std::string_view kStart = "#include <";
  Names names;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(kStart)) names.insert(line.substr(kStart.size(), line.find('>') - kStart.size()));
  return names;
}

class Headers {
 public:
  explicit Headers(const std::vector<SourceFile>& tree) {
    for (const auto& file : tree)
      if (file.is_header()) files_[file.path] = &file;
  }

  // Those that the file includes, itself or by others of ours.
  const Names& reached_from(const SourceFile& file) {
    const auto [found, is_new] = reached_.try_emplace(file.path);
    if (!is_new) return found->second;
    Names names = headers_of_others(file.text);
    for (const auto& include : includes_of(file)) {
      const auto ours = files_.find(include.header);
      if (ours != files_.end()) names.merge(Names(reached_from(*ours->second)));
    }
    return reached_[file.path] = std::move(names);
  }

 private:
  std::map<std::string, const SourceFile*> files_;
  std::map<std::string, Names> reached_;
};

bool has_one_of(const Names& included, const std::vector<std::string>& headers) {
  return std::any_of(headers.begin(), headers.end(), [&](const std::string& header) {
    if (!header.ends_with('/')) return included.contains(header);
    return std::any_of(included.begin(), included.end(),
                       [&](const std::string& name) { return name.starts_with(header); });
  });
}

}  // namespace

std::vector<std::string> check_standard_headers(const std::vector<SourceFile>& tree) {
  Headers headers(tree);
  std::vector<std::string> complaints;
  for (const auto& file : tree) {
    if (!file.is_header()) continue;
    const std::string code = without_comments(file.text);
    const Names& included = headers.reached_from(file);
    for (const auto& use : uses())
      if (mentions(code, use.name) && !has_one_of(included, use.headers))
        complaints.push_back(file.path + ": uses " + use.name + " and does not include <" +
                             use.headers.front() + ">");
  }
  return complaints;
}

}  // namespace muster::layers
