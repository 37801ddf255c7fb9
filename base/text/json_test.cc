#include "base/text/json.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace muster {
namespace {

std::string error_of(std::string_view text) {
  const auto parsed = parse_json(text);
  return parsed ? "no error" : parsed.error().message;
}

TEST(Json, ErrorsNameThePlaceAndTheReason) {
  EXPECT_EQ(error_of(""), "line 1, column 1: it is empty");
  EXPECT_EQ(error_of("{\"a\": 1"), "line 1, column 8: it is incomplete");
  EXPECT_EQ(error_of("{\n  \"a\": 1,\n  b: 2\n}"), "line 3, column 3: this is not JSON");
  EXPECT_EQ(error_of("{\n  \"a\": tru\n}"), "line 2, column 8: this is not JSON");
  EXPECT_EQ(error_of("{} \n {}"), "line 2, column 2: there is text after the document");
  EXPECT_EQ(error_of("[1,]"), "line 1, column 4: this is not JSON");
}

TEST(Json, NestingIsLimited) {
  EXPECT_TRUE(parse_json(std::string(32, '[') + std::string(32, ']')));
  EXPECT_EQ(error_of(std::string(33, '[') + std::string(33, ']')).substr(0, 8), "line 1, ");
  EXPECT_NE(error_of(std::string(100'000, '[')).find("nested too deeply"), std::string::npos);
}

TEST(Json, TextThatIsNotUtf8IsRejected) { EXPECT_FALSE(parse_json("\"\xff\xfe\"")); }

TEST(Json, IsWrittenOnOneLineAndIndented) {
  const auto value = *parse_json(R"( {"b":[1,"x\n",[],{}], "a":{"t":true,"n":null}} )");
  EXPECT_EQ(write_json(value), R"({"b":[1,"x\n",[],{}],"a":{"t":true,"n":null}})");
  EXPECT_EQ(write_json_indented(value),
            "{\n  \"b\": [\n    1,\n    \"x\\n\",\n    [],\n    {}\n  ],\n  \"a\": {\n    \"t\": true,\n    "
            "\"n\": null\n  }\n}");
}

}  // namespace
}  // namespace muster
