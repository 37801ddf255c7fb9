#include "tests/support/json_schema.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>

namespace muster::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Schemas and values are written with ' for ".
boost::json::value json(std::string text) {
  std::replace(text.begin(), text.end(), '\'', '"');
  return boost::json::parse(text);
}

std::vector<std::string> faults(const std::string& schema, const std::string& value) {
  static const auto kDocument = json(R"({'schemas': {'Name': {'type': 'string'}, 'a/b~c': {'enum': [7]},
    'Loop': {'$ref': '#/schemas/Loop'},
    'Tree': {'type': 'object', 'properties': {'left': {'$ref': '#/schemas/Tree'}},
             'additionalProperties': false}}})");
  return schema_faults(kDocument, json(schema), json(value));
}

TEST(JsonSchema, ChecksTheType) {
  const std::map<std::string, std::string> of_type = {
      {"object", "{}"},  {"array", "[]"},   {"string", "'a'"}, {"boolean", "true"},
      {"integer", "-1"}, {"number", "1.5"}, {"null", "null"}};
  for (const auto& [type, unused] : of_type)
    for (const auto& [other, value] : of_type) {
      const bool fits = type == other || (type == "number" && other == "integer");
      EXPECT_EQ(faults("{'type': '" + type + "'}", value).empty(), fits) << type << " " << value;
    }
  EXPECT_THAT(faults("{'type': ['string', 'null']}", "null"), IsEmpty());
  EXPECT_THAT(faults("{'type': ['string', 'null']}", "1"),
              ElementsAre("/: 1 is not of type [\"string\",\"null\"]"));
  EXPECT_THAT(faults("{'type': 'integer'}", "18446744073709551615"), IsEmpty());
  EXPECT_THAT(faults("{'type': 'text'}", "'a'"), Not(IsEmpty())) << "there is no such type";
}

TEST(JsonSchema, ChecksMembers) {
  const std::string schema = R"({'type': 'object', 'properties': {'a': {'type': 'string'}, 'b': {}},
                                 'required': ['a'], 'additionalProperties': false})";
  EXPECT_THAT(faults(schema, "{'a': 'x', 'b': 1}"), IsEmpty());
  EXPECT_THAT(faults(schema, "{'b': 1}"), ElementsAre("/: \"a\" is missing"));
  EXPECT_THAT(faults(schema, "{'a': 1}"), ElementsAre("/a: 1 is not of type \"string\""));
  EXPECT_THAT(faults(schema, "{'a': 'x', 'c': 1}"), ElementsAre("/c: is not described"));
  EXPECT_THAT(faults("{'additionalProperties': {'type': 'string'}}", "{'c': 1}"),
              Contains(HasSubstr("/c: ")));
  EXPECT_THAT(faults("{'additionalProperties': true}", "{'c': 1}"), IsEmpty());
  EXPECT_THAT(faults("{'properties': {'a': {}}}", "{'c': 1}"), IsEmpty());
}

TEST(JsonSchema, ChecksItemsWithTheirPlace) {
  EXPECT_THAT(
      faults("{'items': {'properties': {'n': {'type': 'integer'}}}}", "[{'n': 1}, {'n': '2'}, {'n': 3.5}]"),
      ElementsAre("/1/n: \"2\" is not of type \"integer\"", HasSubstr("/2/n: 3.5")));
}

TEST(JsonSchema, ChecksValues) {
  EXPECT_THAT(faults("{'enum': ['a', 'b', 1]}", "1"), IsEmpty());
  EXPECT_THAT(faults("{'enum': ['a', 'b']}", "'c'"), ElementsAre("/: \"c\" is none of [\"a\",\"b\"]"));
  EXPECT_THAT(faults("{'minimum': 1, 'maximum': 3}", "1"), IsEmpty());
  EXPECT_THAT(faults("{'minimum': 1, 'maximum': 3}", "0"), ElementsAre("/: 0 is less than 1"));
  EXPECT_THAT(faults("{'minimum': 1, 'maximum': 3}", "4"), ElementsAre("/: 4 is more than 3"));
  for (const char* time : {"'2026-03-01T09:00:00Z'", "'2026-03-01T09:00:00.125Z'"})
    EXPECT_THAT(faults("{'format': 'date-time'}", time), IsEmpty()) << time;
  for (const char* time : {"''", "'2026-03-01'", "'2026-13-01T09:00:00Z'", "'soon'"})
    EXPECT_THAT(faults("{'format': 'date-time'}", time), Not(IsEmpty())) << time;
}

