#include "profile/members.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace muster {
namespace {

using Severity = ProfileFinding::Severity;
using Form = ProfileKey::Form;

const char* name_of(Form form) {
  switch (form) {
    case Form::text: return "a text in quotes";
    case Form::flag: return "true or false, without quotes";
    case Form::texts: return "a list of texts, like [\"A\", \"B\"]";
  }
  return "";
}

// A key as people see it, also one that nobody knows.
std::string label_of(const std::string& key) {
  const std::string quoted = shown(key);
  return key.empty() ? quoted : quoted.substr(1, quoted.size() - 2);
}

class MembersCheck {
 public:
  MembersCheck(std::string_view text, ProfileFindings& findings) : text_(text), findings_(findings) {}

  void run() {
    if (say_inner_profile()) return;
    std::unordered_map<std::string, size_t> first_lines;
    PlaceFinder places(text_);
    MemberReader reader(text_);
    while (const auto next = reader.next()) {
      if (findings_.is_full()) return;
      const JsonMember& member = *next;
      const auto [first, is_first] = first_lines.emplace(member.key, places.at(member.key_offset).line);
      if (!is_first) say_twice(member, first->second);
      const auto* key = find_profile_key(member.key);
      if (!key) {
        if (is_first) say_unknown(member);
      } else if (member.value.text == "null") {
        say_null(member);
        last_.erase(member.key);
      } else {
        check_value(*key, member);
        last_[member.key] = member.value;
      }
    }
    check_required();
    check_together();
  }

 private:
  void say_twice(const JsonMember& member, size_t first_line) {
    findings_.add(member.key_offset, label_of(member.key),
                  {.reason = fmt::format("duplicate key, first on line {}", first_line),
                   .remedy = "Remove one of them"});
  }

  // Documents of other tools have the profile in a member. Nothing else is said then: all of it would be
  // beside the point.
  bool say_inner_profile() {
    MemberReader reader(text_);
    std::optional<JsonMember> inner;
    while (const auto next = reader.next()) {
      if (next->key == "profile_name" || next->key == "url") return false;
      if (!inner && next->value.text.front() == '{' && has_profile_key(next->value.text)) inner = next;
    }
    if (!inner) return false;
    findings_.add(inner->key_offset, label_of(inner->key),
                  {.word = std::string(kMalformedProfile),
                   .reason = "the profile is inside this member",
                   .remedy = "Send the object that is its value, alone"});
    return true;
  }

  static bool has_profile_key(std::string_view object) {
    MemberReader reader(object);
    while (const auto next = reader.next())
      if (next->key == "profile_name" || next->key == "url" || next->key == "is_mdm_removable" ||
          next->key == "skip_setup_items")
        return true;
    return false;
  }

  // Another tool's name for a key that Apple needs: as wrong as a missing key.
  bool say_other_name(const JsonMember& member) {
    const std::string_view name = name_at_apple(member.key);
    if (name != "profile_name" && name != "url") return false;
    renamed_.insert(std::string(name));
    findings_.add(member.key_offset, label_of(member.key),
                  {.reason = "Apple does not know this key",
                   .remedy = fmt::format("Apple's name for it is \"{}\"", name)});
    return true;
  }

  void say_unknown(const JsonMember& member) {
    if (say_other_name(member)) return;
    const std::string_view other = name_at_apple(member.key);
    const std::string meant = other.empty() ? guess_profile_key(member.key) : std::string(other);
    findings_.add(
        member.key_offset, label_of(member.key),
        {.severity = Severity::warning,
         .reason = "Apple's documentation has no such key",
         .remedy = meant.empty() ? "It goes out as it is" : fmt::format("Did you mean \"{}\"?", meant)});
  }

  // MicroMDM's mdmctl sends `"devices": null`, and Muster takes it as absent.
  void say_null(const JsonMember& member) {
    if (member.key == "devices" || member.key == "org_magic") return;
    findings_.add(member.value.offset, member.key,
                  {.severity = Severity::warning,
                   .reason = "it is null, which Apple's documentation does not know",
                   .remedy = "Remove the key"});
  }

