#include "sim/world/catalogue.h"

#include <vector>

#include "base/text/strings.h"

namespace muster::sim {
namespace {

constexpr Kind kKinds[] = {
    {"iPhone 15", "IPHONE 15 BLACK 128GB-USA", "BLACK", "iOS", "iPhone", false, true},
    {"iPhone 15", "IPHONE 15 BLUE 256GB-ZDD", "BLUE", "iOS", "iPhone", false, true},
    {"iPhone 16", "IPHONE 16 TEAL 128GB-USA", "TEAL", "iOS", "iPhone", false, true},
    {"iPhone 16 Pro", "IPHONE 16 PRO NATURAL TITANIUM 256GB-USA", "NATURAL TITANIUM", "iOS", "iPhone", false,
     true},
    {"iPhone 14", "IPHONE 14 MIDNIGHT 128GB-ZDD", "MIDNIGHT", "iOS", "iPhone", false, true},
    {"iPhone SE (3rd generation)", "IPHONE SE 3RD STARLIGHT 64GB-GBR", "STARLIGHT", "iOS", "iPhone", false,
     true},
    {"iPad (10th generation)", "IPAD 10TH GEN WIFI 64GB SILVER-USA", "SILVER", "iPadOS", "iPad", false,
     false},
    {"iPad (10th generation)", "IPAD 10TH GEN WIFI 64GB BLUE-USA", "BLUE", "iPadOS", "iPad", false, false},
    {"iPad (9th generation)", "IPAD 9TH GEN WIFI 64GB SPACE GRAY-USA", "SPACE GRAY", "iPadOS", "iPad", false,
     false},
    {"iPad mini (6th generation)", "IPAD MINI 6 CELLULAR 64GB PURPLE-USA", "PURPLE", "iPadOS", "iPad", false,
     true},
    {"iPad Air (5th generation)", "IPAD AIR 5 WIFI 64GB STARLIGHT-USA", "STARLIGHT", "iPadOS", "iPad", false,
     false},
    {"iPad Pro 11-inch (M4)", "IPAD PRO 11 M4 CELLULAR 256GB SPACE BLACK-USA", "SPACE BLACK", "iPadOS",
     "iPad", false, true},
    {"MacBook Air", "MBA 13.6 MIDNIGHT/8C CPU/8C GPU/16GB/256GB-USA", "MIDNIGHT", "OSX", "Mac", false, false},
    {"MacBook Air", "MBA 15.3 STARLIGHT/8C CPU/10C GPU/16GB/512GB-USA", "STARLIGHT", "OSX", "Mac", false,
     false},
    {"MacBook Pro", "MBP 14.2 SPACE BLACK/11C CPU/14C GPU/18GB/512GB-USA", "SPACE BLACK", "OSX", "Mac", false,
     false},
    {"MacBook Pro", "MBP 16.2 SILVER/12C CPU/18C GPU/36GB/512GB-USA", "SILVER", "OSX", "Mac", false, false},
    {"MacBook Pro", "MBP 13.3 SPACE GRAY/2.0GHZ/8GB/256GB-USA", "SPACE GRAY", "OSX", "Mac", false, false},
    {"iMac", "IMAC 23.8 BLUE/8C CPU/8C GPU/8GB/256GB-USA", "BLUE", "OSX", "Mac", true, false},
    {"Mac mini", "MAC MINI 10C CPU/10C GPU/16GB/256GB-USA", "", "OSX", "Mac", true, false},
    {"Mac Studio", "MAC STUDIO 12C CPU/30C GPU/32GB/512GB-USA", "", "OSX", "Mac", true, false},
    {"Apple TV 4K (3rd generation)", "APPLE TV 4K 3RD GEN 128GB-USA", "BLACK", "tvOS", "AppleTV", true,
     false},
    {"Apple TV 4K (2nd generation)", "APPLE TV 4K 2ND GEN 32GB-USA", "", "tvOS", "AppleTV", true, false},
    {"Apple Vision Pro", "APPLE VISION PRO 256GB-USA", "SILVER", "visionOS", "Vision", false, false},
};

constexpr std::string_view kSerialAlphabet = "0123456789CDFGHJKLMNPQRTVWXY";
constexpr size_t kSerialLength = 12;

void append_digits(std::string& out, uint64_t number, int count) {
  char digits[20];
  for (int i = count; i-- > 0; number /= 10) digits[i] = static_cast<char>('0' + number % 10);
  out.append(digits, static_cast<size_t>(count));
}

void append_mac(std::string& out, uint64_t bits, unsigned interface) {
  constexpr char kHex[] = "0123456789ABCDEF";
  out += "AC:BC:32";  // one of Apple's own prefixes
  const uint64_t number = (bits & 0xfffff0) + interface;
  for (int shift = 16; shift >= 0; shift -= 8) {
    out += ':';
    out += kHex[(number >> (shift + 4)) & 15];
    out += kHex[(number >> shift) & 15];
  }
}

// 15 digits, the last one the Luhn check digit, as phones have it.
void append_imei(std::string& out, uint64_t bits) {
  const size_t start = out.size();
  out += "35";
  append_digits(out, bits % 1'000'000'000'000ULL, 12);
  int sum = 0;
  for (size_t i = 0; i < 14; ++i) {
    const int digit = out[start + i] - '0';
    const int doubled = i % 2 == 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  out += static_cast<char>('0' + (10 - sum % 10) % 10);
}

}  // namespace

std::span<const Kind> kinds() { return kKinds; }

int pick_kind(Random& random, std::string_view family, std::string_view model) {
  std::vector<int> fitting;
  for (size_t i = 0; i < std::size(kKinds); ++i)
    if ((family.empty() || equals_ignoring_case(kKinds[i].family, family)) &&
        (model.empty() || equals_ignoring_case(kKinds[i].model, model)))
      fitting.push_back(static_cast<int>(i));
  return fitting.empty() ? -1 : fitting[random.below(fitting.size())];
}

std::string make_serial(Random& random) {
  // A letter first, so that no tool takes a serial for a number.
  return random.pick(kSerialAlphabet.substr(10), 1) + random.pick(kSerialAlphabet, kSerialLength - 1);
}

void append_identifiers(std::string& out, std::string_view serial, const Kind& kind) {
  const uint64_t bits = hash_text(serial);
  out += ",\"bluetooth_mac_address\":\"";
  append_mac(out, bits, 1);
  out += "\",\"wifi_mac_address\":\"";
  append_mac(out, bits, 2);
  if (kind.has_ethernet) {
    out += "\",\"ethernet_mac_address\":\"";
    append_mac(out, bits, 3);
  }
  out += '"';
  if (!kind.has_cellular) return;
  out += ",\"eid\":\"89049032";
  append_digits(out, bits >> 3, 12);
  append_digits(out, mix_bits(bits), 12);
  out += "\",\"imei\":[\"";
  append_imei(out, bits >> 5);
  out += "\",\"";
  append_imei(out, mix_bits(bits + 1));
  out += "\"],\"meid\":[\"35";
  append_digits(out, bits >> 5, 12);
  out += "\"]";
}

}  // namespace muster::sim
