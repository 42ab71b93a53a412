#pragma once

#include <filesystem>
#include <string>

#include <boost/json/value.hpp>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "base/secret.hpp"
#include "cli/context.hpp"
#include "http/curl/curl_client.hpp"

namespace brood::cli {

/// The running brood of this installation, over its HTTP API. Finds address and token in the state folder.
class ApiClient {
 public:
  explicit ApiClient(const Context& context);

  /// The answer's JSON. Errors: kTransient when brood cannot be reached, kPermanent with the API's own sentence
  /// when it refuses.
  [[nodiscard]] Expected<boost::json::value, Error> Get(const std::string& path);
  [[nodiscard]] Expected<boost::json::value, Error> Send(http::Method method, const std::string& path,
                                                         const std::string& json_body = {});
  /// POSTs the file's bytes.
  [[nodiscard]] Expected<boost::json::value, Error> Upload(const std::string& path,
                                                           const std::filesystem::path& file);

  [[nodiscard]] const std::string& Url() const { return url_; }

 private:
  Expected<boost::json::value, Error> Perform(http::Request request);

  http::curl::CurlClient client_;
  std::string url_;
  Secret token_;
};

/// Prints the error for people and gives the exit code that says the same.
[[nodiscard]] int Complain(const Error& error);

}  // namespace brood::cli
