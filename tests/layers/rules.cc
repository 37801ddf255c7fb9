#include "tests/layers/rules.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace muster::layers {
namespace {

constexpr long kLongestFile = 600;  // lines
constexpr size_t kMostFiles = 30;

using Folders = std::set<std::string>;

// Each folder and those it may include beside itself.
const std::map<std::string, Folders>& allowed_folders() {
  static const Folders kDomain = {"base", "model", "filter", "profile", "store", "http", "apple", "assign"};
  static const auto with = [](Folders folders, std::initializer_list<std::string> more) {
    folders.insert(more);
    return folders;
  };
  static const std::map<std::string, Folders> kAllowed = {
      {"base", {}},
      {"model", {"base"}},
      {"profile", {"model", "base"}},
      {"filter", {"model", "base"}},
      {"assign", {"filter", "model", "base"}},
      {"store", {"filter", "model", "base"}},
      {"http", {"base"}},
      {"apple", {"model", "http", "base"}},
      {"sync", kDomain},
      {"api", with(kDomain, {"sync"})},
      {"app", with(kDomain, {"sync", "api"})},
      {"cli", {"profile", "filter", "model", "http", "base"}},
      {"sim", {"http", "base"}},
  };
  return kAllowed;
}

// The folders inside a folder from the lowest to the highest, "" for its own files; those of one step do not
// know each other. A file may include what is in its own folder and on the steps below.
using Steps = std::vector<std::vector<std::string>>;
const std::map<std::string, Steps>& inner_folders() {
  static const std::map<std::string, Steps> kInner = {
      {"base", {{""}, {"time"}, {"text"}, {"crypto", "os"}, {"log"}, {"threads"}}},
      {"model", {{""}, {"mdm", "text"}}},
      {"store",
       {{""},
        {"postgres/engine", "sqlite/disk"},
        {"sqlite/engine"},
        {"postgres/tables", "sqlite/tables"},
        {"postgres", "sqlite"},
        {"move"}}},
      {"http", {{""}, {"client", "server/net"}, {"server"}}},
      {"apple", {{"answers"}, {"session"}, {""}}},
      {"sync",
       {{"accounts"},
        {"enrollment", "work"},
        {"inheritance", "locks", "rules", "webhooks"},
        {"profiles", "run"},
        {"handover"},
        {""},
        {"cluster"}}},
      {"api",
       {{"access", "console"},
        {""},
        {"json"},
        {"live"},
        {"monitoring"},
        {"apple", "handover", "micromdm", "nanodep", "security", "v1"},
        {"routing"}}},
      {"cli",
       {{"output"},
        {"client"},
        {"input", "handover"},
        {"code"},
        {"commands"},
        {"commands/apple", "commands/handover"},
        {"manual"},
        {""}}},
      {"sim", {{"world"}, {"faults", "session"}, {"apple"}, {"control"}, {""}}},
  };
  return kInner;
}

// The step of an inner folder, from 0; nothing when the folder is not in the table.
std::optional<size_t> step_of(const Steps& steps, const std::string& inner) {
  for (size_t i = 0; i < steps.size(); ++i)
    if (std::find(steps[i].begin(), steps[i].end(), inner) != steps[i].end()) return i;
  return std::nullopt;
}

std::string inner_objection(const std::string& folder, const std::string& from, const std::string& to) {
  if (from == to) return {};
  const auto found = inner_folders().find(folder);
  const Steps steps = found == inner_folders().end() ? Steps{{""}} : found->second;
  const auto from_step = step_of(steps, from), to_step = step_of(steps, to);
  if (!from_step || !to_step)
    return "the folder " + folder + "/" + (from_step ? to : from) +
           " has no place in inner_folders() of tests/layers/rules.cc";
  if (*to_step < *from_step) return {};
  return folder + "/" + to + " is not below " + folder + "/" + from +
         ": see inner_folders() in tests/layers/rules.cc";
}

std::string list(const Folders& folders) {
  std::string text;
  for (const auto& folder : folders) text += (text.empty() ? "" : ", ") + folder + "/";
  return text.empty() ? "nothing else" : text;
}

// Why `file` may not include `header`; empty when it may.
std::string objection(const SourceFile& file, const std::string& header) {
  const std::string from = file.folder();
  const size_t slash = header.find('/');
  if (slash == std::string::npos || header.starts_with("."))
    return "includes are written from the root of the repository, like \"base/log/log.h\"";
  const std::string to = header.substr(0, slash);

  if (from == "sim" && file.is_for_tests()) {
    if (to == "sim" || to == "tests" || to == "http" || to == "base") return {};
    return "the tests of sim/ may include sim/, http/, base/ and tests/ only: the imitation of Apple's "
           "service and "
           "our client of it must not share a mistake";
  }
  if (file.is_for_tests()) return {};
  if (from == "sim" && header == "http/client/client.h")
    return "sim/ is a server: it uses http/'s server side only (its tests may use the client)";
  const auto rule = allowed_folders().find(from);
  if (rule == allowed_folders().end())
    return "the folder " + from + "/ has no rule: add it to tests/layers/rules.cc and to the map of folders";
  if (to == from) return inner_objection(from, file.inner_folder(), SourceFile{header, ""}.inner_folder());
  if (rule->second.contains(to)) return {};
  return from + "/ may include, beside itself, " + list(rule->second);
}

}  // namespace

