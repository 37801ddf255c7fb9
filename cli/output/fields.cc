#include "cli/output/fields.h"

#include <boost/json.hpp>

namespace muster::cli {

std::string text_of(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (!value || value->is_null() || value->is_structured()) return {};
  if (const auto* text = value->if_string()) return std::string(text->data(), text->size());
  return boost::json::serialize(*value);
}

bool is_true(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_bool() && value->get_bool();
}

std::vector<const boost::json::object*> objects_of(const boost::json::object& object, std::string_view key) {
  std::vector<const boost::json::object*> found;
  const auto* value = object.if_contains(key);
  if (!value || !value->is_array()) return found;
  for (const auto& item : value->get_array())
    if (const auto* inner = item.if_object()) found.push_back(inner);
  return found;
}

std::vector<std::string> strings_of(const boost::json::object& object, std::string_view key) {
  std::vector<std::string> found;
  const auto* value = object.if_contains(key);
  if (!value || !value->is_array()) return found;
  for (const auto& item : value->get_array())
    if (const auto* text = item.if_string()) found.emplace_back(text->data(), text->size());
  return found;
}

boost::json::value to_array(const std::vector<std::string>& texts) {
  boost::json::array array;
  for (const auto& text : texts) array.emplace_back(text);
  return array;
}

boost::json::value to_array(const std::vector<const boost::json::object*>& objects) {
  boost::json::array array;
  for (const auto* object : objects) array.push_back(*object);
  return array;
}

}  // namespace muster::cli
