#include "base/plist.h"

#include <plist/plist.h>

#include <memory>
#include <vector>

namespace muster {
namespace {

constexpr std::string_view kBinary = "bplist00";
// libplist goes into what is nested by calling itself, and frees it likewise. What has few arrays and
// dictionaries is not deep.
constexpr size_t kMostNested = 200;
// Of all arrays and dictionaries of a binary one together. libplist makes a copy for each reference.
constexpr size_t kMostParts = 1000;

struct FreePlist {
  void operator()(void* plist) const { plist_free(plist); }
};
using Plist = std::unique_ptr<void, FreePlist>;

size_t number_at(std::string_view bytes, size_t place, size_t size) {
  size_t number = 0;
  for (const char byte : bytes.substr(place, size)) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

tl::unexpected<Error> damaged_plist() {
  return failure(Code::invalid, "the binary property list is damaged or cut off");
}
tl::unexpected<Error> too_many_parts(const std::string& what) {
  return failure(Code::too_large, "the property list has " + what);
}

// A binary one: its last 32 bytes tell where its objects are, by a table of their places. An object begins
// with its type, and an array or dictionary has the numbers of others in it. Nothing says that these are in
// it only once, or not around it.
class BinaryPlist {
 public:
  static Result<BinaryPlist> of(std::string_view bytes) {
    constexpr size_t kTrailer = 32;
    if (bytes.size() < kBinary.size() + kTrailer) return damaged_plist();
    const std::string_view trailer = bytes.substr(bytes.size() - kTrailer);
    BinaryPlist plist(bytes, number_at(trailer, 6, 1), number_at(trailer, 7, 1));
    plist.objects_ = number_at(trailer, 8, 8);
    plist.outermost_ = number_at(trailer, 16, 8);
    plist.table_ = number_at(trailer, 24, 8);
    const bool fits = is_size(plist.place_size_) && is_size(plist.number_size_) &&
                      plist.table_ <= bytes.size() &&
                      plist.objects_ <= (bytes.size() - plist.table_) / plist.place_size_;
    if (!fits) return damaged_plist();
    return plist;
  }

  /// Code::too_large for what is deep, or has more in it than its size tells.
  Result<> check() const {
    std::vector<bool> is_within(objects_);
    size_t nested = 0, parts = 0;
    for (size_t object = 0; object < objects_; ++object) {
      if (place_of(object) >= bytes_.size()) return damaged_plist();
      if (!is_container(object)) continue;
      if (++nested > kMostNested) return too_many_parts("more than 200 arrays and dictionaries");
      MUSTER_TRY(const auto numbers, parts_of(object));
      parts += numbers.size();
      if (parts > kMostParts) return too_many_parts("more than 1,000 parts");
      for (const size_t number : numbers) {
        if (number >= objects_ || place_of(number) >= bytes_.size()) return damaged_plist();
        if (!is_container(number)) continue;
        if (is_within[number]) return too_many_parts("a part that is in it more than once");
        is_within[number] = true;
      }
    }
    // Where each is in one other at most, only the outermost can be in itself.
    if (outermost_ < objects_ && is_within[outermost_]) return damaged_plist();
    return {};
  }

 private:
  BinaryPlist(std::string_view bytes, size_t place_size, size_t number_size)
      : bytes_(bytes), place_size_(place_size), number_size_(number_size) {}

  static bool is_size(size_t bytes) { return bytes >= 1 && bytes <= 8; }
  size_t place_of(size_t object) const {
    return number_at(bytes_, table_ + object * place_size_, place_size_);
  }
  int type_of(size_t object) const { return static_cast<unsigned char>(bytes_[place_of(object)]) >> 4; }
  bool is_container(size_t object) const {
    return type_of(object) >= 0xA;
  }  // an array, a set or a dictionary

  Result<std::vector<size_t>> parts_of(size_t container) const {
    size_t at = place_of(container);
    size_t count = static_cast<unsigned char>(bytes_[at++]) & 0xF;
    if (count == 0xF) {  // the count is an object of its own behind it
      const size_t size =
          at < bytes_.size() ? size_t{1} << (static_cast<unsigned char>(bytes_[at]) & 0x3) : 0;
      if (size == 0 || at + 1 + size > bytes_.size()) return damaged_plist();
      count = number_at(bytes_, at + 1, size);
      at += 1 + size;
    }
    if (count > kMostParts) return too_many_parts("more than 1,000 parts");
    if (type_of(container) == 0xD) count *= 2;  // keys, and then values
    if (count * number_size_ > bytes_.size() - at) return damaged_plist();
    std::vector<size_t> numbers;
    for (size_t i = 0; i < count; ++i)
      numbers.push_back(number_at(bytes_, at + i * number_size_, number_size_));
    return numbers;
  }

  std::string_view bytes_;
  size_t place_size_, number_size_, objects_ = 0, outermost_ = 0, table_ = 0;
};

size_t count(std::string_view text, std::string_view what) {
  size_t found = 0;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size()))
    ++found;
  return found;
}

Result<> check_xml(std::string_view text) {
  const size_t nested = count(text, "<dict") + count(text, "<array");
  if (nested <= kMostNested) return {};
  return too_many_parts("more than 200 arrays and dictionaries");
}

}  // namespace

Result<std::map<std::string, std::string>> plist_texts(std::string_view bytes,
                                                       std::initializer_list<const char*> keys) {
  if (bytes.size() > kLongestPlist)
    return failure(Code::too_large, "the property list has " + std::to_string(bytes.size()) +
                                        " bytes, and at most " + std::to_string(kLongestPlist) + " are read");
  const auto size = static_cast<std::uint32_t>(bytes.size());
  const bool is_binary = bytes.starts_with(kBinary);
  if (is_binary) {
    MUSTER_TRY(const auto binary, BinaryPlist::of(bytes));
    MUSTER_TRY(binary.check());
  } else {
    MUSTER_TRY(check_xml(bytes));
  }
  plist_t read = nullptr;
  const std::string text(bytes);  // the reader of XML looks for an end
  if (is_binary)
    plist_from_bin(text.data(), size, &read);
  else
    plist_from_xml(text.c_str(), size, &read);
  const Plist plist(read);
  if (!plist || plist_get_node_type(plist.get()) != PLIST_DICT)
    return failure(Code::invalid, "this is no property list with a dictionary");

  // By their names: to go over all members, libplist copies each key, and ends the process for one with a
  // zero byte in it.
  std::map<std::string, std::string> texts;
  for (const char* const key : keys) {
    const plist_t value = plist_dict_get_item(plist.get(), key);
    if (!value || plist_get_node_type(value) != PLIST_STRING) continue;
    std::uint64_t length = 0;
    if (const char* const begin = plist_get_string_ptr(value, &length))
      texts.emplace(key, std::string(begin, length));
  }
  return texts;
}

}  // namespace muster
