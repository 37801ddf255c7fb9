// What a fuzz target asserts beside "no crash": in every build, with the reason on standard error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace muster::fuzz {

/// Ends the process, so that the fuzzer keeps the input, when `holds` is false.
inline void check(bool holds, std::string_view what, std::string_view detail = {}) {
  if (holds) return;
  const std::string line = "invariant broken: " + std::string(what) + " " + std::string(detail) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::abort();
}

inline std::string text_of(const std::uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace muster::fuzz

/// What libFuzzer, and replay.cc in its place, call with each input. Each x_fuzz.cc defines it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size);
