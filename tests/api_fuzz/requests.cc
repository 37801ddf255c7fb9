#include "tests/api_fuzz/requests.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text/encoding.h"
#include "base/text/json.h"

namespace muster::api_fuzz {
namespace {

using boost::json::object;
using boost::json::value;
using test::described_api;

// As a client may write it that does not encode what it must.
std::string percent_encoded(const std::string& text, Dice& dice) {
  static const std::vector<std::string> kBroken{"%", "%0", "%zz", "%00", "%ff", "+", "&", "=", ";", "%25"};
  std::string encoded = percent_encode(text.substr(0, 3000));
  while (dice.one_in(20)) encoded.insert(dice.below(encoded.size() + 1), kBroken[dice.below(kBroken.size())]);
  return encoded;
}

std::string example_text(const value& example) {
  return example.is_string() ? std::string(example.get_string()) : boost::json::serialize(example);
}

std::string value_of_parameter(const object& parameter, Dice& dice) {
  const std::string name(parameter.at("name").as_string());
  // A call that waits keeps one of our threads.
  if (name == "wait")
    return std::vector<std::string>{"0", "1", "2", "-1", "99999999999", "x", ""}[dice.below(7)];
  const auto* example = parameter.if_contains("example");
  if (example && dice.one_in(3)) return example_text(*example);
  const auto known = known_text(name, dice);
  if (!known.empty() && !dice.one_in(4)) return known;
  const auto* schema = parameter.if_contains("schema");
  return schema ? example_text(value_of(*schema, name, dice)) : odd_text(dice);
}

// Not empty, and nothing that libcurl takes out of a path: another call would be made.
std::string segment_of(std::string text, Dice& dice) {
  if (text.empty() || text == "." || text == "..") text += "...";
  return percent_encoded(text, dice);
}

std::string target_of(const test::DescribedCall& call, Dice& dice) {
  std::string path = call.path, query;
  const auto add = [&](const std::string& name, const std::string& text) {
    query += (query.empty() ? "?" : "&") + percent_encode(name.substr(0, 3000)) + "=" +
             percent_encoded(text, dice);
  };
  if (const auto* parameters = call.operation->if_contains("parameters"))
    for (const auto& one : parameters->as_array()) {
      const object& parameter = described_api().resolved(one);
      const std::string name(parameter.at("name").as_string());
      if (parameter.at("in") == "path")
        path.replace(path.find('{'), name.size() + 2, segment_of(value_of_parameter(parameter, dice), dice));
      else if (dice.one_in(2))
        add(name, value_of_parameter(parameter, dice));
      if (dice.one_in(100)) add(name, value_of_parameter(parameter, dice));
    }
  if (dice.one_in(100)) add(odd_text(dice), odd_text(dice));
  return path + query;
}

// A member goes, changes or comes.
void spoil(value& body, const value& schema, Dice& dice) {
  if (!body.is_object() || body.get_object().empty()) {
    if (dice.one_in(2)) body = any_value(dice);
    return;
  }
  object& members = body.get_object();
  auto* member = members.begin() + dice.below(members.size());
  const std::string name(member->key());
  switch (dice.below(5)) {
    case 0: members.erase(name); break;
    case 1: member->value() = any_value(dice); break;
    case 2: members[odd_text(dice).substr(0, 100)] = any_value(dice); break;
    case 3: spoil(member->value(), {}, dice); break;
    default: {
      const object* described = schema.is_object() ? &described_api().resolved(schema) : nullptr;
      const auto* properties = described ? described->if_contains("properties") : nullptr;
      const auto* own = properties ? properties->as_object().if_contains(name) : nullptr;
      member->value() = own ? value_of(*own, name, dice) : any_value(dice);
    }
  }
}

// What no writer of JSON makes.
std::string spoilt(std::string text, Dice& dice) {
  static const std::vector<std::string> kPieces{"{",
                                                "}",
                                                "[",
                                                "]",
                                                ",",
                                                ":",
                                                "\"",
                                                "\\",
                                                "\\u0000",
                                                "\\ud800",
                                                "\xff",
                                                std::string(1, '\0'),
                                                "\xef\xbb\xbf",
                                                "1e999",
                                                "-",
                                                "nul",
                                                "//"};
  switch (dice.below(6)) {
    case 0: return text.substr(0, dice.below(text.size() + 1));
    case 1: return std::string(dice.between(10, 100'000), '[') + text;
    case 2: return text + text;
    case 3: {
      std::string deep;
      for (size_t i = dice.between(10, 10'000); i > 0; --i) deep += "{\"a\":";
      return deep + text;
    }
    default:
      do text.insert(dice.below(text.size() + 1), kPieces[dice.below(kPieces.size())]);
      while (dice.one_in(2));
      return text;
  }
}

std::string body_of(const test::DescribedCall& call, Dice& dice) {
  const auto* described = call.operation->if_contains("requestBody");
  if (!described) return dice.one_in(50) ? boost::json::serialize(any_value(dice)) : "";
  const auto& content = described_api().resolved(*described).at("content").as_object();
  const auto* json = content.if_contains("application/json");
  if (!json) return odd_text(dice);  // a file
  const object& media = json->as_object();
  const auto& schema = media.at("schema");
  value body;
  const auto* examples = media.if_contains("examples");
  if (examples && dice.one_in(2)) {
    const auto& all = examples->as_object();
    body = (all.begin() + dice.below(all.size()))->value().at("value");
  } else {
    body = value_of(schema, "", dice);
  }
  while (dice.one_in(2)) spoil(body, schema, dice);
  std::string text = boost::json::serialize(body);
  return dice.one_in(10) ? spoilt(std::move(text), dice) : text;
}

}  // namespace

ApiRequest make_request(const test::DescribedCall& call, Dice& dice) {
  return {call.method, target_of(call, dice), body_of(call, dice)};
}

}  // namespace muster::api_fuzz
