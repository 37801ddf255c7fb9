#include "bench/growth.h"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace muster::bench {
namespace {

constexpr int kArrivals = 40;
constexpr double kWidth = 260, kHeight = 200, kLeft = 20, kTop = 50, kGap = 30;

struct Point {
  long long stored = 0;
  double value = 0;
};

struct Panel {
  std::string title, unit;
  std::vector<Point> points;
};

std::string with_commas(long long number) {
  std::string text = std::to_string(number);
  for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3) text.insert(static_cast<size_t>(at), ",");
  return text;
}

std::string text_at(double x, double y, const std::string& text, const char* more = "") {
  return fmt::format("<text x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"middle\"{}>{}</text>\n", x, y, more,
                     text);
}

// The axis begins at zero, so that a flat line is flat; each point has its figure.
std::string draw(const Panel& panel, double left) {
  double most = 0;
  for (const auto& point : panel.points) most = std::max(most, point.value);
  const double bottom = kTop + kHeight;
  std::string svg = text_at(left + kWidth / 2, kTop - 24, panel.title, " font-weight=\"bold\"");
  svg += fmt::format("<path d=\"M{0:.0f} {1:.0f}V{2:.0f}H{3:.0f}\" fill=\"none\" stroke=\"#888\"/>\n", left,
                     kTop, bottom, left + kWidth);
  std::string line, marks;
  for (size_t i = 0; i < panel.points.size(); ++i) {
    const auto& point = panel.points[i];
    const double x =
        left + kWidth * (static_cast<double>(i) + 0.5) / static_cast<double>(panel.points.size());
    const double y = bottom - (most > 0 ? point.value / most : 0) * kHeight * 0.85;
    line += fmt::format("{}{:.1f} {:.1f}", i == 0 ? "M" : "L", x, y);
    marks += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"#06c\"/>\n", x, y);
    marks += text_at(x, y - 10, fmt::format("{:.3g} {}", point.value, panel.unit));
    marks += text_at(x, bottom + 18, with_commas(point.stored));
  }
  svg += fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"#06c\" stroke-width=\"2\"/>\n", line) + marks;
  return svg + text_at(left + kWidth / 2, bottom + 38, "devices stored", " fill=\"#555\"");
}

}  // namespace

std::string measure_growth(const Options& options) {
  std::array<Panel, 3> panels{Panel{"100,000 arrivals, CPU", "s", {}}, Panel{"an idle poll, CPU", "ms", {}},
                              Panel{"one arrival to assigned", "ms", {}}};
  for (const long long stored : {options.devices / 100, options.devices / 10, options.devices}) {
    panels[0].points.push_back({stored, arrivals_cpu_seconds(stored, options.runs).median()});
    panels[1].points.push_back({stored, poll_ms(stored, options.runs).median()});
    panels[2].points.push_back({stored, one_arrival_ms(stored, kArrivals).median()});
    for (const auto& panel : panels)
      fmt::print(stderr, "{} stored: {}: {:.3g} {}\n", stored, panel.title, panel.points.back().value,
                 panel.unit);
  }
  const double width = kLeft * 2 + panels.size() * kWidth + (panels.size() - 1) * kGap;
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
      "font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
      width, kTop + kHeight + 60);
  double left = kLeft;
  for (const auto& panel : panels) {
    svg += draw(panel, left);
    left += kWidth + kGap;
  }
  return svg + "</svg>\n";
}

}  // namespace muster::bench
