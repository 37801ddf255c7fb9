// Filters as users type them: read, or rejected with a reason and a place; what was read means the same when
// it is written out, and can be asked of any device.
#include <algorithm>

#include "base/text/utf8.h"
#include "filter/parser.h"
#include "filter/read.h"
#include "filter/text.h"
#include "fuzz/check.h"

namespace {

using namespace muster;
using fuzz::check;

long number_behind(std::string_view word, const std::string& message) {
  const size_t at = message.find(word);
  return at == std::string::npos ? 1 : std::atol(message.c_str() + at + word.size());
}

// The place is one of the filter, or right behind its end.
void check_place(const std::string& text, const Error& error) {
  check(error.code == Code::invalid && !error.message.empty(), "a refusal has a reason");
  check(is_utf8(error.text()), "a reason is UTF-8", error.text());
  if (error.message.find("of the filter: ") == std::string::npos) return;  // it is empty, or too long
  const bool has_lines = error.message.starts_with("line ");
  const long line = has_lines ? number_behind("line ", error.message) : 1;
  const long column = number_behind("column ", error.message);
  check(line >= 1 && line <= 1 + std::count(text.begin(), text.end(), '\n'), "the line is there",
        error.message);
  check(column >= 1 && column <= static_cast<long>(text.size()) + 1, "the column is there", error.message);
}

struct Asked {
  Device device;
  Note note;
  std::set<std::string> lists;
};

const std::vector<Asked>& devices() {
  static const std::vector<Asked> kDevices = [] {
    std::vector<Asked> all(3);
    Device& ipad = all[1].device;
    ipad.serial = Serial("C00000000001");
    ipad.facts.model = "iPad Pro (11-inch)";
    ipad.facts.color = "SPACE GRAY";
    ipad.facts.family = "iPad";
    ipad.facts.os = "iPadOS";
    ipad.facts.assigned_at = from_millis(1'772'355'600'000);
    ipad.facts.other = R"({"mdm_migration_deadline":"2026-06-01T00:00:00Z","is_replacement_device":true})";
    all[1].note = {"Cart 3", "Ada", "4b", "N-1"};
    all[1].lists = {"lab", "list"};
    Device& odd = all[2].device;
    odd.serial = Serial("\xFF");
    odd.facts.description = std::string("a\0b\xC3", 4);
    odd.facts.profile_status = "pushed";
    odd.facts.other = "{";
    return all;
  }();
  return kDevices;
}

std::vector<bool> answers(const assign::Filter& filter) {
  std::vector<bool> all;
  for (const Asked& asked : devices())
    all.push_back(filter.matches(
        {.device = asked.device, .account = kDefaultAccount, .note = &asked.note, .lists = &asked.lists}));
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const std::string text = fuzz::text_of(data, size);
  const auto filter = assign::Filter::parse(text);
  if (!filter) {
    check_place(text, filter.error());
    return 0;
  }
  const auto covered = answers(*filter);
  check(answers(*filter) == covered, "a filter has one opinion");
  if (text == "*") check(covered == std::vector<bool>(devices().size(), true), "* covers every device");
  (void)filter->lists();
  (void)filter->uses_notes();

  const std::string written = assign::to_text(filter->expression());
  const auto again = assign::Filter::parse(written);
  if (written.size() > assign::kLongestFilter) return 0;  // quotes and spaces made it longer
  check(again.has_value(), "what is written out is read", written);
  check(again->expression() == filter->expression(), "as the same", written);
  check(assign::to_text(again->expression()) == written, "and written out as before", written);
  check(answers(*again) == covered, "and covers the same", written);
  return 0;
}
