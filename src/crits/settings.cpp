#include "crits/settings.hpp"

#include <algorithm>

#include "http/allow_list.hpp"

namespace brood::crits {
namespace {

std::string WhyNot(const std::vector<std::string>& parsers) {
  for (const std::string& name : parsers) {
    if (!ParserFrom(name)) return "'" + name + "' is no parser: info, signatures, behavior and dropped are";
  }
  return "";
}

}  // namespace

config::Section Describe(Settings& settings) {
  using namespace std::chrono_literals;
  return config::Section("crits", "What goes to CRITs for submissions that come from there.")
      .Url("url", settings.url, "The CRITs of messages that name none, without /api.")
      .TextList("allow", settings.allow,
                "The only URLs that a message may have its key and results sent to; empty means any.")
      .Bool("verify_ssl", settings.verify_ssl, "Checks the certificates of CRITs over https.")
      .Text("ca_file", settings.ca_file, "A private CA in PEM; empty means the system's own trust.")
      .Bytes("max_body", settings.max_body, {.min = 0, .max = std::int64_t{1} << 30},
             "The largest request that CRITs takes: Django's own limit unless changed there; 0 = no limit.")
      .Bytes("max_document", settings.max_document, {.min = 100'000, .max = 15'000'000},
             "All results of one analysis together; CRITs' document holds 16 MB.")
      .Int("parallel", settings.parallel, {.min = 1, .max = 64, .unit = "requests"},
           "Requests to CRITs at once.")
      .Int("push_api_calls_max", settings.push_api_calls_max, {.min = 0, .max = 1'000'000, .unit = "calls"},
           "So many of the API calls found are sent, from the first on.")
      .TextList("enabled_parsers", settings.enabled_parsers,
                "What is sent: info, signatures, behavior, dropped (each dropped file is uploaded).")
      .Duration("connect", settings.connect, {100ms, 10min}, "How long a connection may take.")
      .Duration("request", settings.request, {100ms, 1h}, "How long one request may take, answer included.")
      .Int("tries", settings.tries, {.min = 1, .max = 20, .unit = "times"},
           "How often a request that is harmless twice is sent before the message is tried again later.")
      .Duration("first_delay", settings.first_delay, {0ms, 10min},
                "The wait before a request is sent again; each one is twice the one before.")
      .Bytes("max_archive", settings.max_archive, {.min = 1}, "A larger archive of dropped files is not taken.")
      .Require("allow", [&settings] { return http::AllowList::Complaint(settings.allow); })
      .Require("enabled_parsers", [&settings] { return WhyNot(settings.enabled_parsers); });
}

std::vector<Parser> EnabledParsers(const Settings& settings) {
  std::vector<Parser> parsers;
  for (const Parser parser : kParsers) {
    if (std::ranges::find(settings.enabled_parsers, Name(parser)) != settings.enabled_parsers.end()) {
      parsers.push_back(parser);
    }
  }
  return parsers;
}

}  // namespace brood::crits
