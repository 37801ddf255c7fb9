// What kind of file somebody has chosen: so many go around with Apple's services that the wrong one is given
// to a command every day, and should be answered with the command that takes it.
#pragma once

#include <string>
#include <string_view>

namespace muster {

enum class DocumentKind {
  other,          ///< none of these for sure
  profile,        ///< an enrollment profile, as JSON
  config,         ///< a configuration for `mdmctl apply -f`
  csv,            ///< rows with serial numbers
  server_token,   ///< the portal's file, .p7m
  token_json,     ///< the same, decrypted
  content_token,  ///< of Apps and Books, .vpptoken
  certificate,    ///< PEM or DER
  private_key,    ///< PEM
  mobileconfig,   ///< a configuration profile, or another property list
  spreadsheet,    ///< .xlsx, .ods, .xls
  web_page,
  archive,    ///< or another compressed file
  rich_text,  ///< as TextEdit saves it
  picture,    ///< or a PDF: for eyes only
  json,       ///< of another kind
};

/// Looks at the first kilobytes, mostly. Any bytes may be given.
DocumentKind kind_of_document(std::string_view content);

/// `a DEP profile`, `a content token (Apps and Books)`, ...
std::string_view description(DocumentKind kind);

/// What to do with the file instead, as one sentence without its full stop, with the command where there is
/// one; "" for other kinds. `account_flag` as model/text/account_name.h gives it.
std::string remedy_for(DocumentKind kind, std::string_view file, std::string_view account_flag);

}  // namespace muster
