#include "model/text/key_text.h"

#include <gtest/gtest.h>

#include <set>

namespace muster {
namespace {

using Form = ReadKeyText::Form;

TEST(KeyText, IsReadAsItWasMade) {
  std::set<std::string> texts;
  for (int i = 0; i < 100; ++i) {
    const auto made = make_key_text();
    EXPECT_EQ(made.text.size(), 64U);
    EXPECT_TRUE(made.text.starts_with("mst_" + made.id.str() + "_"));
    const auto read = read_key_text(made.text);
    EXPECT_EQ(read.form, Form::whole) << made.text;
    EXPECT_EQ(read.id, made.id);
    EXPECT_TRUE(texts.insert(made.text).second) << "twice";
  }
}

TEST(KeyText, ATypoIsFound) {
  const std::string text = make_key_text().text;
  for (size_t i = 4; i < text.size(); ++i) {
    std::string typo = text;
    typo[i] = typo[i] == 'x' ? 'y' : 'x';
    EXPECT_EQ(read_key_text(typo).form, Form::damaged) << typo;
    EXPECT_EQ(read_key_text(text.substr(0, i)).form, Form::damaged) << i;
  }
  for (const auto& damaged : {text + "a", text + " ", std::string("mst_"), text + text})
    EXPECT_EQ(read_key_text(damaged).form, Form::damaged) << damaged;
  std::string swapped = text;
  std::swap(swapped[20], swapped[21]);
  if (swapped != text) {
    EXPECT_EQ(read_key_text(swapped).form, Form::damaged);
  }
}

TEST(KeyText, AnotherKindOfKeyIsNoTypo) {
  for (const char* text : {"", "key", "change-me-please", "ghp_0123456789", "MST_0123456789"})
    EXPECT_EQ(read_key_text(text).form, Form::foreign) << text;
}

// Stored digests are compared with it for ever.
TEST(KeyText, DigestIsSha256) {
  EXPECT_EQ(digest_of_key("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace muster
