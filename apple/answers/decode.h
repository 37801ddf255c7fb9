// Decodes Apple's answers. Tolerant: a missing, null, new or malformed key affects only that key, at most
// that device, never the page. Only an answer that makes no sense as a whole is an error, Code::remote with
// the reason.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "apple/answers/page_answer.h"
#include "apple/answers/values.h"
#include "base/result.h"

namespace muster::apple {

/// Odd rows of a page that are described one by one; a last entry counts the others.
inline constexpr size_t kOddRowsDescribed = 100;

Result<std::string> decode_session(std::string body);
Result<AppleAccount> decode_account(std::string body);
Result<DevicePage> decode_page(std::string body);
Result<std::map<Serial, DeviceDetails>> decode_details(std::string body,
                                                       DetailsJson json = DetailsJson::kept);
Result<SerialAnswers> decode_serial_answers(std::string body);
Result<DefinedProfile> decode_defined_profile(std::string body);
/// The word for the one device of the call: `response_status`.
Result<AnswerWord> decode_lock(std::string body);
Result<Replacement> decode_replacement(std::string body);
/// Entries without a token are left out.
Result<std::vector<BetaToken>> decode_beta_tokens(std::string body);
Result<EnrollmentDiscovery> decode_enrollment_discovery(std::string body);
/// The text as it came, once it is known to be an object.
Result<std::string> decode_profile(std::string body);

/// The error of a decode function, said from further out: which call, which status.
Error broken_answer(Error why, const std::string& call, int status);

}  // namespace muster::apple
