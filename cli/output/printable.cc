#include "cli/output/printable.h"

#include <streambuf>
#include <utility>

#include "cli/output/colour.h"

namespace muster::cli {
namespace {

// Characters that show nothing and change how what is around them is shown, as UTF-8: those that set the
// direction of writing (U+061C, U+200E, U+200F, U+202A..U+202E, U+2066..U+2069), and line separators (U+2028,
// U+2029).
bool turns_text(std::string_view sequence) {
  return sequence == "\u061C" || sequence == "\u200E" || sequence == "\u200F" ||
         (sequence >= "\u2028" && sequence <= "\u202E") || (sequence >= "\u2066" && sequence <= "\u2069");
}

}  // namespace

std::string printable(std::string_view text) {
  std::string safe(text);
  for (size_t i = 0; i < safe.size(); ++i) {
    const auto byte = static_cast<unsigned char>(safe[i]);
    if ((byte < 0x20 && byte != '\n') || byte == 0x7f) safe[i] = ' ';
    for (const size_t length : {size_t{2}, size_t{3}})
      if (byte >= 0xC0 && turns_text(std::string_view(safe).substr(i, length))) safe.replace(i, length, " ");
    // U+0080..U+009F, the eight-bit control characters, are C2 80 .. C2 9F in UTF-8.
    if (byte == 0xC2 && i + 1 < safe.size()) {
      const auto next = static_cast<unsigned char>(safe[i + 1]);
      if (next >= 0x80 && next < 0xA0) safe.replace(i, 2, " ");
    }
  }
  return safe;
}

// Whole lines only, or what is flushed: a character's bytes must not be taken apart.
class PrintableStream::Buffer : public std::streambuf {
 public:
  explicit Buffer(std::ostream& out) : out_(out) {}

 protected:
  int sync() override {
    const std::string text = std::exchange(line_, {});
    size_t begin = 0;
    for (size_t at = text.find('\033'); at != std::string::npos; at = text.find('\033', at + 1)) {
      const size_t length = colour_length(std::string_view(text).substr(at));
      if (length == 0) continue;
      out_ << printable(std::string_view(text).substr(begin, at - begin)) << text.substr(at, length);
      begin = at + length;
    }
    out_ << printable(std::string_view(text).substr(begin)) << std::flush;
    return out_ ? 0 : -1;
  }
  int_type overflow(int_type c) override {
    if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    const char one = traits_type::to_char_type(c);
    return xsputn(&one, 1) == 1 ? c : traits_type::eof();
  }
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    line_.append(text, static_cast<size_t>(size));
    return line_.ends_with('\n') && sync() != 0 ? 0 : size;
  }

 private:
  std::ostream& out_;
  std::string line_;
};

PrintableStream::PrintableStream(std::ostream& target)
    : std::ostream(nullptr), buffer_(std::make_unique<Buffer>(target)) {
  rdbuf(buffer_.get());
}
PrintableStream::~PrintableStream() { flush(); }

}  // namespace muster::cli
