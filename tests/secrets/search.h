// Searching files and texts for secrets, in the forms in which they may have got there.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace muster::test {

/// What is secret, by what it is called in a failure.
using Secrets = std::map<std::string, std::string>;

/// The secret as it is, in hexadecimal digits of either case, percent-encoded, and in Base64 wherever it
/// begins in the encoded text.
std::vector<std::string> forms_of(const std::string& secret);

/// The names of the secrets that are in the text, in any form.
std::vector<std::string> found_in(const std::string& text, const Secrets& secrets);

/// The same for all files below a directory, or one file: "NAME in FILE".
std::vector<std::string> found_below(const std::string& path, const Secrets& secrets);

}  // namespace muster::test
