#include "apple/answers/word_table.h"

#include "base/text/strings.h"

#define PORTAL "Apple Business or Apple School Manager"
#define NEW_TOKEN                                                                     \
  "Download a new token in " PORTAL                                                   \
  " > Settings > Device Management Services > the service > Download Token, and run " \
  "`mdmctl apply dep-tokens -import FILE`"
#define EDIT_PROFILE "Mend the profile and define it again"

namespace muster::apple {
namespace {

constexpr WordMeaning kWords[] = {
    // The token, or the person behind it.
    {"token_rejected", Failure::token_rejected, "Apple rejected the token",
     "It was revoked, or replaced by a newer download. " NEW_TOKEN},
    {"token_expired", Failure::token_expired, "The token has expired", NEW_TOKEN},
    {"signature_invalid", Failure::token_rejected, "Apple refused the token's signature",
     "The token was probably replaced by a newer download. " NEW_TOKEN},
    {"oauth_problem_advice", Failure::token_rejected, "Apple refused the signed request for a session",
     "The token is not the newest one of its service, or this machine's clock is wrong. Check the clock "
     "(NTP); if it is "
     "right: " NEW_TOKEN},
    {"T_C_NOT_SIGNED", Failure::terms_unsigned, "New terms and conditions of Apple wait to be accepted",
     "Someone with the right to must accept the new terms in the portal: sign in to " PORTAL
     " as an administrator. Muster goes on by itself afterwards; Apple may need a day to notice"},
    {"ACCESS_DENIED", Failure::forbidden, "Apple denies the token access",
     "Check in " PORTAL
     " that the device management service still exists and that the person who downloaded the token "
     "may still manage it. Then: " NEW_TOKEN},
    {"FORBIDDEN", Failure::forbidden, "Apple refuses the token",
     "The person who downloaded it has probably lost the right to, or left. Someone who has it must "
     "act: " NEW_TOKEN},
    {"UNAUTHORIZED", Failure::token_rejected, "Apple refuses the session, even a new one", NEW_TOKEN},

    // The cursor.
    {"EXPIRED_CURSOR", Failure::cursor_expired, "The cursor is older than 7 days",
     "The full list is read again"},
    {"INVALID_CURSOR", Failure::cursor_expired, "Apple does not know the cursor",
     "The full list is read again"},
    {"CURSOR_REQUIRED", Failure::cursor_expired, "The call needs a cursor", "The full list is read again"},
    {"EXHAUSTED_CURSOR", Failure::cursor_exhausted, "The full list is read to its end", ""},

    // The profile that the call names. 404 or 400, depending on call and year.
    {"NOT_FOUND", Failure::profile_unknown, "Apple does not know the profile",
     "Define it (`mdmctl apply dep-profiles -f FILE`) and use the UUID that this prints"},
    {"PROFILE_NOT_FOUND", Failure::profile_unknown, "Apple does not know the profile",
     "Define it (`mdmctl apply dep-profiles -f FILE`) and use the UUID that this prints"},

    // What was sent.
    {"CONFIG_URL_REQUIRED", Failure::refused, "The profile has no url", EDIT_PROFILE},
    {"CONFIG_URL_INVALID", Failure::refused, "The profile's url is empty, too long or no URL", EDIT_PROFILE},
    {"CONFIG_NAME_REQUIRED", Failure::refused, "The profile has no profile_name", EDIT_PROFILE},
    {"CONFIG_NAME_INVALID", Failure::refused, "The profile_name is empty or longer than 125 characters",
     EDIT_PROFILE},
    {"FLAGS_INVALID", Failure::refused, "The profile's flags contradict each other",
     "is_mdm_removable: false needs is_supervised: true. " EDIT_PROFILE},
    {"DEPARTMENT_INVALID", Failure::refused,
     "The profile's department is empty or longer than 125 characters", EDIT_PROFILE},
    {"DEPARTMENT_REQUIRED", Failure::refused, "The profile has no department", EDIT_PROFILE},
    {"SUPPORT_PHONE_INVALID", Failure::refused,
     "The profile's support_phone_number is empty or longer than 50 characters", EDIT_PROFILE},
    {"SUPPORT_PHONE_REQUIRED", Failure::refused, "The profile has no support_phone_number", EDIT_PROFILE},
    {"SUPPORT_EMAIL_INVALID", Failure::refused,
     "The profile's support_email_address is empty or longer than 250 characters", EDIT_PROFILE},
    {"MAGIC_INVALID", Failure::refused, "The profile's org_magic is empty or longer than 256 characters",
     EDIT_PROFILE},
    {"LOCALE_INVALID", Failure::refused, "The profile's language and region do not go together",
     EDIT_PROFILE},
    {"DESCRIPTION_INVALID", Failure::refused, "The profile's description is not accepted", EDIT_PROFILE},
    {"PROFILE_UUID_REQUIRED", Failure::refused, "The call names no profile", ""},
    {"DEVICE_ID_REQUIRED", Failure::refused, "The call names no device", ""},
    {"DEVICE_NOT_FOUND", Failure::refused, "Apple does not know the device", ""},
    {"MALFORMED_REQUEST_BODY", Failure::refused, "Apple could not read what was sent", ""},
    {"USER_AGENT_MISSING", Failure::refused, "Apple saw no User-Agent",
     "A proxy between may have taken it away; tell Muster's makers if there is none"},
    {"USER_AGENT_INVALID", Failure::refused, "Apple does not accept this User-Agent",
     "Use a newer Muster, or tell its makers"},

    // Trouble of the moment.
    {"TOO_MANY_REQUESTS", Failure::wait, "", ""},
    {"internal_server_error", Failure::wait, "", ""},
};

}  // namespace

const char* const kNewTokenRemedy = NEW_TOKEN;

std::span<const WordMeaning> word_table() { return kWords; }

const WordMeaning* find_word(std::string_view word) {
  for (const WordMeaning& row : kWords)
    if (equals_ignoring_case(row.word, word)) return &row;
  return nullptr;
}

}  // namespace muster::apple
