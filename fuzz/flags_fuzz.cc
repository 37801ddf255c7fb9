// Command lines in Go's syntax: one argument a line.
#include <algorithm>

#include "base/text/flags.h"
#include "fuzz/check.h"

namespace {

using namespace muster;
using fuzz::check;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

void check_duration(const std::string& text) {
  const auto duration = parse_duration(text);
  if (!duration) return;
  check(duration->count() >= 0, "a duration is not negative");
  const auto again = parse_duration(format_duration(*duration));
  check(again && *again == *duration, "a duration printed and read again is the same", text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const auto args = lines_of(fuzz::text_of(data, size));
  for (const auto& arg : args) check_duration(arg);

  std::string text = "default";
  bool yes = false;
  long long number = 7;
  Millis duration{120'000};
  FlagSet flags("muster serve", "Run the server.");
  flags.add("text", &text, "a text");
  flags.add("yes", &yes, "a boolean");
  flags.add("number", &number, "a number");
  flags.add("duration", &duration, "a duration");
  const auto rest = flags.parse(args);
  if (!rest) {
    check(rest.error().code == Code::invalid || rest.error().code == Code::cancelled,
          "a refusal is one of two");
    check(!rest.error().message.empty(), "with a reason");
    return 0;
  }
  check(std::all_of(rest->begin(), rest->end(),
                    [&](const auto& arg) { return std::find(args.begin(), args.end(), arg) != args.end(); }),
        "what is left was given");
  if (!flags.given("text")) check(text == "default", "a flag that is not given keeps its default");
  if (!flags.given("number")) check(number == 7, "a flag that is not given keeps its default");
  return 0;
}
