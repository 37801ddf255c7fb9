#include "tests/secrets/search.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text/encoding.h"

namespace muster::test {
namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

// Of the encoded text the part that depends on nothing but the secret, when `before` bytes stand before it.
std::string base64_core(const std::string& secret, size_t before) {
  const std::string whole = base64_encode(std::string(before, 'x') + secret);
  const size_t begin = before == 0   ? 0
                       : before == 1 ? 2
                                     : 3;  // characters that the bytes before have a part in
  const size_t bits = (before + secret.size()) * 8;
  return whole.substr(begin, bits / 6 - begin);
}

}  // namespace

std::vector<std::string> forms_of(const std::string& secret) {
  std::vector<std::string> forms{secret, hex_lower(secret), hex_upper(secret), percent_encode(secret)};
  for (const size_t before : {0, 1, 2}) forms.push_back(base64_core(secret, before));
  return forms;
}

std::vector<std::string> found_in(const std::string& text, const Secrets& secrets) {
  std::vector<std::string> found;
  for (const auto& [name, secret] : secrets) {
    const auto forms = forms_of(secret);
    const bool is_there = std::any_of(forms.begin(), forms.end(), [&](const std::string& form) {
      return text.find(form) != std::string::npos;
    });
    if (is_there) found.push_back(name);
  }
  return found;
}

std::vector<std::string> found_below(const std::string& path, const Secrets& secrets) {
  std::vector<std::string> found;
  const auto look_at = [&](const std::filesystem::path& file) {
    for (const auto& name : found_in(content_of(file), secrets))
      found.push_back(name + " in " + file.string());
  };
  if (std::filesystem::is_regular_file(path)) look_at(path);
  if (!std::filesystem::is_directory(path)) return found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path))
    if (entry.is_regular_file()) look_at(entry.path());
  return found;
}

}  // namespace muster::test
