// Values for requests: right ones, ones at a limit, and ones that nobody should send.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "tests/torture/dice.h"

namespace muster::api_fuzz {

using torture::Dice;

/// A text that something may stumble over: of another script, with control characters, too long, of another
/// language of queries, not UTF-8.
std::string odd_text(Dice& dice);

/// What belongs to a parameter or member of this name here, or did elsewhere: names, serial numbers, filters,
/// times; "" if nothing is known of it.
std::string known_text(std::string_view name, Dice& dice);

/// Any JSON.
boost::json::value any_value(Dice& dice, int depth = 0);

/// A value of a schema of docs/openapi.yaml, at its limits as often as not. `name`: of the member that gets
/// it.
boost::json::value value_of(const boost::json::value& schema, std::string_view name, Dice& dice,
                            int depth = 0);

}  // namespace muster::api_fuzz
