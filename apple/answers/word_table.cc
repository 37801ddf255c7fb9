#include "apple/answers/word_table.h"

#include "base/text/strings.h"

#define PORTAL "Apple Business or Apple School Manager"
#define NEW_TOKEN                                                                     \
  "Download a new token in " PORTAL                                                   \
  " > Settings > Device Management Services > the service > Download Token, and run " \
  "`mdmctl apply dep-tokens -import FILE`"
#define EDIT_PROFILE "Correct the profile and define it again"

namespace muster::apple {
namespace {

constexpr WordMeaning kWords[] = {
    // The token, or its owner.
    {"token_rejected", Failure::token_rejected, "Apple rejected the token",
     "The token was revoked, or replaced by a newer download. " NEW_TOKEN},
    {"token_expired", Failure::token_expired, "The token has expired", NEW_TOKEN},
    {"signature_invalid", Failure::token_rejected, "Apple rejected the token's signature",
     "The token was probably replaced by a newer download. " NEW_TOKEN},
    {"oauth_problem_advice", Failure::token_rejected, "Apple rejected the signed request for a session",
     "Either this machine's clock is wrong, or the token is not the latest one of its service. Check the clock "
     "(NTP). If it is right: " NEW_TOKEN},
    {"T_C_NOT_SIGNED", Failure::terms_unsigned, "Apple's new terms and conditions have not been accepted",
     "An administrator must accept the new terms: sign in to " PORTAL
     ". Muster then continues automatically; Apple may need a day to notice"},
    {"ACCESS_DENIED", Failure::forbidden, "Apple denies access to the token",
     "Check in " PORTAL
     " that the device management service still exists and that the user who downloaded the token may still "
     "manage it. Then: " NEW_TOKEN},
    {"FORBIDDEN", Failure::forbidden, "Apple denies access to the token",
     "The user who downloaded the token has probably lost the role that is required, or left the organisation. "
     "A user with the role must act: " NEW_TOKEN},
    {"UNAUTHORIZED", Failure::token_rejected, "Apple rejects every session", NEW_TOKEN},

    // The cursor.
    {"EXPIRED_CURSOR", Failure::cursor_expired, "The cursor is older than 7 days",
     "Muster reads the full list again"},
    {"INVALID_CURSOR", Failure::cursor_expired, "Apple does not recognize the cursor",
     "Muster reads the full list again"},
    {"CURSOR_REQUIRED", Failure::cursor_expired, "The call requires a cursor",
     "Muster reads the full list again"},
    {"EXHAUSTED_CURSOR", Failure::cursor_exhausted, "The full list is complete", ""},

    // The profile that the call names. 404 or 400, depending on call and year.
    {"NOT_FOUND", Failure::profile_unknown, "Apple does not know the profile",
     "Define the profile with `mdmctl apply dep-profiles -f FILE` and use the UUID that it prints"},
    {"PROFILE_NOT_FOUND", Failure::profile_unknown, "Apple does not know the profile",
     "Define the profile with `mdmctl apply dep-profiles -f FILE` and use the UUID that it prints"},

    // What was sent.
    {"CONFIG_URL_REQUIRED", Failure::refused, "The profile has no url", EDIT_PROFILE},
    {"CONFIG_URL_INVALID", Failure::refused, "The profile's url is empty, too long or not a URL",
     EDIT_PROFILE},
    {"CONFIG_NAME_REQUIRED", Failure::refused, "The profile has no profile_name", EDIT_PROFILE},
    {"CONFIG_NAME_INVALID", Failure::refused, "The profile_name is empty or longer than 125 characters",
     EDIT_PROFILE},
    {"MDM_SERVICE_DISCOVERY_URL_REQUIRED", Failure::refused,
     "The call has no address for account-driven enrollment", "Name the address of the discovery document"},
    {"MDM_SERVICE_DISCOVERY_URL_NOT_VALID", Failure::refused, "Apple does not accept the address",
     "Use the complete address of the discovery document, https://..."},
    {"ORG_NOT_SUPPORTED", Failure::refused, "Apple does not offer this to the organisation",
     "Check in " PORTAL " what the organisation may use"},
    {"APPLE_SEED_FOR_IT_TURNED_OFF", Failure::refused,
     "The organisation does not take part in AppleSeed for IT", "Turn it on in " PORTAL},
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
    {"LOCALE_INVALID", Failure::refused, "The profile's language and region do not match", EDIT_PROFILE},
    {"DESCRIPTION_INVALID", Failure::refused, "The profile's description is invalid", EDIT_PROFILE},
    {"PROFILE_UUID_REQUIRED", Failure::refused, "The call names no profile", ""},
    {"DEVICE_ID_REQUIRED", Failure::refused, "The call names no device", ""},
    {"DEVICE_NOT_FOUND", Failure::refused, "Apple does not know the device", ""},
    {"MALFORMED_REQUEST_BODY", Failure::refused, "Apple could not read the request", ""},
    {"USER_AGENT_MISSING", Failure::refused, "The request reached Apple without a User-Agent",
     "A proxy may have removed it. If there is no proxy, report this as a bug in Muster"},
    {"USER_AGENT_INVALID", Failure::refused, "Apple rejects Muster's User-Agent",
     "Upgrade Muster. If this is the latest version, report this as a bug"},

    // Temporary failures.
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
