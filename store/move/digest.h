// A digest of rows, the same for the same rows in the same order whatever holds them.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>

#include "store/move/side.h"

namespace muster::move {

class Digest {
 public:
  Digest();
  void add(Cells row);
  long long rows() const { return rows_; }
  /// SHA-256 over the rows, in hexadecimal digits. Ends the digest.
  std::string finish();

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  void flush();

  std::unique_ptr<EVP_MD_CTX, Free> context_;
  std::string bytes_;  // not yet in it
  long long rows_ = 0;
};

}  // namespace muster::move
