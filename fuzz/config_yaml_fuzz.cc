// Configurations as users write them in YAML: read with findings that have a place, or without any; what was
// read is small, and what is written as YAML is read as the same.
#include <boost/json.hpp>

#include "base/text/utf8.h"
#include "cli/code/config_diff.h"
#include "cli/code/config_reader.h"
#include "cli/input/yaml_json.h"
#include "fuzz/check.h"

namespace {

using namespace muster;
using fuzz::check;

struct Count {
  size_t nodes = 0, bytes = 0, deepest = 0;
};

void count_in(const cli::YamlNode& node, size_t depth, Count& count) {
  ++count.nodes;
  count.bytes += node.text.size();
  const bool is_inner = node.kind == cli::YamlNode::Kind::list || node.kind == cli::YamlNode::Kind::map;
  count.deepest = std::max(count.deepest, depth + (is_inner ? 1 : 0));
  check(node.place.line >= 1 && node.place.column >= 1, "places are counted from 1");
  for (const auto& item : node.items) count_in(item, depth + 1, count);
  for (const auto& [key, value] : node.members) {
    count_in(key, depth + 1, count);
    count_in(value, depth + 1, count);
  }
}

void check_yaml(const std::string& text) {
  const auto documents = cli::parse_yaml(text);
  if (!documents) {
    const auto& fault = documents.error();
    check(!fault.reason.empty() && is_utf8(fault.reason + fault.remedy), "a fault has a reason");
    check(fault.place.line >= 1 && fault.place.column >= 1, "and a place");
    return;
  }
  Count count;
  for (const auto& document : *documents) count_in(document, 0, count);
  check(count.nodes <= cli::kMostYamlNodes && count.bytes <= cli::kLargestYaml &&
            count.deepest <= cli::kDeepestYaml,
        "what was read is within the limits");
  for (const auto& document : *documents) {
    cli::ConfigFindings findings("fuzz.yaml");
    const auto value = cli::to_json(document, findings);
    if (findings.errors() > 0 || value.is_null()) continue;
    const std::string written = cli::to_yaml(value);
    if (written.size() > cli::kLargestYaml) continue;  // indentation and quotes made it longer
    const auto again = cli::parse_yaml(written);
    check(again.has_value() && again->size() == 1, "what is written is read", written);
    const auto same = cli::to_json(again->front(), findings);
    check(cli::to_yaml(same) == written, "as the same", written);
  }
}

Result<std::string> read_named(const std::string& path, size_t) {
  if (path.ends_with(".csv")) return std::string("serial\nC02A\n\xC3\xA4\n");
  if (path.ends_with(".json"))
    return std::string(R"({"profile_name":"P","url":"https://mdm.example.org/enroll"})");
  return failure(Code::not_found, "cannot open " + path);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const std::string text = fuzz::text_of(data, size);
  check_yaml(text);
  cli::ConfigFindings findings("fuzz.yaml");
  const auto accounts = cli::read_config(text, {.read_file = read_named}, findings);
  check((findings.errors() == 0) || !findings.report().empty(), "an error is said");
  if (findings.errors() > 0) return 0;
  for (const auto& account : accounts) {
    check(!account.account.empty(), "an account has a name");
    for (const auto& rule : account.rules.value_or(std::vector<cli::ConfigRule>()))
      check(!rule.filter.empty() && (rule.profile.empty() || rule.profile_uuid.empty()), "a rule is whole");
    const auto diff = cli::diff_config(account, {}, {}, {}, true);
    check(!cli::to_text(account.account, diff).empty(), "and can be compared");
  }
  return 0;
}
