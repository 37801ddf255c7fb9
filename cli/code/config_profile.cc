#include "cli/code/config_profile.h"

#include <boost/json.hpp>

#include "base/text/json_text.h"
#include "cli/input/yaml_json.h"
#include "cli/output/fields.h"
#include "profile/check.h"

namespace muster::cli {
namespace {

constexpr size_t kProfileLimit = 8 << 20;  // bytes; the server takes no more in one request
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr const char* kDevices = "a configuration assigns nothing by hand, as `devices` does";
constexpr const char* kNoName = "a profile without a profile_name cannot be told from others";
constexpr const char* kUseRule = "Remove it, and give the devices the profile by a rule: serial in @LIST";

void take_document(boost::json::object document, WantedProfile& wanted) {
  wanted.document = kept_of(std::move(document));
  wanted.name = text_of(wanted.document, "profile_name");
}

// Where the key stands, or the document.
TextPlace place_of(const std::string& key, const YamlNode& document) {
  for (const auto& member : document.members)
    if (member.key.text == key.substr(0, key.find_first_of(".["))) return member.key.place;
  return document.place;
}

}  // namespace

boost::json::object kept_of(boost::json::object document) {
  if (const auto* devices = document.if_contains("devices"); devices && devices->is_null())
    document.erase("devices");
  if (const auto* magic = document.if_contains("org_magic");
      magic && magic->is_string() && magic->get_string().empty())
    document.erase("org_magic");
  return document;
}

void read_profile_file(const std::string& path, TextPlace place, const ConfigSource& source,
                       WantedProfile& wanted, ConfigFindings& findings) {
  auto text = source.read_file(path, kProfileLimit);
  if (!text) return findings.add(place, text.error());
  if (text->starts_with(kByteOrderMark)) text->erase(0, kByteOrderMark.size());
  for (const auto& finding : check_profile(*text))
    findings.add_line(place, path + ":" + to_line(finding),
                      finding.is_error() && (!source.force_profiles || finding.key.empty()));
  const auto document = read_json(*text);
  if (!document || !document->is_object()) return;  // one of the findings
  take_document(document->get_object(), wanted);
  if (wanted.name.empty() && source.force_profiles) findings.add(place, path + ": " + kNoName);
  if (wanted.document.contains("devices")) findings.add(place, path + ": " + kDevices, kUseRule);
  wanted.text = *std::move(text);
}

void read_profile_document(const YamlNode& node, bool force, WantedProfile& wanted,
                           ConfigFindings& findings) {
  if (node.kind != YamlNode::Kind::map)
    return findings.add(
        node.place, std::string("\"document\" is a profile's keys and values, and this is ") + kind_of(node));
  const auto document = to_json(node, findings);
  wanted.text = boost::json::serialize(document);
  for (auto finding : check_profile(wanted.text)) {
    const auto place = place_of(finding.key, node);  // the check has seen JSON that nobody wrote
    finding.line = place.line;
    finding.column = place.column;
    findings.add_line(place, findings.file() + ":" + to_line(finding), finding.is_error() && !force);
  }
  take_document(document.get_object(), wanted);
  if (wanted.name.empty() && force) findings.add(node.place, kNoName);
  if (wanted.document.contains("devices")) findings.add(place_of("devices", node), kDevices, kUseRule);
}

}  // namespace muster::cli
