// The text of an API key: `mst_ID_SECRETCHECK`, all of it letters and digits. Tools that look for secrets
// find it by its beginning; by the checksum a typo is told from a wrong key, without a look into the
// database.
#pragma once

#include <string>
#include <string_view>

#include "model/ids.h"

namespace muster {

struct KeyText {
  KeyId id;
  std::string text;  ///< 64 characters, shown once
};

/// A new one: 59 random bits of ID, and 256 of secret.
KeyText make_key_text();

struct ReadKeyText {
  enum class Form {
    foreign,  ///< no such text: another kind of key
    damaged,  ///< begins like one, and has a typo or is not all of it
    whole,
  };
  Form form = Form::foreign;
  KeyId id = {};  ///< of a whole one
};
ReadKeyText read_key_text(std::string_view text);

/// What is stored of it. A slow hash would protect nothing: nobody can try 2^256 texts.
std::string digest_of_key(std::string_view text);

}  // namespace muster
