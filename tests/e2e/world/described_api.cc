#include "tests/e2e/world/described_api.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>

#include "base/os/files.h"
#include "base/text/json.h"
#include "cli/input/yaml.h"
#include "cli/input/yaml_json.h"
#include "tests/support/json_schema.h"
#include "tests/support/places.h"

namespace muster::test {
namespace {

constexpr const char* kMediaOfJson = "application/json";

boost::json::value read_yaml(const std::string& file) {
  const auto text = read_file(file);
  if (!text) throw std::runtime_error(text.error().text());
  const auto documents = cli::parse_yaml(*text);
  if (!documents)
    throw std::runtime_error(
        fmt::format("{}:{}: {}", file, documents.error().place.line, documents.error().reason));
  cli::ConfigFindings findings(file);
  auto json = cli::to_json(documents->at(0), findings);
  if (findings.errors() > 0) throw std::runtime_error(findings.report());
  return json;
}

std::string to_upper(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
  return upper;
}

// Whether a path fits a pattern. What stands for `{name}` is not empty; it may have slashes in it, as names
// of profiles do.
bool fits(std::string_view pattern, std::string_view path) {
  if (pattern.empty() || path.empty()) return pattern.empty() && path.empty();
  if (pattern[0] != '{') return pattern[0] == path[0] && fits(pattern.substr(1), path.substr(1));
  const auto rest = pattern.substr(pattern.find('}') + 1);
  for (size_t length = 1; length <= path.size(); ++length)
    if (fits(rest, path.substr(length))) return true;
  return false;
}

// Of several patterns that fit, the one with the most text of its own is meant.
size_t own_text_of(std::string_view pattern) {
  size_t length = 0;
  bool is_own = true;
  for (const char c : pattern) {
    if (c == '{') is_own = false;
    length += is_own;
    if (c == '}') is_own = true;
  }
  return length;
}

std::string media_type_of(const http::Response& answer) {
  const auto type = answer.headers.get("Content-Type").value_or("");
  return type.substr(0, type.find(';'));
}

}  // namespace

DescribedApi::DescribedApi(const std::string& file) : document_(read_yaml(file)) {
  for (const auto& [path, methods] : document_.at("paths").as_object())
    for (const auto& [method, operation] : methods.as_object())
      calls_.push_back({to_upper(method), std::string(path), &operation.as_object()});
}

const boost::json::object& DescribedApi::resolved(const boost::json::value& description) const {
  const auto* reference = description.as_object().if_contains("$ref");
  if (!reference) return description.as_object();
  const auto* found = find_reference(document_, std::string_view(reference->as_string()));
  if (!found) throw std::runtime_error("nothing is described at " + boost::json::serialize(*reference));
  return resolved(*found);
}

const DescribedCall* DescribedApi::find(std::string_view method, std::string_view path) const {
  const DescribedCall* best = nullptr;
  for (const auto& call : calls_)
    if (call.method == method && fits(call.path, path) &&
        (!best || own_text_of(call.path) > own_text_of(best->path)))
      best = &call;
  return best;
}

std::vector<std::string> DescribedApi::faults_of(const std::string& method, const std::string& target,
                                                 const http::Response& answer) const {
  const std::string path = target.substr(0, target.find('?'));
  const auto* call = find(method == "HEAD" ? "GET" : method, path);
  if (!call) {
    if (answer.status < 400) return {"the call is not described"};
    const auto& errors = document_.at("components").at("responses").at("NotFound");
    return method == "HEAD" ? std::vector<std::string>() : faults_of_body(errors.as_object(), answer);
  }
  const auto* described =
      call->operation->at("responses").as_object().if_contains(std::to_string(answer.status));
  if (!described) return {fmt::format("{} describes no status {}", call->name(), answer.status)};
  if (method == "HEAD") return {};
  return faults_of_body(resolved(*described), answer);
}

std::vector<std::string> DescribedApi::faults_of_body(const boost::json::object& described,
                                                      const http::Response& answer) const {
  const auto* may_be_empty = described.if_contains("x-may-be-empty");
  if (may_be_empty && answer.body.empty()) return {};
  if (!described.contains("content")) {
    if (answer.body.empty()) return {};
    return {"a body is not described"};
  }
  const std::string type = media_type_of(answer);
  const auto* content = described.at("content").as_object().if_contains(type);
  if (!content) return {fmt::format("the type \"{}\" is not described", type)};
  if (type != kMediaOfJson) return {};
  const auto body = parse_json(answer.body);
  if (!body) return {"the body is no JSON: " + body.error().text()};
  return schema_faults(document_, content->at("schema"), *body);
}

const DescribedApi& described_api() {
  static const DescribedApi kApi(source("docs/openapi.yaml"));
  return kApi;
}

void expect_as_described(const std::string& method, const std::string& target, const http::Response& answer) {
  for (const auto& fault : described_api().faults_of(method, target, answer))
    ADD_FAILURE() << "docs/openapi.yaml, " << method << " " << target << " answers " << answer.status << ": "
                  << fault << "\n"
                  << answer.body.substr(0, 2000);
}

}  // namespace muster::test
