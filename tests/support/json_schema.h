// Checks JSON values against schemas: the part of JSON Schema 2020-12 that docs/openapi.yaml uses.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace muster::test {

/// What `#/a/b/0` leads to in the document; null if nothing is there.
const boost::json::value* find_reference(const boost::json::value& document, std::string_view reference);

/// What is wrong with a value, one text for each fault with the place in the value: `/devices/0/model: ...`.
/// Empty if nothing is. References lead into `document`. What is wrong with the parts of the schema that were
/// used is a fault, too: no value passes a keyword that this checker does not know.
std::vector<std::string> schema_faults(const boost::json::value& document, const boost::json::value& schema,
                                       const boost::json::value& value);

/// The same for a schema as a whole, with the parts that no value has used. References are not followed.
std::vector<std::string> faults_of_schema(const boost::json::value& schema);

}  // namespace muster::test
