// The screens of the setup assistant that a profile can skip: what each asks its user, and the systems that have it
// (profile/skip_items.cc has the names).

export type SkipItem = {
  name: string;
  asks: string;
  systems: string;
  /** Apple has given it up: it is shown only where a profile still has it. */
  over?: string;
};

export const skipItems: SkipItem[] = [
  { name: 'Accessibility', asks: 'Accessibility options', systems: 'macOS 11' },
  { name: 'AccessibilityAppearance', asks: 'Larger text and other options for reading', systems: 'iOS 17' },
  { name: 'ActionButton', asks: 'What the Action button does', systems: 'iOS 17' },
  { name: 'Android', asks: 'Moving data from an Android device', systems: 'iOS 9' },
  { name: 'Appearance', asks: 'Light or dark', systems: 'iOS 13, macOS 10.14' },
  { name: 'AppleID', asks: 'Signing in with an Apple Account', systems: 'iOS 7, macOS 10.9, tvOS 10.2, visionOS 26' },
  { name: 'AppStore', asks: 'The App Store', systems: 'iOS 14.3, macOS 11.1' },
  { name: 'Biometric', asks: 'Face ID, Touch ID or Optic ID', systems: 'iOS 8.1, macOS 10.12.4, visionOS 26' },
  { name: 'CameraButton', asks: 'How to use the Camera Control button', systems: 'iOS 18' },
  { name: 'DeviceToDeviceMigration', asks: 'Moving data directly from an earlier device', systems: 'iOS 12.4' },
  { name: 'Diagnostics', asks: 'Sharing analytics with Apple', systems: 'iOS 7, macOS 10.9, tvOS 10.2, visionOS 26' },
  { name: 'EnableLockdownMode', asks: 'Lockdown Mode', systems: 'iOS 17.1, macOS 14' },
  { name: 'FileVault', asks: 'Encrypting the disk', systems: 'macOS 10.10' },
  { name: 'iCloudDiagnostics', asks: 'Sharing iCloud analytics with Apple', systems: 'macOS 10.12.4' },
  { name: 'iCloudStorage', asks: 'Keeping Desktop and Documents in iCloud', systems: 'macOS 10.13.4' },
  { name: 'iMessageAndFaceTime', asks: 'iMessage and FaceTime', systems: 'iOS 12' },
  { name: 'Intelligence', asks: 'Apple Intelligence', systems: 'iOS 18, macOS 15, visionOS 26' },
  { name: 'Keyboard', asks: 'The keyboard layout; some devices ask before they have the profile', systems: 'iOS 13' },
  { name: 'LiquidGlass', asks: 'The look of Liquid Glass', systems: 'iOS 27, macOS 27' },
  { name: 'Location', asks: 'Location Services', systems: 'iOS 7, macOS 10.11, tvOS 10.2, visionOS 26' },
  { name: 'MessagingActivationUsingPhoneNumber', asks: 'Activating iMessage with the phone number', systems: 'iOS 10' },
  { name: 'Multitasking', asks: 'How to use several windows on an iPad', systems: 'iOS 26' },
  { name: 'OSShowcase', asks: 'What is new in the system', systems: 'iOS 26, macOS 26.1' },
  { name: 'Passcode', asks: 'Choosing a passcode', systems: 'iOS 7, macOS 10.9, visionOS 26' },
  { name: 'Payment', asks: 'Apple Pay', systems: 'iOS 8.1, macOS 10.12.4, visionOS 26' },
  { name: 'Privacy', asks: 'Apple’s words about privacy', systems: 'iOS 11.3, macOS 10.13.4, tvOS 11.3, visionOS 26' },
  { name: 'Restore', asks: 'Restoring a backup, or moving data from an earlier device', systems: 'iOS 7, macOS 10.9' },
  { name: 'RestoreCompleted', asks: 'The message that a restore is complete', systems: 'iOS 14' },
  { name: 'Safety', asks: 'Emergency features', systems: 'iOS 16' },
  { name: 'SafetyAndHandling', asks: 'Advice for safe handling; some devices show it before they have the profile', systems: 'iOS 18.4' },
  { name: 'ScreenSaver', asks: 'The aerial screen savers', systems: 'tvOS 10.2' },
  { name: 'ScreenTime', asks: 'Screen Time', systems: 'iOS 12, macOS 10.15, visionOS 26' },
  { name: 'SIMSetup', asks: 'Adding a mobile plan', systems: 'iOS 12' },
  { name: 'Siri', asks: 'Siri', systems: 'iOS 7, macOS 10.12, tvOS 10.2, visionOS 26' },
  { name: 'SoftwareUpdate', asks: 'Installing updates by itself', systems: 'iOS 12, macOS 15.4, visionOS 26' },
  { name: 'SpokenLanguage', asks: 'The language of dictation; some devices ask before they have the profile', systems: 'iOS 13' },
  { name: 'TapToSetup', asks: 'Setting up by holding another device close', systems: 'iOS 18, tvOS 10.2' },
  { name: 'TermsOfAddress', asks: 'How to be addressed; some devices ask before they have the profile', systems: 'iOS 16, macOS 13' },
  { name: 'Tips', asks: 'Tips for using the device', systems: 'visionOS 26' },
  { name: 'TOS', asks: 'Apple’s terms and conditions', systems: 'iOS 7, macOS 10.9, tvOS 10.2, visionOS 26' },
  { name: 'TVHomeScreenSync', asks: 'The same Home Screen on all Apple TVs', systems: 'tvOS 11' },
  { name: 'TVProviderSignIn', asks: 'Signing in to a TV provider', systems: 'tvOS 11' },
  { name: 'TVRoom', asks: 'The room that the Apple TV is in', systems: 'tvOS 11.4' },
  { name: 'UnlockWithWatch', asks: 'Unlocking the Mac with an Apple Watch', systems: 'macOS 15' },
  { name: 'UpdateCompleted', asks: 'The message that an update is complete', systems: 'iOS 14, macOS 26.1' },
  { name: 'WatchMigration', asks: 'Moving an Apple Watch to the new device', systems: 'iOS 11' },
  { name: 'Welcome', asks: 'The words of welcome', systems: 'iOS 13, macOS 15, visionOS 26' },
  { name: 'Zoom', asks: 'Larger icons', systems: 'iOS 8.3 to 16, visionOS 26' },
  { name: 'AgeAssurance', asks: 'The age of the user', systems: '', over: 'Apple no longer lists it' },
  { name: 'AgeBasedSafetySettings', asks: 'Safety settings by age', systems: '', over: 'Apple no longer lists it' },
  { name: 'DisplayTone', asks: 'True Tone', systems: 'iOS 9.3.2, macOS 10.13.6', over: 'Apple deprecated it with iOS 15 and macOS 12' },
  { name: 'HomeButtonSensitivity', asks: 'The click of the Home button', systems: 'iOS 10', over: 'Apple deprecated it with iOS 15' },
  { name: 'OnBoarding', asks: 'What is new in the system', systems: 'iOS 11', over: 'Apple deprecated it with iOS 14' },
  { name: 'Registration', asks: 'Registering the Mac', systems: '', over: 'Apple no longer lists it' },
  { name: 'Wallpaper', asks: 'The wallpaper', systems: 'macOS 14.1', over: 'Apple removed it with macOS 26' },
  { name: 'WebContentFiltering', asks: 'Filtering the web', systems: 'iOS 18.2', over: 'Apple removed it with iOS 26.1' },
];
