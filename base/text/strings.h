// Small questions about text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace muster {

std::string_view trim(std::string_view text);  ///< without white space at both ends

/// ASCII only, as all that follows.
inline char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);
/// Below, at or above 0 when `a` comes before, with or after `b`: byte by byte, ASCII letters in either case.
int compare_ignoring_case(std::string_view a, std::string_view b);

/// The parts between the separators, each trimmed, empty ones left out: " A, ,B" -> A B.
std::vector<std::string> split_list(std::string_view text, char separator);

/// True when both are equal; takes time that depends on the length of `given` only, so that a key cannot be
/// guessed byte by byte.
bool equals_constant_time(std::string_view given, std::string_view expected);

}  // namespace muster
