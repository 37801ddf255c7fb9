#include "cli/output/form.h"

namespace muster::cli {

FlagSet::Flag& add_form(FlagSet& flags, std::string* form, std::vector<std::string> forms,
                        const std::string& more) {
  std::string all;
  for (size_t i = 0; i < forms.size(); ++i)
    all += (i == 0 ? "" : i + 1 == forms.size() ? " or " : ", ") + forms[i];
  return flags.add("o", form, "form of output: " + all + (more.empty() ? "" : "; " + more), "FORM")
      .one_of(std::move(forms));
}

}  // namespace muster::cli
