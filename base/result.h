// Result<T>: a value or an Error (error.h).
//
//   Result<Config> load(const std::string& path) {
//     MUSTER_TRY(auto text, read_file(path));     // leaves the function with the error, if there is one
//     MUSTER_TRY(check(text));
//     return parse(text);
//   }
#pragma once

#include <tl/expected.hpp>

#include "base/error.h"

namespace muster {

template <class T = void>
using Result = tl::expected<T, Error>;

/// The failing half of any Result: `return failure(Code::not_found, "no rule for filter 'x'")`.
inline tl::unexpected<Error> failure(Code code, std::string message, std::string hint = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(hint)});
}
inline tl::unexpected<Error> failure(Error error) { return tl::unexpected<Error>(std::move(error)); }

#define MUSTER_CONCAT_(a, b) a##b
#define MUSTER_CONCAT(a, b) MUSTER_CONCAT_(a, b)

#define MUSTER_TRY_VOID_(tmp, expr)                             \
  do {                                                          \
    auto tmp = (expr);                                          \
    if (!tmp) return ::muster::failure(std::move(tmp).error()); \
  } while (0)
#define MUSTER_TRY_VALUE_(tmp, declaration, expr)             \
  auto tmp = (expr);                                          \
  if (!tmp) return ::muster::failure(std::move(tmp).error()); \
  declaration = *std::move(tmp)

#define MUSTER_TRY_1(expr) MUSTER_TRY_VOID_(MUSTER_CONCAT(try_, __LINE__), expr)
#define MUSTER_TRY_2(declaration, expr) MUSTER_TRY_VALUE_(MUSTER_CONCAT(try_, __LINE__), declaration, expr)
#define MUSTER_TRY_PICK(_1, _2, name, ...) name
/// MUSTER_TRY(expr) or MUSTER_TRY(declaration, expr): continue with the value, or return the error. The
/// expression must hold no comma outside parentheses.
#define MUSTER_TRY(...) MUSTER_TRY_PICK(__VA_ARGS__, MUSTER_TRY_2, MUSTER_TRY_1, )(__VA_ARGS__)

}  // namespace muster
