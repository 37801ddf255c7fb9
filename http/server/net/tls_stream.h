// TLS over a connection of a client, by OpenSSL.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>
#include <vector>

#include "http/server/net/tcp.h"

namespace muster::http {

class TlsStream final : public Stream {
 public:
  /// `socket` must outlive it. Throws std::bad_alloc.
  TlsStream(Socket& socket, SSL_CTX& context);
  ~TlsStream() override;

  /// The handshake.
  Task<bool> open() override;
  Task<std::optional<size_t>> read_some(std::span<char> room) override;
  Task<size_t> write_some(std::string_view first, std::string_view second) override;
  /// Waits for the client's farewell, too, which many never send.
  Task<void> end() override;

 private:
  enum class Step { done, again, ended, broken };

  Task<Step> follow(int returned);
  Task<bool> send_encrypted();
  Task<Step> receive_encrypted();

  Socket& socket_;
  const std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
  BIO* received_ = nullptr;  // for OpenSSL to decrypt; ssl_'s
  BIO* to_send_ = nullptr;   // what it encrypted; ssl_'s
  std::vector<char> arrived_;
  std::string record_;
};

}  // namespace muster::http
