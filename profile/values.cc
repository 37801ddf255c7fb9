#include "profile/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/text/strings.h"
#include "base/text/utf8.h"
#include "profile/iso_codes.h"

namespace muster {
namespace {

using Severity = ProfileFinding::Severity;

constexpr const char* kTakeItOut = "Remove the key: Apple does not accept an empty text";
constexpr std::string_view kLocaleInvalid = "LOCALE_INVALID";

size_t character_count(const std::string& text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

MaybeFault check_length(const ProfileKey& key, const std::string& text) {
  const std::string word(key.word_when_invalid);
  // MicroMDM's mdmctl always sends org_magic, and Muster leaves an empty one out.
  if (text.empty() && key.name == "org_magic")
    return ProfileFault{.severity = Severity::warning,
                        .reason = "it is empty; Muster leaves it out, as Apple refuses an empty one"};
  if (text.empty())
    return ProfileFault{.word = word,
                        .reason = "it is empty",
                        .remedy = key.name == "profile_name" ? "Give the profile a name" : kTakeItOut};
  const size_t length = character_count(text);
  if (length <= key.longest) return {};
  return ProfileFault{
      .word = word,
      .reason = fmt::format("it has {} characters, and Apple takes {} at most", length, key.longest),
      .remedy = "Shorten it"};
}

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

// `de-DE`, as browsers and phones write a language with its region.
MaybeFault check_compound(const std::string& text) {
  const size_t cut = text.find_first_of("-_");
  if (cut == std::string::npos) return {};
  const std::string language = to_lower(text.substr(0, cut)), region = to_upper(text.substr(cut + 1));
  if (!is_language_code(language) || !is_region_code(region)) return {};
  return ProfileFault{
      .word = std::string(kLocaleInvalid),
      .reason = fmt::format("{} is language and region in one", shown(text)),
      .remedy = fmt::format("Write \"language\": \"{}\", \"region\": \"{}\"", language, region)};
}

MaybeFault wrong_code(const std::string& text, const char* kind, std::string_view meant) {
  if (auto compound = check_compound(text)) return compound;
  return ProfileFault{.word = std::string(kLocaleInvalid),
                      .reason = fmt::format("{} is not {}", shown(text), kind),
                      .remedy = meant.empty() ? "" : fmt::format("Did you mean \"{}\"?", meant)};
}

MaybeFault check_language(const std::string& text) {
  if (text.empty())
    return ProfileFault{.word = std::string(kLocaleInvalid), .reason = "it is empty", .remedy = kTakeItOut};
  // Of ISO 639-2 nobody needs the list here.
  if (is_language_code(text) || (text.size() == 3 && std::all_of(text.begin(), text.end(), is_lower)))
    return {};
  const std::string lower = to_lower(text);
  return wrong_code(text, "a language of ISO 639, like \"en\" or \"eng\"",
                    is_language_code(lower) ? lower : usual_language_for(lower));
}

MaybeFault check_region(const std::string& text) {
  if (text.empty())
    return ProfileFault{.word = std::string(kLocaleInvalid), .reason = "it is empty", .remedy = kTakeItOut};
  if (is_region_code(text)) return {};
  const std::string upper = to_upper(text);
  return wrong_code(text, "a region of ISO 3166-1, like \"US\"",
                    is_region_code(upper) ? upper : usual_region_for(upper));
}

MaybeFault check_skip_item(const std::string& text) {
  if (const auto* item = find_skip_item(text)) {
    if (item->outdated.empty()) return {};
    return ProfileFault{.severity = Severity::warning,
                        .reason = fmt::format("{}: {}", shown(text), item->outdated)};
  }
  const std::string meant = guess_skip_item(text);
  return ProfileFault{
      .severity = Severity::warning,
      .reason = fmt::format("Apple's list has no {}", shown(text)),
      .remedy = meant.empty() ? "It goes out as it is" : fmt::format("Did you mean \"{}\"?", meant)};
}

MaybeFault check_serial(const std::string& text) {
  if (text.empty() || trim(text).size() != text.size() ||
      text.find_first_of(" \t\r\n,;") != std::string::npos)
    return ProfileFault{.reason = fmt::format("{} is not one serial number", shown(text)),
                        .remedy = "Each stands in quotes of its own, without spaces"};
  if (text.starts_with("SERIAL") && text.size() <= sizeof "SERIAL12")
    return ProfileFault{.reason = fmt::format("{} is the template's text", shown(text)),
                        .remedy = "Write serial numbers of devices, or an empty list: []"};
  const std::string upper = to_upper(text);
  if (upper != text)
    return ProfileFault{
        .severity = Severity::warning,
        .reason = fmt::format("{} has small letters, and Apple's serial numbers have none", shown(text)),
        .remedy = fmt::format("Did you mean {}?", shown(upper))};
  return {};
}

}  // namespace

std::string shown(const std::string& text) {
  constexpr size_t kLongest = 60;  // characters
  size_t at = 0;
  for (size_t count = 0; count < kLongest && at < text.size(); ++count)
    at += std::max<size_t>(1, utf8_length(std::string_view(text).substr(at)));
  if (at >= text.size()) return boost::json::serialize(boost::json::string_view(text));
  return boost::json::serialize(boost::json::string_view(text.substr(0, at) + "…"));
}

// What a template has where a text of the reader's own belongs.
MaybeFault check_template_text(const std::string& text) {
  if (text.starts_with("(Required)"))
    return ProfileFault{.reason = fmt::format("{} is the template's text", shown(text)),
                        .remedy = "Write your own"};
  if (text.starts_with("(Optional)"))
    return ProfileFault{
        .severity = Severity::warning,
        .reason = fmt::format("{} is the template's text, and devices show it as it is", shown(text)),
        .remedy = "Write your own, or remove the key"};
  return {};
}

MaybeFault check_text(const ProfileKey& key, const std::string& text) {
  if (auto fault = check_template_text(text)) return fault;
  if (key.longest > 0) return check_length(key, text);
  if (key.name == "url") return check_url(text, "CONFIG_URL_INVALID");
  if (key.name == "configuration_web_url") return check_url(text, "");
  if (key.name == "language") return check_language(text);
  if (key.name == "region") return check_region(text);
  return {};
}

MaybeFault check_item(const ProfileKey& key, const std::string& text) {
  if (key.name == "skip_setup_items") return check_skip_item(text);
  if (key.name == "devices") return check_serial(text);
  return check_certificate(text);
}

}  // namespace muster
