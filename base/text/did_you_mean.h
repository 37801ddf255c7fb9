// A guess at what a mistyped word was meant to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// Insertions, deletions, replacements and swaps of neighbours that make `a` into `b`.
size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `word`, or "" when none is near: at most one edit for each three letters.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace muster
