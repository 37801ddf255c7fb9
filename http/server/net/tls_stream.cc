#include "http/server/net/tls_stream.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <new>

namespace muster::http {
namespace {

constexpr size_t kRecord = SSL3_RT_MAX_PLAIN_LENGTH;  // bytes that one record of TLS carries
constexpr size_t kArrived = 17 << 10;                 // and with all that is around them

template <class T>
T* made(T* pointer) {
  if (!pointer) throw std::bad_alloc();
  return pointer;
}

}  // namespace

TlsStream::TlsStream(Socket& socket, SSL_CTX& context)
    : socket_(socket), ssl_(made(SSL_new(&context)), SSL_free), arrived_(kArrived) {
  SSL_set_mode(ssl_.get(), SSL_MODE_RELEASE_BUFFERS);
  received_ = made(BIO_new(BIO_s_mem()));
  SSL_set0_rbio(ssl_.get(), received_);
  BIO_set_mem_eof_return(received_, -1);  // empty: more may come
  to_send_ = made(BIO_new(BIO_s_mem()));
  SSL_set0_wbio(ssl_.get(), to_send_);
}

TlsStream::~TlsStream() = default;

Task<bool> TlsStream::open() {
  for (;;) {
    ERR_clear_error();
    const Step step = co_await follow(SSL_accept(ssl_.get()));
    if (step != Step::again) co_return step == Step::done;
  }
}

Task<std::optional<size_t>> TlsStream::read_some(std::span<char> room) {
  for (;;) {
    size_t count = 0;
    ERR_clear_error();
    const Step step = co_await follow(SSL_read_ex(ssl_.get(), room.data(), room.size(), &count));
    if (step == Step::done) co_return count;
    if (step == Step::ended) co_return 0;
    if (step == Step::broken) co_return std::nullopt;
  }
}

// A record at a time, so that a head and a short body share one.
Task<size_t> TlsStream::write_some(std::string_view first, std::string_view second) {
  record_ = first.substr(0, kRecord);
  record_ += second.substr(0, kRecord - record_.size());
  for (;;) {
    size_t count = 0;
    ERR_clear_error();
    const Step step = co_await follow(SSL_write_ex(ssl_.get(), record_.data(), record_.size(), &count));
    if (step != Step::again) co_return step == Step::done ? count : 0;
  }
}

Task<void> TlsStream::end() {
  for (;;) {
    ERR_clear_error();
    int returned = SSL_shutdown(ssl_.get());
    if (returned == 0) returned = SSL_shutdown(ssl_.get());  // ours is said, and now the client's is wanted
    if (co_await follow(returned) != Step::again) co_return;
  }
}

// Behind a call of OpenSSL, which neither reads nor writes by itself: sends what it has to say, and gets what
// it waits for.
Task<TlsStream::Step> TlsStream::follow(int returned) {
  const int error = SSL_get_error(ssl_.get(), returned);
  if (BIO_pending(to_send_) > 0 && !co_await send_encrypted()) co_return Step::broken;
  if (error == SSL_ERROR_NONE) co_return Step::done;
  if (error == SSL_ERROR_ZERO_RETURN) co_return Step::ended;
  if (error != SSL_ERROR_WANT_READ) co_return Step::broken;
  co_return co_await receive_encrypted();
}

Task<bool> TlsStream::send_encrypted() {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(to_send_, &bytes);
  const bool sent = co_await write(socket_, {bytes, static_cast<size_t>(size)});
  (void)BIO_reset(to_send_);
  co_return sent;
}

Task<TlsStream::Step> TlsStream::receive_encrypted() {
  const auto count = co_await socket_.read_some(arrived_);
  if (!count) co_return Step::broken;
  if (*count == 0) co_return Step::ended;
  BIO_write(received_, arrived_.data(), static_cast<int>(*count));
  co_return Step::again;
}

}  // namespace muster::http