std::vector<std::string> check_includes(const SourceFile& file) {
  std::vector<std::string> complaints;
  for (const auto& include : includes_of(file))
    if (const std::string why = objection(file, include.header); !why.empty())
      complaints.push_back(file.path + ":" + std::to_string(include.line) + ": must not include \"" +
                           include.header + "\": " + why);
  return complaints;
}

std::vector<std::string> check_own_header(const std::vector<SourceFile>& tree) {
  std::set<std::string> headers;
  for (const auto& file : tree)
    if (file.is_header()) headers.insert(file.path);
  std::vector<std::string> complaints;
  for (const auto& file : tree) {
    const std::string own = file.path.substr(0, file.path.rfind('.')) + ".h";
    if (file.is_header() || !headers.contains(own)) continue;
    const size_t first = file.text.starts_with("#include") ? 0 : file.text.find("\n#include");
    const std::string wanted = "#include \"" + own + "\"\n";
    if (first == std::string::npos ||
        file.text.compare(first + (first == 0 ? 0 : 1), wanted.size(), wanted) != 0)
      complaints.push_back(file.path + ": must include \"" + own + "\" before anything else");
  }
  return complaints;
}

std::vector<std::string> check_shape(const SourceFile& file) {
  std::vector<std::string> complaints;
  if (file.is_header() && !file.text.starts_with("// "))
    complaints.push_back(file.path + ":1: a header begins with a `// ` comment that says what it is");
  if (file.is_header() && file.text.find("\n#pragma once\n") == std::string::npos)
    complaints.push_back(file.path + ": a header has `#pragma once` below its comment");
  const auto lines = std::count(file.text.begin(), file.text.end(), '\n');
  if (lines > kLongestFile)
    complaints.push_back(file.path + ": " + std::to_string(lines) +
                         " lines are more than one idea; take apart what is over " +
                         std::to_string(kLongestFile));
  return complaints;
}

std::vector<std::string> check_folders(const std::vector<SourceFile>& tree) {
  std::map<std::string, size_t> files;
  for (const auto& file : tree) ++files[file.path.substr(0, file.path.rfind('/'))];
  std::vector<std::string> complaints;
  for (const auto& [folder, count] : files)
    if (count > kMostFiles)
      complaints.push_back(folder + "/: " + std::to_string(count) + " files side by side are more than " +
                           std::to_string(kMostFiles) + ": give subjects folders of their own");
  return complaints;
}

std::vector<std::string> check_use(const std::vector<SourceFile>& tree) {
  std::map<std::string, Folders> users;  // header -> subjects that include it
  for (const auto& file : tree)
    for (const auto& include : includes_of(file)) users[include.header].insert(file.subject());

  std::vector<std::string> complaints;
  for (const auto& file : tree) {
    if (!file.is_header() || file.is_for_tests()) continue;
    Folders others = users[file.path];
    others.erase(file.subject());
    if (others.empty())
      complaints.push_back(file.path + ": nothing but its own .cc and test includes it: use it or remove it");
  }
  return complaints;
}

}  // namespace muster::layers
