#include "feeds/settings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/suggest.hpp"
#include "feeds/shipped.hpp"
#include "http/url.hpp"
#include "store/limits.hpp"

namespace brood::feeds {
namespace {

std::string CategoryComplaint(const Source& source) {
  if (source.category.empty()) return "a list needs its category, the name that rules use";
  const auto fine = store::CheckId("category", source.category);
  return fine ? "" : fine.error().what;
}

std::string UrlComplaint(const Source& source) {
  if (source.url.empty()) return "a list needs its url";
  const auto url = http::ParseUrl(source.url);
  if (!url) return url.error();
  if (!url->user_info.empty()) return "put no user or password here: the lists show where they come from";
  const auto fine = store::CheckId("url", source.url);
  return fine ? "" : fine.error().what;
}

config::Section DescribeSource(Source& source) {
  Source* const bound = &source;
  return config::Section("list", "")
      .Text("category", source.category, "The name that rules use (3rd_party_blacklist), such as \"C&C\".")
      .Url("url", source.url, "Where it is fetched: one address or subnet a line, # and ; begin comments.")
      .Require("category", [bound] { return CategoryComplaint(*bound); })
      .Require("url", [bound] { return UrlComplaint(*bound); });
}

std::string ShippedComplaint(const Settings& settings) {
  std::vector<std::string> names{"*"};
  for (const ShippedSource& source : ShippedSources()) names.push_back(source.name);
  for (const std::string& name : settings.shipped) {
    if (std::ranges::find(names, name) != names.end()) continue;
    return fmt::format("no list that ships is named '{}'{}", name, config::DidYouMean(name, names));
  }
  return "";
}

}  // namespace

config::Section Describe(Settings& settings) {
  using namespace std::chrono_literals;
  return config::Section("feeds",
                         "Third-party lists of known bad addresses, fetched by URL. None is fetched by itself.")
      .TextList(
          "shipped", settings.shipped,
          "Lists of config/feeds.txt by their names (`brood feeds shipped`), such as [\"feodo\"]; \"*\" is "
          "all. Read their terms first.")
      .Duration("update_every", settings.update_every, {1s, 720h},
                "How often each is asked; most ask for no more than once an hour.")
      .Duration("retry_after", settings.retry_after, {1s, 720h}, "The same after a failure.")
      .Real(
          "keep_share", settings.keep_share, {.min = 0, .max = 1},
          "A list that has less than this share of its former entries is not taken (but by `brood feeds update "
          "--force`); 0 takes any.")
      .Bytes("max_size", settings.max_size, {.min = 1'024, .max = std::int64_t{1} << 30}, "The largest list.")
      .Duration("timeout", settings.timeout, {100ms, 1h}, "The longest download.")
      .Url("proxy", settings.proxy, "An HTTP proxy; empty = none.")
      .Text("ca_file", settings.ca_file, "A private CA in PEM; empty means the system's own trust.")
      .Require("shipped", [&settings] { return ShippedComplaint(settings); })
      .Each("list", settings.lists, DescribeSource, "One list; repeat the table for each.");
}

std::vector<Source> SourcesOf(const Settings& settings) {
  const auto names = [&](std::string_view name) {
    return std::ranges::find(settings.shipped, name) != settings.shipped.end();
  };
  std::vector<Source> sources;
  const auto add = [&](const Source& source) {
    if (std::ranges::find(sources, source) == sources.end()) sources.push_back(source);
  };
  for (const ShippedSource& shipped : ShippedSources()) {
    if (names("*") || names(shipped.name)) add(shipped.source);
  }
  for (const Source& source : settings.lists) add(source);
  return sources;
}

}  // namespace brood::feeds
