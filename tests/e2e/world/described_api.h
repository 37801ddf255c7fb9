// docs/openapi.yaml: the calls as it describes them, and whether an answer is as described.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace muster::test {

struct DescribedCall {
  std::string method;  ///< "GET"
  std::string path;    ///< "/api/v1/lists/{name}"
  const boost::json::object* operation;

  std::string name() const { return method + " " + path; }
};

class DescribedApi {
 public:
  /// A file in YAML with the descriptions. Throws when it cannot be read.
  explicit DescribedApi(const std::string& file);

  const boost::json::value& document() const { return document_; }
  /// In the order of the file.
  const std::vector<DescribedCall>& calls() const { return calls_; }
  /// What a description that may be a `$ref` says. Throws when it refers to nothing.
  const boost::json::object& resolved(const boost::json::value& description) const;

  /// Where the answer to a request is not as described: its status, its type or its body. `target`: the path,
  /// with or without a query. Calls that are not described must be answered with an error.
  std::vector<std::string> faults_of(const std::string& method, const std::string& target,
                                     const http::Response& answer) const;

 private:
  const DescribedCall* find(std::string_view method, std::string_view path) const;
  std::vector<std::string> faults_of_body(const boost::json::object& described,
                                          const http::Response& answer) const;

  boost::json::value document_;
  std::vector<DescribedCall> calls_;
};

/// docs/openapi.yaml, read once.
const DescribedApi& described_api();

/// The test fails where the answer is not as docs/openapi.yaml describes it.
void expect_as_described(const std::string& method, const std::string& target, const http::Response& answer);

}  // namespace muster::test
