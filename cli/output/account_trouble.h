// What is to be said of accounts in whole sentences: too long for a table's cells.
#pragma once

#include <boost/json/object.hpp>
#include <iosfwd>
#include <string>
#include <vector>

namespace muster::cli {

using Accounts = std::vector<const boost::json::object*>;

/// A time without its milliseconds.
std::string in_seconds(const std::string& time);

/// Whether the accounts need their names: whoever has one need not know that it has one.
bool are_named(const Accounts& accounts);

/// One paragraph for each account in trouble: the problem, the remedy, and until when Apple is not called.
void print_troubles(std::ostream& out, const Accounts& accounts);

/// The four lanes of each account of which one is in trouble: how each stands, in Apple's word, since when,
/// and when it tries again.
void print_lanes(std::ostream& out, const Accounts& accounts);

/// Where there are devices that are late: how many, and which command lists them.
void print_where_late(std::ostream& out, const Accounts& accounts);

/// Where there are uncovered devices: which command lists them.
void print_where_uncovered(std::ostream& out, const Accounts& accounts);

}  // namespace muster::cli
