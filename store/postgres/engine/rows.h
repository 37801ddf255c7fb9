// What PostgreSQL answered, in its binary form.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/result.h"
#include "base/time/clock.h"

namespace muster::postgres {

/// A number of any integer type, or a boolean, in network order; 0 of no bytes.
inline std::int64_t number_of(std::string_view bytes) {
  if (bytes.empty()) return 0;
  auto number = static_cast<std::int64_t>(static_cast<signed char>(bytes.front()));
  for (const char byte : bytes.substr(1))
    number =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(number) << 8 | static_cast<unsigned char>(byte));
  return number;
}

/// The columns of a row, from 0.
class Row {
 public:
  Row(const PGresult* result, int row) : result_(result), row_(row) {}

  /// Of any integer type, or a boolean; 0 for null.
  std::int64_t integer(int column) const { return number_of(bytes(column)); }
  bool is_null(int column) const { return PQgetisnull(result_, row_, column) != 0; }
  /// "" for null.
  std::string text(int column) const { return std::string(bytes(column)); }
  Time time(int column) const { return from_millis(integer(column)); }
  std::optional<Time> optional_time(int column) const {
    if (is_null(column)) return std::nullopt;
    return time(column);
  }
  template <class Enum>
  Enum as(int column) const {
    return static_cast<Enum>(integer(column));
  }
  /// An array of bigint without nulls: its length follows a header of 12 bytes, its elements 8 bytes later,
  /// each behind 4 bytes of length. Nothing for null.
  template <class Enum>
  std::vector<Enum> all_as(int column) const {
    constexpr size_t kLengthAt = 12, kElementsAt = 20, kElement = 12;
    const auto array = bytes(column);
    std::vector<Enum> all;
    if (array.size() < kElementsAt) return all;  // an empty one has no dimension
    all.reserve(static_cast<size_t>(number_of(array.substr(kLengthAt, 4))));
    for (size_t at = kElementsAt; at + kElement <= array.size(); at += kElement)
      all.push_back(static_cast<Enum>(number_of(array.substr(at + 4, 8))));
    return all;
  }

 private:
  std::string_view bytes(int column) const {
    return {PQgetvalue(result_, row_, column), static_cast<size_t>(PQgetlength(result_, row_, column))};
  }

  const PGresult* result_;
  int row_;
};

class Rows {
 public:
  Rows() = default;
  explicit Rows(PGresult* result) : result_(result) {}

  size_t size() const { return result_ ? static_cast<size_t>(PQntuples(result_.get())) : 0; }
  Row operator[](size_t row) const { return {result_.get(), static_cast<int>(row)}; }
  ExecStatusType status() const { return PQresultStatus(result_.get()); }
  const PGresult* result() const { return result_.get(); }
  /// How many rows the statement inserted, changed or removed.
  long long affected() const { return result_ ? std::atoll(PQcmdTuples(result_.get())) : 0; }

  /// Of each row what map(const Row&) gives.
  template <class Map>
  auto each(Map&& map) const {
    std::vector<std::invoke_result_t<Map, const Row&>> mapped;
    mapped.reserve(size());
    for (size_t i = 0; i < size(); ++i) mapped.push_back(map((*this)[i]));
    return mapped;
  }

 private:
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  std::unique_ptr<PGresult, Clear> result_;
};

}  // namespace muster::postgres
