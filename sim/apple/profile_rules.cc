#include "sim/apple/profile_rules.h"

#include <boost/json.hpp>
#include <boost/url/parse.hpp>
#include <optional>

#include "sim/apple/locales.h"

namespace muster::sim {
namespace {

constexpr const char* kMalformed = "MALFORMED_REQUEST_BODY";
constexpr size_t kLongestUrl = 2000;  // URL-encoded characters

// The texts with a length, in characters, and the words for absent ("" when it may be) and empty or too long.
struct TextRule {
  const char* key;
  size_t longest;
  const char* required;
  const char* invalid;
};
constexpr TextRule kName = {"profile_name", 125, "CONFIG_NAME_REQUIRED", "CONFIG_NAME_INVALID"};
constexpr TextRule kDepartment = {"department", 125, "DEPARTMENT_REQUIRED", "DEPARTMENT_INVALID"};
constexpr TextRule kPhone = {"support_phone_number", 50, "SUPPORT_PHONE_REQUIRED", "SUPPORT_PHONE_INVALID"};
constexpr TextRule kEmail = {"support_email_address", 250, "", "SUPPORT_EMAIL_INVALID"};
constexpr TextRule kMagic = {"org_magic", 256, "", "MAGIC_INVALID"};

// The flags, with the defaults that GET shows; false means that a key not sent stays away.
struct FlagRule {
  const char* key;
  bool default_value;
  bool shown_when_unset;
};
constexpr FlagRule kFlags[] = {
    {"allow_pairing", true, true},
    {"is_supervised", false, true},
    {"is_mandatory", false, true},
    {"is_mdm_removable", true, true},
    {"is_multi_user", false, true},
    {"await_device_configured", false, true},
    {"auto_advance_setup", false, true},
    {"is_return_to_service", false, false},
    {"do_not_use_profile_from_backup", false, false},
};
constexpr const char* kTextKeys[] = {
    "profile_name", "url",      "configuration_web_url", "org_magic",
    "department",   "language", "support_phone_number",  "support_email_address",
    "region"};
constexpr const char* kListKeys[] = {"anchor_certs", "supervising_host_certs", "skip_setup_items", "devices"};

const boost::json::value* find(const boost::json::object& profile, const char* key) {
  const auto* value = profile.if_contains(key);
  return value && !value->is_null() ? value : nullptr;
}

std::optional<std::string_view> text(const boost::json::object& profile, const char* key) {
  const auto* value = find(profile, key);
  if (!value) return std::nullopt;
  const auto& string = value->get_string();
  return std::string_view(string.data(), string.size());
}

bool flag(const boost::json::object& profile, const char* key, bool default_value) {
  const auto* value = find(profile, key);
  return value ? value->get_bool() : default_value;
}

// No source tells Apple's answer to a key of the wrong type; it can hardly be anything else.
bool types_are_right(const boost::json::object& profile) {
  for (const auto& rule : kFlags)
    if (const auto* value = find(profile, rule.key); value && !value->is_bool()) return false;
  for (const char* key : kTextKeys)
    if (const auto* value = find(profile, key); value && !value->is_string()) return false;
  for (const char* key : kListKeys) {
    const auto* value = find(profile, key);
    if (!value) continue;
    if (!value->is_array()) return false;
    for (const auto& item : value->get_array())
      if (!item.is_string()) return false;
  }
  return true;
}

size_t character_count(std::string_view utf8) {
  size_t count = 0;
  for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

std::string check_text(const boost::json::object& profile, const TextRule& rule, bool required) {
  const auto value = text(profile, rule.key);
  if (!value) return required ? rule.required : "";
  return value->empty() || character_count(*value) > rule.longest ? rule.invalid : "";
}

// RFC 2396 with RFC 2732: scheme and host, no characters that would need an escape but those beyond ASCII,
// which Apple's limit counts encoded.
bool is_url(std::string_view url, bool https_only) {
  std::string encoded;
  for (const char c : url) {
    if (static_cast<unsigned char>(c) >= 0x80)
      encoded += "%AA";  // stands for any escape: only the syntax and the length matter
    else
      encoded += c;
  }
  if (encoded.empty() || encoded.size() > kLongestUrl) return false;
  const auto parsed = boost::urls::parse_uri(encoded);
  if (!parsed || parsed->encoded_host().empty()) return false;
  return parsed->scheme() == "https" || (!https_only && parsed->scheme() == "http");
}

}  // namespace

std::string check_profile(const boost::json::object& profile, const Settings& settings) {
  if (!types_are_right(profile)) return kMalformed;
  const auto url = text(profile, "url");
  if (!url) return "CONFIG_URL_REQUIRED";
  if (!is_url(*url, settings.require_https_url)) return "CONFIG_URL_INVALID";
  if (auto word = check_text(profile, kName, true); !word.empty()) return word;
  if (!flag(profile, "is_mdm_removable", true) && !flag(profile, "is_supervised", false))
    return "FLAGS_INVALID";
  if (auto word = check_text(profile, kDepartment, settings.require_department); !word.empty()) return word;
  if (auto word = check_text(profile, kPhone, settings.require_support_phone); !word.empty()) return word;
  if (auto word = check_text(profile, kEmail, false); !word.empty()) return word;
  const bool may_be_empty = settings.empty_org_magic == "accepted" && text(profile, "org_magic") == "";
  if (auto word = check_text(profile, kMagic, false); !word.empty() && !may_be_empty) return word;
  const auto language = text(profile, "language");
  const auto region = text(profile, "region");
  if ((language && !is_language(*language)) || (region && !is_region(*region))) return "LOCALE_INVALID";
  return "";
}

boost::json::object complete_profile(const boost::json::object& profile, const std::string& uuid) {
  boost::json::object complete;
  complete["profile_uuid"] = uuid;
  for (const auto& member : profile)
    if (member.key() != "devices" && member.key() != "profile_uuid" && !member.value().is_null())
      complete[member.key()] = member.value();
  for (const auto& rule : kFlags)
    if (rule.shown_when_unset && !complete.contains(rule.key)) complete[rule.key] = rule.default_value;
  return complete;
}

}  // namespace muster::sim
