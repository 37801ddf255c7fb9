// Messages from MDM servers: JSON with a property list in Base64.
#include "base/text/strings.h"
#include "fuzz/check.h"
#include "sync/enrollment/follow.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  using namespace muster;
  using fuzz::check;
  const Time now = from_millis(1'772'355'600'000);
  const auto read = sync::read_check_in(fuzz::text_of(data, size), now);
  if (!read) {
    check(!read.error().message.empty(), "an error has a reason");
    return 0;
  }
  if (!*read) return 0;
  const sync::CheckIn& check_in = **read;
  check(!check_in.udid.empty() && check_in.udid.size() <= 64, "a device has a UDID");
  check(check_in.udid == to_upper(check_in.udid), "in capitals", check_in.udid);
  check(check_in.at <= now && check_in.at > Time{}, "nothing happens in the future");
  if (check_in.kind == sync::CheckIn::Kind::authenticate)
    check(!check_in.serial.empty(), "who begins to enroll has a serial number");
  Enrollment enrollment{.serial = check_in.serial, .udid = check_in.udid};
  sync::follow(enrollment, check_in);
  const Enrollment once = enrollment;
  check(sync::follow(enrollment, check_in) == sync::EnrollmentChange::none && enrollment == once,
        "the same message again changes nothing");
  return 0;
}
