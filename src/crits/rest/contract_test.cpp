// The port's suite over HTTP, against the stand-in.
#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "crits/contract/crits_contract.hpp"
#include "crits/rest/rest_crits.hpp"
#include "crits/rest/testing/stand_in.hpp"
#include "http/curl/curl_client.hpp"

namespace brood::crits::contract {
namespace {

namespace json = boost::json;
using rest::testing::kAnalysis;

std::string TextOf(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

Settings Quick() {
  Settings settings;
  settings.first_delay = Millis{1};
  return settings;
}

class RestBench final : public Bench {
 public:
  RestBench() {
    stand_in_.Tell(*client_, "analysis",
                   fmt::format(R"({{"analysis_id": "{}", "object_id": "x"}})", kAnalysis));
  }
  Crits& Port() override { return crits_; }
  Analysis Known() override {
    Analysis analysis;
    analysis.crits_url = stand_in_.Url();
    analysis.analysis_id = kAnalysis;
    analysis.object_type = "Sample";
    analysis.object_id = rest::testing::kObject;
    analysis.username = rest::testing::kUser;
    analysis.api_key = Secret(std::string(rest::testing::kKey));
    analysis.source = "test";
    return analysis;
  }
  void Fail(Fault fault, int times) override {
    stand_in_.Tell(
        *client_, "fault",
        fmt::format(R"({{"kind": "{}", "times": {}}})", fault == Fault::kError ? "500" : "lost", times));
  }
  Shown Look() override {
    const json::value state = json::parse(stand_in_.State(*client_));
    const auto& analysis = state.at("analyses").at(kAnalysis);
    Shown shown;
    for (const auto& result : analysis.at("results").as_array()) {
      auto& row = shown.results.emplace_back();
      for (const auto& [key, value] : result.as_object()) row[std::string(key)] = TextOf(value);
    }
    for (const auto& line : analysis.at("log").as_array())
      shown.log.emplace_back(TextOf(line.at(0)), TextOf(line.at(1)));
    shown.status = TextOf(analysis.at("status"));
    for (const auto& [id, sample] : state.at("samples").as_object())
      shown.samples[id] = TextOf(sample.at("name"));
    for (const auto& pair : state.at("relations").as_array()) {
      shown.relations.emplace_back(TextOf(pair.at(0)), TextOf(pair.at(1)));
    }
    for (const auto& problem : state.at("problems").as_array()) shown.problems.push_back(TextOf(problem));
    shown.requests = state.at("requests").as_array().size();
    return shown;
  }

 private:
  rest::testing::StandIn stand_in_;
  std::shared_ptr<http::Client> client_ = std::make_shared<http::curl::CurlClient>();
  SystemClock clock_;
  metrics::Registry metrics_;
  rest::RestCrits crits_{Quick(), client_, clock_, metrics_};
};

INSTANTIATE_TEST_SUITE_P(Backends, CritsContract,
                         testing::Values(Backend{"Rest", [] { return std::make_unique<RestBench>(); }}),
                         [](const auto& backend) { return backend.param.name; });

}  // namespace
}  // namespace brood::crits::contract
