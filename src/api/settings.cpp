#include "api/api.hpp"
#include "rules/ip_set.hpp"

namespace brood::api {

config::Section Describe(Settings& settings) {
  return config::Section("api", "The HTTP API, /metrics and the original calls.")
      .Text("listen_ip", settings.listen_ip, "The address to listen on; 0.0.0.0 or :: for all.")
      .Int("listen_port", settings.listen_port, {.min = 0, .max = 65'535},
           "The port; 0 lets the system choose one.")
      .Int("threads", settings.threads, {.min = 1, .max = 64, .unit = "threads"}, "Requests answered at once.")
      .Bool("anonymous_read", settings.anonymous_read, "Calls that change nothing need no token.")
      .TextList("trusted_nets", settings.trusted_nets,
                "Subnets whose requests may change things without the token, such as \"10.0.0.0/8\".")
      .Bytes("max_sample", settings.max_sample, {.min = 1, .max = std::int64_t{1} << 30},
             "The largest sample that can be handed in.")
      .Bytes("blacklist_memory", settings.blacklist_memory, {.min = 0, .max = std::int64_t{1} << 40},
             "What the blacklist's values may take in memory, some 32 bytes each, so that look-ups need no "
             "store; a larger one, and with 0 any, is looked up in the store.")
      .Require("listen_ip",
               [&settings]() -> std::string {
                 return rules::ParseIp(settings.listen_ip) ? ""
                                                           : "'" + settings.listen_ip + "' is no IP address";
               })
      .Require("trusted_nets", [&settings]() -> std::string {
        for (const std::string& net : settings.trusted_nets) {
          if (const auto parsed = rules::ParseSubnet(net); !parsed) return "'" + net + "': " + parsed.error();
        }
        return "";
      });
}

}  // namespace brood::api
