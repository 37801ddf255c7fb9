// The scripts by which a shell completes what is typed behind `mdmctl`. They know nothing themselves: mdmctl
// is asked.
#include <ostream>

#include "cli/client/call.h"
#include "cli/commands/commands.h"

namespace muster::cli {
namespace {

constexpr std::string_view kBash = R"script(# mdmctl completion for bash: source <(mdmctl completion bash)
_mdmctl() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$(printf '%q' "${line%%$'\t'*}")")
  done < <(mdmctl __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _mdmctl mdmctl
)script";

constexpr std::string_view kZsh = R"script(#compdef mdmctl
# mdmctl completion for zsh: source <(mdmctl completion zsh), or save it as _mdmctl in a folder of $fpath
_mdmctl() {
  local line
  local -a candidates
  for line in "${(@f)$(mdmctl __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] && candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
  done
  if (( $#candidates )); then
    _describe mdmctl candidates
  else
    _files
  fi
}
compdef _mdmctl mdmctl
)script";

constexpr std::string_view kFish = R"script(# mdmctl completion for fish: mdmctl completion fish | source
function __mdmctl_complete
  set -l words (commandline -opc)
  mdmctl __complete $words[2..-1] (commandline -ct) 2>/dev/null
end
complete -c mdmctl -e
complete -c mdmctl -n 'count (__mdmctl_complete) >/dev/null' -f -a '(__mdmctl_complete)'
)script";

Result<> print_script(Call& call, std::string_view script) {
  auto flags = call.flags();
  MUSTER_TRY(call.parse(flags));
  call.out() << script;
  return {};
}

}  // namespace

Result<> completion_bash(Call& call) { return print_script(call, kBash); }
Result<> completion_zsh(Call& call) { return print_script(call, kZsh); }
Result<> completion_fish(Call& call) { return print_script(call, kFish); }

}  // namespace muster::cli
