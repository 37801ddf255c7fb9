// docs/openapi.yaml describes each call of api/routing/route_table.cc, exactly as it is, and nothing else.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>
#include <regex>
#include <set>

#include "api/routing/route_table.h"
#include "model/text/words.h"
#include "tests/e2e/world/described_api.h"
#include "tests/support/json_schema.h"

namespace muster::test {
namespace {

using boost::json::object;
using boost::json::value;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAreArray;
using Names = std::vector<std::string>;

const DescribedApi& api() { return described_api(); }

// "GET /api/v1/profiles/{name}", where the table has {name...}.
std::string name_of(const api::KnownCall& known) {
  std::string path = known.pattern;
  if (const size_t dots = path.find("..."); dots != std::string::npos) path.erase(dots, 3);
  return known.method + " " + path;
}

std::map<std::string, api::KnownCall> known_by_name() {
  std::map<std::string, api::KnownCall> known;
  for (auto& call : api::known_calls()) known.emplace(name_of(call), call);
  return known;
}

Names parameters_of(const DescribedCall& call, std::string_view place) {
  Names names;
  const auto* parameters = call.operation->if_contains("parameters");
  for (const auto& parameter : parameters ? parameters->as_array() : boost::json::array()) {
    const auto& described = api().resolved(parameter);
    if (described.at("in") == value(place)) names.emplace_back(described.at("name").as_string());
  }
  return names;
}

// The schema of a JSON body, or of an answer; null without one.
const object* schema_in(const object& described) {
  const auto* content = described.if_contains("content");
  const auto* json = content ? content->as_object().if_contains("application/json") : nullptr;
  return json ? &api().resolved(json->at("schema")) : nullptr;
}

const object* body_of(const DescribedCall& call) {
  const auto* body = call.operation->if_contains("requestBody");
  return body ? &api().resolved(*body) : nullptr;
}

// Every schema of the document, with its place; and every place that is referred to.
struct Walk {
  std::vector<std::pair<std::string, const value*>> schemas;
  std::set<std::string> references;

