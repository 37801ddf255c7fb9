#include "cli/output/colour.h"

namespace muster::cli {
namespace {

constexpr std::string_view kRed = "\033[31m", kGreen = "\033[32m", kYellow = "\033[33m", kPlain = "\033[0m";

struct State {
  std::string_view text;  // what it begins with
  std::string_view colour;
};
constexpr State kStates[] = {
    {"ok", kGreen},         {"assigned", kGreen},        {"pushed", kGreen},    {"expiring", kYellow},
    {"throttled", kYellow}, {"unreachable", kYellow},    {"impaired", kYellow}, {"paused", kYellow},
    {"removed", kYellow},   {"not_configured", kYellow}, {"expired", kRed},     {"rejected", kRed},
    {"forbidden", kRed},    {"terms_unsigned", kRed},    {"storage", kRed},
};

}  // namespace

std::string coloured(const std::string& state) {
  for (const auto& known : kStates) {
    const bool is_it = state.starts_with(known.text) &&
                       (state.size() == known.text.size() || state[known.text.size()] == ' ');
    if (is_it) return std::string(known.colour) + state + std::string(kPlain);
  }
  return state;
}

size_t colour_length(std::string_view text) {
  for (const auto colour : {kRed, kGreen, kYellow, kPlain})
    if (text.starts_with(colour)) return colour.size();
  return 0;
}

}  // namespace muster::cli
