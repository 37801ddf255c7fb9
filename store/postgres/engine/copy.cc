#include "store/postgres/engine/copy.h"

#include "store/postgres/engine/connection.h"
#include "store/postgres/engine/value.h"

namespace muster::postgres {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSignature = "PGCOPY\n\377\r\n\0"sv;
constexpr size_t kHeader = 19;  // the signature, flags, and how long an extension of the header is: 0
constexpr std::int16_t kTrailer = -1;
constexpr std::int32_t kNull = -1;

void append_short(std::string& bytes, std::int16_t number) {
  const auto bits = static_cast<std::uint16_t>(number);
  bytes += static_cast<char>(bits >> 8);
  bytes += static_cast<char>(bits & 0xFF);
}

// Takes a number in network order off the bytes; nothing when there are too few.
template <class Number>
std::optional<Number> take_number(std::string_view& bytes) {
  if (bytes.size() < sizeof(Number)) return std::nullopt;
  std::make_unsigned_t<Number> bits = 0;
  for (const char byte : bytes.substr(0, sizeof(Number)))
    bits = static_cast<decltype(bits)>(bits << 8 | static_cast<unsigned char>(byte));
  bytes.remove_prefix(sizeof(Number));
  return static_cast<Number>(bits);
}

tl::unexpected<Error> malformed() {
  return failure(Code::internal, "the database server sent rows in another form than that of COPY");
}

}  // namespace

void CopyBytes::begin() {
  bytes_ += kSignature;
  bytes_.append(kHeader - kSignature.size(), '\0');
}
void CopyBytes::begin_row(size_t fields) { append_short(bytes_, static_cast<std::int16_t>(fields)); }
void CopyBytes::add_null() { append_number(bytes_, kNull); }
void CopyBytes::add_number(std::int64_t number, int width) {
  append_number(bytes_, std::int32_t{width});
  if (width == sizeof(std::int16_t))
    append_short(bytes_, static_cast<std::int16_t>(number));
  else
    append_number(bytes_, number);
}
void CopyBytes::add_boolean(bool value) {
  append_number(bytes_, std::int32_t{1});
  bytes_ += static_cast<char>(value);
}
void CopyBytes::add_text(std::string_view text) {
  append_number(bytes_, static_cast<std::int32_t>(text.size()));
  bytes_ += text;
}
void CopyBytes::end() { append_short(bytes_, kTrailer); }

Result<bool> take_row(std::string_view& bytes, std::vector<CopiedField>& fields) {
  if (bytes.starts_with(kSignature)) {
    if (bytes.size() < kHeader) return malformed();
    bytes.remove_prefix(kHeader);
  }
  if (bytes.empty()) return false;
  const auto count = take_number<std::int16_t>(bytes);
  if (!count) return malformed();
  if (*count == kTrailer) return false;
  fields.clear();
  for (int i = 0; i < *count; ++i) {
    const auto size = take_number<std::int32_t>(bytes);
    if (!size || *size < kNull || (*size > 0 && bytes.size() < static_cast<size_t>(*size)))
      return malformed();
    if (*size == kNull) {
      fields.emplace_back();
      continue;
    }
    fields.emplace_back(bytes.substr(0, static_cast<size_t>(*size)));
    bytes.remove_prefix(static_cast<size_t>(*size));
  }
  return true;
}

Result<> Connection::begin_copy(const std::string& sql) {
  MUSTER_TRY(leave_pipeline());
  const Rows answer(PQexec(connection_.get(), sql.c_str()));
  const auto status = answer.status();
  if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) return {};
  return fail(fault_of(answer.result()));
}

Result<> Connection::put_copied(std::string_view bytes) {
  if (fault_) return failure(fault_->error);
  if (PQputCopyData(connection_.get(), bytes.data(), static_cast<int>(bytes.size())) == 1) return {};
  return send_failed();
}

Result<> Connection::end_copy() {
  if (fault_) return failure(fault_->error);
  if (PQputCopyEnd(connection_.get(), nullptr) != 1) return send_failed();
  return finish_copy();
}

Result<std::optional<CopiedBytes>> Connection::next_copied() {
  char* bytes = nullptr;
  const int size = PQgetCopyData(connection_.get(), &bytes, 0);
  if (size > 0) return CopiedBytes(bytes, static_cast<size_t>(size));
  MUSTER_TRY(finish_copy());
  return std::nullopt;
}

// Takes the outcome of the COPY.
Result<> Connection::finish_copy() {
  while (PGresult* const result = PQgetResult(connection_.get())) {
    const Rows outcome(result);
    if (outcome.status() != PGRES_COMMAND_OK && !fault_) (void)fail(fault_of(result));
  }
  if (fault_) return failure(fault_->error);
  return enter_pipeline();
}

}  // namespace muster::postgres