  void into(const value& at, const std::string& place) {
    if (const auto* items = at.if_array())
      for (size_t i = 0; i < items->size(); ++i) into(items->at(i), fmt::format("{}/{}", place, i));
    if (!at.is_object()) return;
    for (const auto& [key, inner] : at.get_object()) {
      const std::string name(key);
      if (name == "examples") continue;  // what is in them is no description
      if (name == "$ref" && inner.is_string()) references.emplace(inner.get_string());
      if (name == "schema") schemas.emplace_back(place, &inner);
      into(inner, place + "/" + name);
    }
  }
};

TEST(OpenApi, DescribesEveryRouteAndNothingElse) {
  Names described, known;
  for (const auto& call : api().calls()) described.push_back(call.name());
  for (const auto& [name, call] : known_by_name()) known.push_back(name);
  EXPECT_GE(known.size(), 40U);
  EXPECT_THAT(described, UnorderedElementsAreArray(known));
}

TEST(OpenApi, HasTheVersionOfTheServer) {
  EXPECT_EQ(api().document().at("info").at("version"), MUSTER_VERSION);
}

TEST(OpenApi, DescribesTheParametersOfEachCall) {
  const auto known = known_by_name();
  for (const auto& call : api().calls()) {
    const auto found = known.find(call.name());
    if (found == known.end()) continue;  // said above
    EXPECT_THAT(parameters_of(call, "query"), UnorderedElementsAreArray(found->second.parameters))
        << call.name();
    Names placeholders;
    const std::regex placeholder("\\{([a-z]+)\\}");
    for (std::sregex_iterator at(call.path.begin(), call.path.end(), placeholder), end; at != end; ++at)
      placeholders.push_back((*at)[1]);
    EXPECT_THAT(parameters_of(call, "path"), UnorderedElementsAreArray(placeholders)) << call.name();
    EXPECT_THAT(parameters_of(call, "header"), IsEmpty()) << call.name();
  }
}

TEST(OpenApi, DescribesTheMembersOfEachBody) {
  const auto known = known_by_name();
  for (const auto& call : api().calls()) {
    const auto found = known.find(call.name());
    if (found == known.end()) continue;
    const auto* body = body_of(call);
    const bool has_body = found->second.takes_document || !found->second.members.empty();
    ASSERT_EQ(body != nullptr, has_body) << call.name();
    if (!body) continue;
    const auto* schema = schema_in(*body);
    if (!schema) {  // a file as it is
      EXPECT_TRUE(found->second.takes_document) << call.name();
      EXPECT_EQ(body->at("content").as_object().size(), 1U) << call.name();
      continue;
    }
    EXPECT_EQ(schema->at("additionalProperties"), found->second.takes_document) << call.name();
    if (found->second.takes_document) continue;
    Names members;
    for (const auto& [member, unused] : schema->at("properties").as_object()) members.emplace_back(member);
    EXPECT_THAT(members, UnorderedElementsAreArray(found->second.members)) << call.name();
  }
}

TEST(OpenApi, SaysWhichCallsNeedAKeyAndItsRole) {
  EXPECT_EQ(boost::json::serialize(api().document().at("security")),
            R"([{"key":[]},{"bearer":[]},{"session":[]}])");
  for (const auto& [name, known] : known_by_name())
    for (const auto& call : api().calls()) {
      if (call.name() != name) continue;
      const auto* security = call.operation->if_contains("security");
      const bool is_open = !known.role;
      EXPECT_EQ(security != nullptr, is_open) << name;
      if (security) {
        EXPECT_THAT(security->as_array(), IsEmpty()) << name;
      }
      const auto& responses = call.operation->at("responses").as_object();
      for (const char* status : {"403", "429"})
        EXPECT_EQ(responses.contains(status), !is_open) << name << status;
      // One that is open may want a signature in place of a key.
      EXPECT_TRUE(is_open || responses.contains("401")) << name;
      const auto* role = call.operation->if_contains("x-role");
      EXPECT_EQ(role != nullptr, !is_open) << name;
      if (role && known.role) {
        EXPECT_EQ(role->as_string(), word(*known.role)) << name;
      }
    }
}

TEST(OpenApi, SaysInWordsWhatEachCallIs) {
  std::set<std::string> tags, ids;
  for (const auto& tag : api().document().at("tags").as_array()) tags.emplace(tag.at("name").as_string());
  for (const auto& call : api().calls()) {
    const auto& operation = *call.operation;
    EXPECT_TRUE(ids.emplace(operation.at("operationId").as_string()).second)
        << call.name() << ": the id is another's";
    EXPECT_THAT(operation.at("summary").as_string(), Not(IsEmpty())) << call.name();
    ASSERT_EQ(operation.at("tags").as_array().size(), 1U) << call.name();
    EXPECT_TRUE(tags.contains(std::string(operation.at("tags").at(0).as_string()))) << call.name();
    for (const auto& [status, answer] : operation.at("responses").as_object()) {
      EXPECT_THAT(api().resolved(answer).at("description").as_string(), Not(IsEmpty()))
          << call.name() << status;
      EXPECT_EQ(api().resolved(answer).contains("content"), status != "204") << call.name() << " " << status;
    }
    EXPECT_TRUE(operation.at("responses").as_object().contains("200")) << call.name();
  }
}

TEST(OpenApi, HasOnlySchemasThatAreChecked) {
  Walk walk;
  walk.into(api().document(), "#");
  const auto& schemas = api().document().at("components").at("schemas").as_object();
  for (const auto& [name, schema] : schemas)
    walk.schemas.emplace_back("#/components/schemas/" + std::string(name), &schema);
  EXPECT_GE(walk.schemas.size(), 150U);
  for (const auto& [place, schema] : walk.schemas) EXPECT_THAT(faults_of_schema(*schema), IsEmpty()) << place;
}

TEST(OpenApi, RefersToEveryComponentAndToNothingElse) {
  Walk walk;
  walk.into(api().document(), "#");
  std::set<std::string> components;
  for (const auto& [kind, all] : api().document().at("components").as_object())
    for (const auto& [name, unused] : all.as_object())
      if (kind != "securitySchemes")
        components.insert(fmt::format("#/components/{}/{}", std::string_view(kind), std::string_view(name)));
  EXPECT_EQ(walk.references, components);
}

// Examples of a body and of an answer; those of parameters; each against its schema.
TEST(OpenApi, HasExamplesThatFitTheirSchemas) {
  size_t seen = 0;
  const auto check = [&](const value& schema, const value& example, const std::string& place) {
    ++seen;
    EXPECT_THAT(schema_faults(api().document(), schema, example), IsEmpty())
        << place << " " << boost::json::serialize(example);
  };
  const auto check_all_in = [&](const object& described, const std::string& place) {
    const auto* content = described.if_contains("content");
    if (!content) return;
    for (const auto& [type, media] : content->as_object())
      if (const auto* examples = media.as_object().if_contains("examples"))
        for (const auto& [name, example] : examples->as_object())
          check(media.at("schema"), example.at("value"), place);
  };
  for (const auto& call : api().calls()) {
    if (const auto* body = body_of(call)) check_all_in(*body, call.name());
    for (const auto& [status, answer] : call.operation->at("responses").as_object())
      check_all_in(api().resolved(answer), call.name());
    const auto* parameters = call.operation->if_contains("parameters");
    for (const auto& parameter : parameters ? parameters->as_array() : boost::json::array()) {
      const auto& described = api().resolved(parameter);
      check(described.at("schema"), described.at("example"), call.name());
    }
  }
  EXPECT_GE(seen, 100U);
}

// The check that the whole suite relies on.
TEST(OpenApi, AnAnswerThatIsNotAsDescribedIsFound) {
  const auto faults = [](const char* method, const char* target, int status, const std::string& body,
                         const char* type = "application/json; charset=utf-8") {
    return api().faults_of(method, target,
                           {.status = status, .headers = {{"Content-Type", type}}, .body = body});
  };
  EXPECT_THAT(faults("GET", "/api/v1/lists?account=x", 200, R"({"lists": []})"), IsEmpty());
  EXPECT_THAT(faults("GET", "/api/v1/lists", 200, R"({"lists": [{"name": "a"}]})"), testing::SizeIs(3));
  EXPECT_THAT(faults("GET", "/api/v1/lists", 200, R"({"lists": [], "more": 1})"), Not(IsEmpty()));
  EXPECT_THAT(faults("GET", "/api/v1/lists", 200, R"({"lists": []})", "text/plain"), Not(IsEmpty()));
  EXPECT_THAT(faults("GET", "/api/v1/lists", 200, "lists"), Not(IsEmpty()));
  EXPECT_THAT(faults("GET", "/api/v1/lists", 200, ""), Not(IsEmpty()));
  EXPECT_THAT(faults("GET", "/api/v1/lists", 201, R"({"lists": []})"), Not(IsEmpty())) << "no such status";
  EXPECT_THAT(faults("GET", "/api/v1/lists", 404, R"({"error": "none"})"), IsEmpty());
  EXPECT_THAT(faults("GET", "/api/v1/lists", 404, "{}"), Not(IsEmpty()));
  EXPECT_THAT(faults("POST", "/v1/dep/syncnow", 200, ""), IsEmpty());
  EXPECT_THAT(faults("GET", "/api/v1/profiles/a/b/c", 404, R"({"error": "none"})"), IsEmpty());
  EXPECT_THAT(faults("POST", "/api/v1/profiles/a/b/rollback", 200, R"({"applied": true})"), Not(IsEmpty()));
  EXPECT_THAT(faults("GET", "/api/v1/nothing", 404, R"({"error": "none"})"), IsEmpty());
  EXPECT_THAT(faults("GET", "/api/v1/nothing", 200, "{}"), Not(IsEmpty()));
}

}  // namespace
}  // namespace muster::test
