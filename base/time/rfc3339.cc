#include "base/time/rfc3339.h"

#include <fmt/format.h>

namespace muster {
namespace {

// Takes exactly `digits` digits off the front of `text`; -1 if they are not there.
int take_number(std::string_view& text, size_t digits) {
  if (text.size() < digits) return -1;
  int value = 0;
  for (size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take_char(std::string_view& text, char a, char b) {
  if (text.empty() || (text[0] != a && text[0] != b)) return false;
  text.remove_prefix(1);
  return true;
}
bool take_char(std::string_view& text, char a) { return take_char(text, a, a); }

std::optional<int> take_offset_minutes(std::string_view& text) {
  if (text.empty() || take_char(text, 'Z', 'z')) return 0;
  const int sign = text[0] == '-' ? -1 : 1;
  if (!take_char(text, '+', '-')) return std::nullopt;
  const int hours = take_number(text, 2);
  take_char(text, ':');
  const int minutes = take_number(text, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  return sign * (hours * 60 + minutes);
}

struct Fields {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<Millis> time;
};

Fields split(Time t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  return {std::chrono::year_month_day(day), std::chrono::hh_mm_ss<Millis>(t - day)};
}

}  // namespace

std::optional<Time> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  const int y = take_number(text, 4);
  if (y < 0 || !take_char(text, '-')) return std::nullopt;
  const int mon = take_number(text, 2);
  if (mon < 0 || !take_char(text, '-')) return std::nullopt;
  const int d = take_number(text, 2);
  if (d < 0) return std::nullopt;
  const year_month_day date{year(y), month(static_cast<unsigned>(mon)), day(static_cast<unsigned>(d))};
  if (!date.ok()) return std::nullopt;
  Time t = time_point_cast<Millis>(sys_days(date));
  if (text.empty()) return t;

  if (!take_char(text, 'T', ' ') && !take_char(text, 't')) return std::nullopt;
  const int h = take_number(text, 2);
  if (h < 0 || h > 23 || !take_char(text, ':')) return std::nullopt;
  const int min = take_number(text, 2);
  if (min < 0 || min > 59 || !take_char(text, ':')) return std::nullopt;
  const int s = take_number(text, 2);
  if (s < 0 || s > 60) return std::nullopt;  // 60: a leap second counts as the next minute's first
  t += hours(h) + minutes(min) + seconds(s);

  if (take_char(text, '.', ',')) {
    int scale = 100;
    bool any = false;
    while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
      t += Millis((text[0] - '0') * scale);
      scale /= 10;
      any = true;
      text.remove_prefix(1);
    }
    if (!any) return std::nullopt;
  }
  const auto offset = take_offset_minutes(text);
  if (!offset || !text.empty()) return std::nullopt;
  t -= minutes(*offset);
  // The offset of a first or last day may lead out of the years that the format can write.
  const year in_utc = year_month_day(floor<days>(t)).year();
  if (in_utc < year(0) || in_utc > year(9999)) return std::nullopt;
  return t;
}

std::string format_rfc3339(Time t) {
  const auto [date, time] = split(t);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", int(date.year()), unsigned(date.month()),
                     unsigned(date.day()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

std::string format_rfc3339_millis(Time t) {
  std::string text = format_rfc3339(t);
  text.pop_back();
  return text + fmt::format(".{:03}Z", split(t).time.subseconds().count());
}

}  // namespace muster
