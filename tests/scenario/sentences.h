// Every sentence that a scenario may say. README.md explains them to users; a test keeps the two equal.
#pragma once

#include <span>
#include <string>

#include "tests/scenario/pattern.h"
#include "tests/scenario/script.h"
#include "tests/scenario/stage.h"

namespace muster::test {

struct Sentence {
  const char* pattern;
  void (*act)(Stage&, const Words&, const Step&);
  bool has_block = false;  ///< indented lines belong to it
};

std::span<const Sentence> sentences();

/// A sentence of the script, understood.
struct Understood {
  const Sentence* sentence;
  Words words;
};

/// Throws Failed, with the sentences that are nearest, when the line is none of them.
Understood understand(const Step& step);

}  // namespace muster::test
