#include "cli/input/yaml_fault.h"

#include <yaml-cpp/exceptions.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace muster::cli {
namespace {

namespace library = YAML::ErrorMsg;

struct Known {
  std::string_view message;  // its beginning
  const char* reason;
  const char* remedy;
};

constexpr const char* kIndent = "the indentation does not fit what stands above";
constexpr const char* kAlign = "Indent with two spaces a level, and all members of a map alike";
constexpr const char* kQuoteStar = "If the star is meant, put it in quotes: '*'";

const Known kKnown[] = {
    {library::ALIAS_NOT_FOUND, "a star at the beginning is an alias in YAML, and this one has no name",
     kQuoteStar},
    {library::CHAR_IN_ALIAS, "a star at the beginning is an alias in YAML, and this is not the name of one",
     "If the star is meant, put the whole text in quotes"},
    {library::UNKNOWN_ANCHOR,
     "a star at the beginning is an alias in YAML, and no anchor (`&`) of this name stands above",
     "If the star is meant, put the whole text in quotes"},
    {library::ANCHOR_NOT_FOUND,
     "an ampersand at the beginning is an anchor in YAML, and this one has no name",
     "If the ampersand is meant, put the whole text in quotes"},
    {library::CHAR_IN_ANCHOR,
     "an ampersand at the beginning is an anchor in YAML, and this is not the name of one",
     "If the ampersand is meant, put the whole text in quotes"},
    {library::UNKNOWN_TOKEN, "a text cannot begin with this character", "Put it in quotes"},
    {library::MAP_VALUE, "a colon is not expected here",
     "A text with a colon and a space in it needs quotes"},
    {library::MAP_KEY, "a key is not expected here", kAlign},
    {library::BLOCK_ENTRY, "an entry of a list (`-`) is not expected here", kAlign},
    {library::TAB_IN_INDENTATION, "a tab stands in the indentation", "Indent with spaces"},
    {library::END_OF_MAP_FLOW, "the { is not closed, or a comma is missing in it", "Close it with }"},
    {library::END_OF_SEQ_FLOW, "the [ is not closed, or a comma is missing in it", "Close it with ]"},
    {library::END_OF_MAP, kIndent, kAlign},
    {library::END_OF_SEQ, kIndent, kAlign},
    {library::FLOW_END, "this closes a { or [ that is not open", "Put the text in quotes if it is meant"},
    {library::EOF_IN_SCALAR, "a quote above here has no end",
     "Close it; a quote in single quotes is written twice"},
    {library::DOC_IN_SCALAR, "a quote above here has no end",
     "Close it; a quote in single quotes is written twice"},
    {library::INVALID_ESCAPE, "in double quotes a backslash means something else",
     "Use single quotes, or write it twice"},
    {library::INVALID_HEX, "the digits of an escape are wrong",
     "Use single quotes if the backslash is meant"},
    {library::INVALID_UNICODE, "the escape is not a character",
     "Use single quotes if the backslash is meant"},
    {library::CHAR_IN_BLOCK, "behind | or > only the end of the line may follow",
     "Begin the text on the next line"},
    {library::CHAR_IN_SCALAR, "this character cannot stand in a text", "Put the text in quotes"},
};

}  // namespace

YamlFault yaml_fault(const std::string& message, TextPlace place) {
  const auto known = std::find_if(std::begin(kKnown), std::end(kKnown),
                                  [&](const Known& each) { return message.starts_with(each.message); });
  if (known == std::end(kKnown)) return {place, "this is not YAML: " + message, ""};
  return {place, known->reason, known->remedy};
}

}  // namespace muster::cli
