// The device models of the simulator, and what it derives from a serial number.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sim/world/random.h"

namespace muster::sim {

struct Kind {
  const char* model;
  const char* description;
  const char* color;  ///< "" for models that Apple reports without one
  const char* os;     ///< as of protocol version 7; earlier versions say iOS for iPadOS
  const char* family;
  bool has_ethernet;
  bool has_cellular;  ///< IMEI, MEID and EID
};

std::span<const Kind> kinds();

/// A kind of that family and model, each "" for any, compared without regard to case. -1 when there is none.
int pick_kind(Random& random, std::string_view family, std::string_view model);

/// 12 characters as Apple has them: random here, without vowels, O, I or S.
std::string make_serial(Random& random);

/// Appends `,"wifi_mac_address":...` and the other identifiers of protocol version 10. The same for the same
/// serial.
void append_identifiers(std::string& out, std::string_view serial, const Kind& kind);

}  // namespace muster::sim
