#include "cli/manual/man_page.h"

#include <fmt/format.h>

#include "cli/manual/flags_of.h"

namespace muster::cli {
namespace {

// Text as troff takes it: hyphens that can be copied, no control line by accident.
std::string troff(std::string_view text) {
  std::string safe;
  if (text.starts_with('.') || text.starts_with('\'')) safe += "\\&";
  for (const char c : text) {
    if (c == '\\')
      safe += "\\e";
    else if (c == '-')
      safe += "\\-";
    else
      safe += c;
    if (c == '\n') safe += "\\&";
  }
  return safe;
}

std::string title(std::string_view page) {
  return fmt::format(".TH \"{}\" 1 \"\" \"Muster {}\" \"Muster\"\n", page, MUSTER_VERSION);
}

std::string flags_text(const Command& command) {
  std::string text;
  for (const auto& flag : flags_of(command)) {
    text += fmt::format(".TP\n.B \\-{}", troff(flag.name));
    if (!flag.value_name.empty()) text += fmt::format(" \\fI{}\\fP", troff(flag.value_name));
    text += "\n" + troff(flag.help);
    if (!flag.alias.empty()) text += fmt::format("; also \\-{}", troff(flag.alias));
    if (!flag.default_value.empty()) text += fmt::format(" (default {})", troff(flag.default_value));
    text += "\n";
  }
  return text;
}

constexpr std::string_view kExitStatus =
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\nAll that was asked was done.\n"
    ".TP\n.B 1\nAn error; the message on standard error says what was not done.\n"
    ".TP\n.B 2\n\\&`mdmctl apply \\-f` changed something, or with \\-dry\\-run would.\n"
    ".TP\n.B 3\nA part was done or found; the warnings on standard error name the rest.\n";

constexpr std::string_view kEnvironment =
    ".SH ENVIRONMENT\n"
    ".TP\n.B MDMCTL_SERVER_URL, MDMCTL_API_TOKEN\nThe server and its API key, in place of `mdmctl config set`. Set both.\n"
    ".TP\n.B NO_COLOR\nWhen set, states are not coloured.\n"
    ".TP\n.B https_proxy, http_proxy, no_proxy, SSL_CERT_FILE\nAs for other programs.\n"
    ".SH FILES\n.TP\n.B ~/.micromdm/servers.json\nThe saved servers, as `mdmctl config print` shows them.\n";

}  // namespace

std::string man_page() {
  std::string page = title("MDMCTL");
  page +=
      ".SH NAME\nmdmctl \\- control a Muster or MicroMDM server\n"
      ".SH SYNOPSIS\n.B mdmctl\n.I command\n.RI [ args ]\n.RI [ flags ]\n"
      ".SH DESCRIPTION\nmdmctl assigns enrollment profiles to Apple devices through a Muster server.\n"
      "A flag is given as \\-name value, \\-name=value or \\-\\-name value.\n"
      ".SH COMMANDS\n";
  for (const auto& command : commands()) {
    page += fmt::format(".SS mdmctl {}\n{}\n", troff(command.name()), troff(command.summary));
    page += flags_text(command);
  }
  page += kExitStatus;
  page += kEnvironment;
  return page;
}

std::string man_page(const Command& command) {
  std::string name = "mdmctl " + command.name();
  for (char& c : name)
    if (c == ' ') c = '-';
  std::string upper = name;
  for (char& c : upper)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  std::string page = title(upper);
  page += fmt::format(".SH NAME\n{} \\- {}\n.SH SYNOPSIS\n.B mdmctl {}\n.RI [ flags ]\n", troff(name),
                      troff(command.summary), troff(command.name()));
  const auto flags = flags_text(command);
  if (!flags.empty()) page += ".SH OPTIONS\n" + flags;
  page += kExitStatus;
  page += ".SH SEE ALSO\n.BR mdmctl (1)\n";
  return page;
}

}  // namespace muster::cli
