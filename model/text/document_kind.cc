#include "model/text/document_kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/text/encoding.h"
#include "base/text/json.h"
#include "base/text/strings.h"
#include "model/text/csv_rows.h"

namespace muster {
namespace {

constexpr size_t kBeginning = 4096;  // bytes that tell the kind of most files

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// `-----BEGIN MESSAGE-----` surrounds the decrypted token.
std::string_view without_message_lines(std::string_view text) {
  const size_t begin = text.find('{'), end = text.rfind('}');
  const bool is_message =
      text.starts_with("-----BEGIN MESSAGE") && begin < end && end != std::string_view::npos;
  return is_message ? text.substr(begin, end - begin + 1) : text;
}

bool is_profile(const boost::json::object& object) {
  if (object.contains("profile_name")) return true;
  for (const char* key :
       {"is_mdm_removable", "org_magic", "skip_setup_items", "await_device_configured", "is_supervised"})
    if (object.contains("url") && object.contains(key)) return true;
  for (const char* wrapper : {"profile", "enrollment_profile", "dep_profile"})
    if (const auto* inner = object.if_contains(wrapper);
        inner && inner->is_object() && is_profile(inner->get_object()))
      return true;
  return false;
}

DocumentKind kind_of_object(const boost::json::object& object) {
  if (object.contains("consumer_key") && object.contains("access_token")) return DocumentKind::token_json;
  if (object.contains("token") && (object.contains("orgName") || object.contains("expDate")))
    return DocumentKind::content_token;
  if (is_profile(object)) return DocumentKind::profile;
  for (const char* key : {"rules", "lists", "profiles"})
    if (object.contains(key)) return DocumentKind::config;
  return DocumentKind::json;
}

bool is_content_token(std::string_view text) {
  const auto decoded = base64_decode(trim(text));
  if (!decoded) return false;
  const auto json = parse_json(*decoded);
  return json && json->is_object() && kind_of_object(json->get_object()) == DocumentKind::content_token;
}

// A top-level key of a configuration at the start of a line.
bool is_config(std::string_view text) {
  for (const std::string_view key : {"rules:", "lists:", "profiles:", "account:"})
    if (text.starts_with(key) || contains(text, "\n" + std::string(key))) return true;
  return false;
}

bool is_csv(std::string_view text) {
  const auto rows = serials_of_csv(text);
  if (!rows || rows->serials.empty()) return false;
  constexpr size_t kShortest = 8;  // characters: so that a word is no list
  return std::all_of(rows->serials.begin(), rows->serials.end(),
                     [](const Serial& serial) { return serial.str().size() >= kShortest; });
}

DocumentKind kind_of_bytes(std::string_view content) {
  using namespace std::string_view_literals;
  if (content.starts_with("PK\x03\x04") || content.starts_with("\xD0\xCF\x11\xE0"))
    return DocumentKind::spreadsheet;
  constexpr std::string_view kArchives[] = {"\x1F\x8B",
                                            "BZh",
                                            "\xFD"
                                            "7zXZ",
                                            "7z\xBC\xAF",
                                            "\x28\xB5\x2F\xFD",
                                            "Rar!"};
  for (const auto beginning : kArchives)
    if (content.starts_with(beginning)) return DocumentKind::archive;
  constexpr std::string_view kPictures[] = {"%PDF-", "\x89PNG", "\xFF\xD8\xFF", "GIF8"};
  for (const auto beginning : kPictures)
    if (content.starts_with(beginning)) return DocumentKind::picture;
  if (content.starts_with("{\\rtf")) return DocumentKind::rich_text;
  if (content.starts_with("bplist0")) return DocumentKind::mobileconfig;
  if (content.size() > 1 && content[0] == '0' &&
      static_cast<unsigned char>(content[1]) >= 0x80)  // a DER sequence
    return contains(content.substr(0, 64), "\x2A\x86\x48\x86\xF7\x0D\x01\x07"sv) ? DocumentKind::server_token
                                                                                 : DocumentKind::certificate;
  return DocumentKind::other;
}

}  // namespace

DocumentKind kind_of_document(std::string_view content) {
  if (const auto kind = kind_of_bytes(content); kind != DocumentKind::other) return kind;
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (content.starts_with(kByteOrderMark)) content.remove_prefix(kByteOrderMark.size());
  const auto text = trim(content);
  const auto beginning = text.substr(0, kBeginning);
  if (contains(beginning, "pkcs7-mime") || beginning.starts_with("-----BEGIN PKCS7") ||
      beginning.starts_with("-----BEGIN CMS"))
    return DocumentKind::server_token;
  if (beginning.starts_with("-----BEGIN CERTIFICATE")) return DocumentKind::certificate;
  if (beginning.starts_with("-----BEGIN") && contains(beginning, "PRIVATE KEY-----"))
    return DocumentKind::private_key;
  if (contains(beginning, "<plist")) return DocumentKind::mobileconfig;
  if (contains(to_lower(beginning), "<html") || contains(to_lower(beginning), "<!doctype html"))
    return DocumentKind::web_page;
  if (const auto json = parse_json(without_message_lines(text)); json && json->is_object())
    return kind_of_object(json->get_object());
  if (text.starts_with('{'))
    return contains(beginning, "\"profile_name\"") ? DocumentKind::profile : DocumentKind::other;
  if (is_content_token(text)) return DocumentKind::content_token;
  if (is_config(text)) return DocumentKind::config;
  return is_csv(content) ? DocumentKind::csv : DocumentKind::other;
}

std::string_view description(DocumentKind kind) {
  switch (kind) {
    case DocumentKind::other: break;
    case DocumentKind::profile: return "a DEP profile";
    case DocumentKind::config: return "a configuration";
    case DocumentKind::csv: return "a list of serial numbers";
    case DocumentKind::server_token: return "a server token of Apple's portal";
    case DocumentKind::token_json: return "the decrypted token";
    case DocumentKind::content_token: return "a content token (Apps and Books)";
    case DocumentKind::certificate: return "a certificate";
    case DocumentKind::private_key: return "a private key";
    case DocumentKind::mobileconfig: return "a configuration profile or another property list";
    case DocumentKind::spreadsheet: return "a spreadsheet";
    case DocumentKind::web_page: return "a web page";
    case DocumentKind::archive: return "a compressed file";
    case DocumentKind::rich_text: return "a rich text document (RTF)";
    case DocumentKind::picture: return "a PDF or a picture";
    case DocumentKind::json: return "JSON of another kind";
  }
  return "a file of another kind";
}

std::string remedy_for(DocumentKind kind, std::string_view file, std::string_view account_flag) {
  const std::string account =
      account_flag.empty() ? "default" : std::string(account_flag.substr(account_flag.rfind(' ') + 1));
  switch (kind) {
    case DocumentKind::profile:
      return fmt::format("Run `mdmctl apply dep-profiles -f {}{}`", file, account_flag);
    case DocumentKind::config: return fmt::format("Run `mdmctl apply -f {}`", file);
    case DocumentKind::csv:
      return fmt::format(
          "Run `mdmctl apply device-list -name NAME -f {0}{1}`, or for notes `mdmctl apply device-notes -f {0}{1}`",
          file, account_flag);
    case DocumentKind::server_token:
      return fmt::format("Run `mdmctl apply dep-tokens -import {}{}`", file, account_flag);
    case DocumentKind::token_json:
      return fmt::format("Run `mdmctl apply dep-account -name {} -token-json {}`", account, file);
    case DocumentKind::content_token:
      return "It belongs to the app distribution of your MDM server. Download the server token: in Apple's portal, choose the MDM "
             "server, then Download Token";
    case DocumentKind::certificate:
      return "Upload the certificate to Apple's portal, and import the token (.p7m) that the portal gives for it";
    case DocumentKind::private_key: return "Keep it secret; Muster makes its own keys";
    case DocumentKind::mobileconfig:
      return "Muster handles enrollment profiles only; this file belongs to your MDM server";
    case DocumentKind::spreadsheet: return "Save it as \"CSV UTF-8\" first";
    case DocumentKind::web_page:
      return "The download was a page of a web site, perhaps its login; download the file again";
    case DocumentKind::archive: return "Unpack it first";
    case DocumentKind::rich_text:
      return "Save it as plain text: in TextEdit, choose Format > Make Plain Text before saving";
    case DocumentKind::picture: return "Export the data itself from where this was made";
    case DocumentKind::json:
    case DocumentKind::other: break;
  }
  return {};
}

}  // namespace muster
