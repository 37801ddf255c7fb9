#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "base/text/json.h"
#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"

namespace muster::cli {
namespace {

constexpr const char* kWebhookPath = "/api/v1/enrollment-webhook";
constexpr const char* kMessages = "/webhook/mdm";

std::string enrollment_webhook_text(const boost::json::object& webhook) {
  if (!is_true(webhook, "active"))
    return "messages from MDM servers are not accepted: `mdmctl apply enrollment-webhook` creates a secret for them";
  const auto until = text_of(webhook, "old_secret_until");
  return fmt::format("messages from MDM servers are accepted at {}, with a secret of {}{}", kMessages,
                     text_of(webhook, "made_at"),
                     until.empty() ? "" : ", and until " + until + " with the previous one");
}

}  // namespace

Result<> apply_enrollment_webhook(Call& call) {
  std::string secret_file;
  Millis overlap{};
  auto flags = call.flags();
  flags.add("secret-file", &secret_file,
            "file with the secret that MDM servers sign with; without it one is created and printed. - for "
            "standard input",
            "FILE");
  flags.add("overlap", &overlap,
            "keep the previous secret valid for this time; 24h without the flag, 30d at most");
  MUSTER_TRY(call.parse(flags));

  boost::json::object body;
  if (!secret_file.empty()) {
    MUSTER_TRY(body["secret"], call.read_secret(secret_file));
  }
  if (flags.given("overlap"))
    body["overlap"] = std::chrono::duration_cast<std::chrono::seconds>(overlap).count();
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto webhook, server.send("PUT", kWebhookPath, body));
  call.print_with_secret(enrollment_webhook_text(webhook), text_of(webhook, "secret"),
                         "The secret is shown only now. Give it to the MDM server (docs/enrollments.md):");
  return {};
}

Result<> get_enrollment_webhook(Call& call) {
  std::string format = "table";
  auto flags = call.flags();
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto webhook, server.get(kWebhookPath));
  call.out() << (format == "json" ? write_json_indented(webhook) : enrollment_webhook_text(webhook)) << '\n';
  return {};
}

Result<> remove_enrollment_webhook(Call& call) {
  auto flags = call.flags();
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(server.send("DELETE", kWebhookPath, boost::json::object()));
  call.out() << "removed the secret: messages from MDM servers are no longer accepted\n";
  return {};
}

}  // namespace muster::cli
