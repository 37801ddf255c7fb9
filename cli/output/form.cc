#include "cli/output/form.h"

#include <algorithm>

namespace muster::cli {

Result<> check_form(const std::string& form, std::initializer_list<std::string_view> forms) {
  if (std::find(forms.begin(), forms.end(), form) != forms.end()) return {};
  std::string all;
  for (const auto* known = forms.begin(); known != forms.end(); ++known)
    all += (known == forms.begin() ? "" : known + 1 == forms.end() ? " or " : ", ") + std::string(*known);
  return failure(Code::invalid, "bad input: -o \"" + form + "\" is not a form of output", "Choose " + all);
}

}  // namespace muster::cli
