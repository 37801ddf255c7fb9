#include "tests/layers/log_events.h"

#include <algorithm>
#include <regex>
#include <sstream>

#include "base/text/strings.h"

namespace muster::layers {
namespace {

// The text from an opening parenthesis to the one that closes it; parentheses inside literals do not count.
std::string_view parenthesised(std::string_view text) {
  int depth = 0;
  bool in_literal = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (in_literal) {
      if (text[i] == '\\')
        ++i;
      else if (text[i] == '"')
        in_literal = false;
    } else if (text[i] == '"') {
      in_literal = true;
    } else if (text[i] == '(') {
      ++depth;
    } else if (text[i] == ')' && --depth == 0) {
      return text.substr(0, i + 1);
    }
  }
  return text;
}

std::string take_literal(std::string_view text) {
  if (text.empty() || text[0] != '"') return {};
  text.remove_prefix(1);
  return std::string(text.substr(0, text.find('"')));
}

std::set<std::string> distinct_matches(std::string_view text, const char* pattern) {
  const std::regex regex(pattern);
  std::set<std::string> found;
  for (std::cregex_iterator at(text.data(), text.data() + text.size(), regex), end; at != end; ++at)
    found.insert((*at)[1]);
  return found;
}

std::string row_for(const LogCall& call) {
  std::string fields;
  for (const auto& field : call.fields) fields += (fields.empty() ? "`" : " `") + field + "`";
  return "| `" + call.event + "` | " + call.level + " | WHAT IT MEANS | " + fields + " |";
}

}  // namespace

std::vector<LogCall> log_calls(const SourceFile& file) {
  std::vector<LogCall> calls;
  const std::string_view text = file.text;
  for (const char* level : {"debug", "info", "warn", "error"}) {
    const std::string start = std::string("log::") + level + "(";
    for (size_t at = text.find(start); at != std::string_view::npos; at = text.find(start, at + 1)) {
      const size_t line_start = text.rfind('\n', at) + 1;  // npos + 1 is 0
      if (trim(text.substr(line_start, at - line_start)).starts_with("//")) continue;
      const auto line = std::count(text.begin(), text.begin() + static_cast<long>(at), '\n') + 1;
      const auto call = parenthesised(text.substr(at + start.size() - 1));
      calls.push_back({file.path + ":" + std::to_string(line), level, take_literal(trim(call.substr(1))),
                       distinct_matches(call, R"re(\{\s*"([a-z0-9_]+)"\s*,)re")});
    }
  }
  return calls;
}

std::map<std::string, DocumentedEvent> documented_events(const std::string& markdown) {
  std::map<std::string, DocumentedEvent> events;
  std::istringstream lines(markdown);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| `")) continue;
    const auto cells = split_list(line, '|');
    if (cells.size() < 3) continue;
    auto& event = events[cells[0].substr(1, cells[0].size() - 2)];
    for (auto& level : split_list(cells[1], ',')) event.levels.insert(level);
    if (cells.size() > 3) event.fields = distinct_matches(cells[3], "`([a-z0-9_]+)`");
  }
  return events;
}

std::vector<std::string> compare(const std::vector<LogCall>& calls,
                                 const std::map<std::string, DocumentedEvent>& documented) {
  std::vector<std::string> complaints;
  std::set<std::string> written;
  for (const auto& call : calls) {
    if (call.event.empty()) {
      complaints.push_back(
          call.where + ": the event name must be a literal in the call, so that docs/log.md can be checked");
      continue;
    }
    written.insert(call.event);
    const auto found = documented.find(call.event);
    if (found == documented.end()) {
      complaints.push_back(call.where + ": docs/log.md does not explain this event; add the row\n    " +
                           row_for(call));
      continue;
    }
    if (!found->second.levels.contains(call.level))
      complaints.push_back(call.where + ": docs/log.md does not give the level " + call.level + " for " +
                           call.event);
    for (const auto& field : call.fields)
      if (!found->second.fields.contains(field))
        complaints.push_back(call.where + ": docs/log.md does not list the field `" + field + "` of " +
                             call.event);
  }
  for (const auto& [event, unused] : documented)
    if (!written.contains(event))
      complaints.push_back("docs/log.md: no code writes the event " + event + "; remove its row");
  return complaints;
}

}  // namespace muster::layers