  void check_value(const ProfileKey& key, const JsonMember& member) {
    if (key.name == "profile_uuid")
      return findings_.add(member.key_offset, key.name,
                           {.severity = Severity::warning,
                            .reason = "Apple gives every definition a UUID of its own",
                            .remedy = "Remove the key"});
    const char first = member.value.text.front();
    const bool is_right = key.form == Form::text   ? first == '"'
                          : key.form == Form::flag ? first == 't' || first == 'f'
                                                   : first == '[';
    if (!is_right) return say_form(key, member.value, name_of(key.form));
    if (key.form == Form::text) check_one(member.value, key, check_text(key, string_in(member.value.text)));
    if (key.form == Form::texts) check_items(key, member.value);
  }

  void say_form(const ProfileKey& key, const JsonItem& item, const char* wanted) {
    findings_.add(item.offset, key.name,
                  {.word = std::string(kMalformedProfile),
                   .reason = fmt::format("it is {}", kind_of(item)),
                   .remedy = fmt::format("Write {}", wanted)});
  }

  void check_one(const JsonItem& item, const ProfileKey& key, MaybeFault fault) {
    if (fault) findings_.add(item.offset, key.name, *std::move(fault));
  }

  void check_items(const ProfileKey& key, const JsonItem& list) {
    std::unordered_set<std::string> seen;
    ItemReader reader(list);
    while (const auto next = reader.next()) {
      const JsonItem& item = *next;
      if (findings_.is_full()) return;
      if (item.text.front() != '"') {
        say_form(key, item, name_of(Form::text));
        continue;
      }
      const std::string text = string_in(item.text);
      check_one(item, key, check_item(key, text));
      if (!seen.insert(text).second)
        findings_.add(
            item.offset, key.name,
            {.severity = Severity::warning, .reason = fmt::format("duplicate value {}", shown(text))});
    }
  }

  void check_required() {
    const size_t at = text_.find('{');
    if (!last_.contains("profile_name") && !renamed_.contains("profile_name"))
      findings_.add(
          at, "profile_name",
          {.word = "CONFIG_NAME_REQUIRED", .reason = "it is missing", .remedy = "Give the profile a name"});
    if (!last_.contains("url") && !renamed_.contains("url"))
      findings_.add(
          at, "url",
          {.word = "CONFIG_URL_REQUIRED",
           .reason = last_.contains("configuration_web_url")
                         ? "it is missing, and Apple wants it beside configuration_web_url too"
                         : "it is missing",
           .remedy = "Give the address at which devices enroll, like \"https://mdm.example.org/enroll\""});
  }

  bool is(const char* key, std::string_view value) const {
    const auto found = last_.find(key);
    return found != last_.end() && found->second.text == value;
  }

  void check_together() {
    if (is("is_mdm_removable", "false") && !is("is_supervised", "true"))
      findings_.add(last_.at("is_mdm_removable").offset, "is_mdm_removable",
                    {.word = "FLAGS_INVALID",
                     .reason = "false needs is_supervised to be true, also for systems that ignore that key",
                     .remedy = "Write \"is_supervised\": true"});
    if (is("auto_advance_setup", "true") && !(last_.contains("language") && last_.contains("region")))
      findings_.add(last_.at("auto_advance_setup").offset, "auto_advance_setup",
                    {.severity = Severity::warning,
                     .reason = "the setup assistant still asks for the language and region",
                     .remedy = "Give language and region too"});
  }

  std::string_view text_;
  ProfileFindings& findings_;
  std::unordered_set<std::string> renamed_;            // keys that are there under another tool's name
  std::map<std::string, JsonItem, std::less<>> last_;  // what counts of each key that is not null
};

}  // namespace

const char* kind_of(const JsonItem& item) {
  switch (item.text.front()) {
    case '{': return "an object";
    case '[': return "an array";
    case '"': return "a text";
    case 't':
    case 'f': return "true or false";
    case 'n': return "null";
    default: return "a number";
  }
}

void check_profile_members(std::string_view text, ProfileFindings& findings) {
  MembersCheck(text, findings).run();
}

}  // namespace muster
