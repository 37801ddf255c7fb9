// The names that Apple documents for `skip_setup_items`.
#include <algorithm>
#include <vector>

#include "base/text/did_you_mean.h"
#include "base/text/strings.h"
#include "profile/keys.h"

namespace muster {
namespace {

constexpr std::string_view kGone = "Apple no longer lists it";

constexpr SkipItem kItems[] = {
    {"Accessibility"},
    {"AccessibilityAppearance"},
    {"ActionButton"},
    {"AgeAssurance", kGone},
    {"AgeBasedSafetySettings", kGone},
    {"Android"},
    {"Appearance"},
    {"AppleID"},
    {"AppStore"},
    {"Biometric"},
    {"CameraButton"},
    {"DeviceToDeviceMigration"},
    {"Diagnostics"},
    {"DisplayTone", "Apple deprecated it with iOS 15 and macOS 12"},
    {"EnableLockdownMode"},
    {"FileVault"},
    {"HomeButtonSensitivity", "Apple deprecated it with iOS 15"},
    {"iCloudDiagnostics"},
    {"iCloudStorage"},
    {"iMessageAndFaceTime"},
    {"Intelligence"},
    {"Keyboard"},
    {"LiquidGlass"},
    {"Location"},
    {"MessagingActivationUsingPhoneNumber"},
    {"Multitasking"},
    {"OnBoarding", "Apple deprecated it with iOS 14"},
    {"OSShowcase"},
    {"Passcode"},
    {"Payment"},
    {"Privacy"},
    {"Registration", kGone},
    {"Restore"},
    {"RestoreCompleted"},
    {"Safety"},
    {"SafetyAndHandling"},
    {"ScreenSaver"},
    {"ScreenTime"},
    {"SIMSetup"},
    {"Siri"},
    {"SoftwareUpdate"},
    {"SpokenLanguage"},
    {"TapToSetup"},
    {"TermsOfAddress"},
    {"Tips"},
    {"TOS"},
    {"TVHomeScreenSync"},
    {"TVProviderSignIn"},
    {"TVRoom"},
    {"UnlockWithWatch"},
    {"UpdateCompleted"},
    {"Wallpaper", "Apple removed it with macOS 26"},
    {"WatchMigration"},
    {"WebContentFiltering", "Apple removed it with iOS 26.1"},
    {"Welcome"},
    {"Zoom", "Apple deprecated it with iOS 17; visionOS still has it"},
};

}  // namespace

const SkipItem* find_skip_item(std::string_view name) {
  const auto* found = std::find_if(std::begin(kItems), std::end(kItems),
                                   [&](const SkipItem& item) { return item.name == name; });
  return found == std::end(kItems) ? nullptr : found;
}

std::string guess_skip_item(const std::string& name) {
  for (const auto& item : kItems)
    if (equals_ignoring_case(item.name, name)) return std::string(item.name);
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const auto& item : kItems) names.emplace_back(item.name);
    return names;
  }();
  return did_you_mean(name, kNames);
}

}  // namespace muster