TEST(JsonSchema, ChecksThatOneOfSeveralFits) {
  const std::string schema = "{'oneOf': [{'type': 'integer'}, {'type': 'number'}, {'type': 'string'}]}";
  EXPECT_THAT(faults(schema, "'a'"), IsEmpty());
  EXPECT_THAT(faults(schema, "1.5"), IsEmpty());
  EXPECT_THAT(faults(schema, "1"), ElementsAre("/: 2 schemas of oneOf fit, not one"));
  EXPECT_THAT(faults(schema, "null"), ElementsAre("/: 0 schemas of oneOf fit, not one"));
}

TEST(JsonSchema, FollowsReferences) {
  EXPECT_THAT(faults("{'$ref': '#/schemas/Name'}", "'a'"), IsEmpty());
  EXPECT_THAT(faults("{'$ref': '#/schemas/Name'}", "1"), Not(IsEmpty()));
  EXPECT_THAT(faults("{'$ref': '#/schemas/a~1b~0c'}", "7"), IsEmpty());
  EXPECT_THAT(faults("{'$ref': '#/schemas/a~1b~0c'}", "8"), Not(IsEmpty()));
  EXPECT_THAT(faults("{'$ref': '#/schemas/Tree'}", "{'left': {'left': {}}}"), IsEmpty());
  EXPECT_THAT(faults("{'$ref': '#/schemas/Tree'}", "{'left': {'right': {}}}"),
              ElementsAre("/left/right: is not described"));
  EXPECT_THAT(faults("{'$ref': '#/schemas/Nobody'}", "1"), ElementsAre(HasSubstr("refers to nothing")));
  EXPECT_THAT(faults("{'$ref': 'https://example.org/schema'}", "1"),
              ElementsAre(HasSubstr("refers to nothing")));
  EXPECT_THAT(faults("{'$ref': '#/schemas/Loop'}", "1"), ElementsAre(HasSubstr("without end")));
}

TEST(JsonSchema, PassesNothingThatItDoesNotKnow) {
  EXPECT_THAT(faults("{'type': 'string', 'pattern': 'a+'}", "'a'"),
              ElementsAre("/: the schema has the unknown keyword pattern"));
  EXPECT_THAT(faults("{'format': 'uuid'}", "'a'"), ElementsAre("/: the schema has an unknown format"));
  EXPECT_THAT(faults("true", "1"), ElementsAre("/: the schema is no object"));
}

TEST(JsonSchema, IsCheckedItself) {
  const auto of = [](const std::string& schema) { return faults_of_schema(json(schema)); };
  EXPECT_THAT(of(R"({'type': ['object', 'null'], 'description': 'd', 'default': {}, 'required': ['a'],
                     'properties': {'a': {'$ref': '#/x'}}, 'additionalProperties': false})"),
              IsEmpty());
  EXPECT_THAT(of("{'properties': {'a': {'items': {'pattern': 'x'}}}}"),
              ElementsAre("/properties/a/items: the keyword pattern is unknown"));
  EXPECT_THAT(of("{'oneOf': [{'type': 'text'}]}"), ElementsAre("/oneOf: the type \"text\" is unknown"));
  EXPECT_THAT(of("{'additionalProperties': {'format': 'uuid'}}"),
              ElementsAre("/additionalProperties: the format is unknown"));
  EXPECT_THAT(of("{'required': ['a'], 'properties': {'b': {}}}"),
              ElementsAre(": \"a\" is required, and not described"));
  EXPECT_THAT(of("{'items': true}"), ElementsAre("/items: a schema is an object"));
}

}  // namespace
}  // namespace muster::test
