// Twenty rules as an organisation might have them, in their order. Every device of depsim's is covered: the
// last one takes what no other does.
#pragma once

namespace muster::bench {

inline constexpr const char* kTwentyFilters[] = {
    R"(model ~ "iPhone 15*" and color = BLACK)",
    R"(model ~ "iPhone 15*")",
    R"(model ~ "iPhone 16 Pro*")",
    R"(model ~ "iPhone 16*" and description ~ "*128GB*")",
    R"(model ~ "iPhone 14*")",
    R"(model ~ "iPhone SE*" or description ~ "IPHONE SE*")",
    R"(family = iPad and model ~ "iPad (10th*" and color = SILVER)",
    R"(family = iPad and model ~ "iPad (10th*")",
    R"(model ~ "*9th gen*")",
    R"(model ~ "iPad mini*" and os in (iOS, iPadOS))",
    R"(model ~ "iPad Air*")",
    R"(family = iPad and description ~ "*CELLULAR*")",
    R"(model = "MacBook Air" and description ~ "*16GB/256GB*")",
    R"(model = "MacBook Air")",
    R"(model = "MacBook Pro" and color in ("SPACE BLACK", SILVER))",
    R"(model ~ "MacBook*" and not color = SILVER)",
    R"(model in (iMac, "Mac mini"))",
    R"(family = Mac)",
    R"(os = tvOS)",
    "*",
};

}  // namespace muster::bench
