#include "tests/layers/source_tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace muster::layers {
namespace fs = std::filesystem;

std::string SourceFile::inner_folder() const {
  const size_t first = path.find('/'), last = path.rfind('/');
  return first == last ? std::string() : path.substr(first + 1, last - first - 1);
}

std::string SourceFile::subject() const {
  std::string stem = path.substr(0, path.rfind('.'));
  for (const char* ending : {"_test", "_fuzz"})
    if (stem.ends_with(ending)) stem.resize(stem.size() - std::string_view(ending).size());
  return stem;
}

bool SourceFile::is_for_tests() const {
  const std::string top = folder();
  return top == "tests" || top == "fuzz" || top == "bench" || path.ends_with("_test.cc") ||
         path.ends_with("_fuzz.cc");
}

std::vector<SourceFile> read_tree(const std::string& root) {
  std::vector<SourceFile> files;
  for (auto entry = fs::recursive_directory_iterator(root); entry != fs::recursive_directory_iterator();
       ++entry) {
    const std::string name = entry->path().filename().string();
    if (entry->is_directory()) {
      if (name.starts_with('.') || name == "node_modules" ||
          (entry.depth() == 0 && name.starts_with("build")))
        entry.disable_recursion_pending();
      continue;
    }
    if (!name.ends_with(".h") && !name.ends_with(".cc")) continue;
    std::ostringstream text;
    text << std::ifstream(entry->path()).rdbuf();
    files.push_back({fs::relative(entry->path(), root).generic_string(), text.str()});
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

std::vector<Include> includes_of(const SourceFile& file) {
  constexpr std::string_view kStart = "#include \"";
  std::vector<Include> includes;
  std::istringstream lines(file.text);
  std::string line;
  for (size_t number = 1; std::getline(lines, line); ++number) {
    if (!line.starts_with(kStart)) continue;
    const std::string rest = line.substr(kStart.size());
    includes.push_back({number, rest.substr(0, rest.find('"'))});
  }
  return includes;
}

std::string joined(const std::vector<std::string>& complaints) {
  std::string text;
  for (const auto& complaint : complaints) text += complaint + "\n";
  return text;
}

}  // namespace muster::layers
