#include "api/feeds_json.hpp"
#include "api/json_object.hpp"
#include "api/parameters.hpp"
#include "api/resources.hpp"
#include "base/log.hpp"

namespace brood::api {
namespace {

std::span<const feeds::Source> Configured(const Ports& ports) {
  if (ports.feeds == nullptr) return {};
  return ports.feeds->Sources();
}

/// What `category` and `source` choose; what is not given chooses all.
struct Choice {
  std::optional<std::string> category, source;

  explicit Choice(const Parameters& parameters)
      : category(parameters.Text("category")), source(parameters.Text("source")) {}
  [[nodiscard]] bool Has(const std::string& of_category, const std::string& of_source) const {
    return category.value_or(of_category) == of_category && source.value_or(of_source) == of_source;
  }
};

Reply List(const Ports& ports, const http::ServerRequest& request) {
  const auto parameters = Parameters::Of(request, {"category", "source"});
  if (!parameters) return Unexpected(parameters.error());
  auto states = feeds::Overview(ports.store.Lists(), Configured(ports));
  if (!states) return Refuse(states.error());
  const Choice choice(*parameters);
  std::erase_if(*states, [&](const auto& state) { return !choice.Has(state.category, state.source); });
  const store::Listing<feeds::ListState> all{std::move(*states), ""};
  return Json(JsonPage(all, [](const feeds::ListState& state) { return ToJson(state); }));
}

Reply Update(const Ports& ports, const http::ServerRequest& request) {
  const auto parameters = Parameters::Of(request, {"category", "source", "force"});
  if (!parameters) return Unexpected(parameters.error());
  const auto force = parameters->Flag("force");
  if (!force) return Unexpected(force.error());
  const Choice choice(*parameters);
  std::vector<feeds::Source> wanted;
  for (const feeds::Source& source : Configured(ports)) {
    if (choice.Has(source.category, source.url)) wanted.push_back(source);
  }
  if (wanted.empty()) return Refuse(404, "No such list is configured: [feeds] of the settings names none.");
  ports.feeds->Ask(wanted, *force ? feeds::Shrunken::kTaken : feeds::Shrunken::kRefused);
  log::Info("third-party lists are updated, as the API was asked",
            {{"lists", wanted.size()}, {"force", *force ? "yes" : "no"}, {"from", request.remote}});
  const auto encode = [](const feeds::Source& source) {
    return JsonObject().Text("category", source.category).Text("source", source.url).Finish();
  };
  return Json(JsonObject().Json("asked", JsonList(wanted, encode)).Finish(), 202);
}

Reply Clear(const Ports& ports, const http::ServerRequest& request) {
  const auto parameters = Parameters::Of(request, {"category", "source"});
  if (!parameters) return Unexpected(parameters.error());
  const Choice choice(*parameters);
  if (!choice.category) return Refuse(400, "The category is missing: it says which lists are to go.");
  auto states = feeds::Overview(ports.store.Lists(), Configured(ports));
  if (!states) return Refuse(states.error());
  std::erase_if(*states, [&](const auto& state) {
    return state.entries == 0 || !choice.Has(state.category, state.source);
  });
  if (states->empty()) return Refuse(404, "There is no such list in force.");
  if (const auto gone = feeds::Clear(ports.store.Lists(), *states, ports.clock.Now()); !gone)
    return Refuse(gone.error());
  log::Info("third-party lists are cleared through the API",
            {{"category", *choice.category}, {"lists", states->size()}, {"from", request.remote}});
  return http::Respond(204, "");
}

}  // namespace

void AddFeeds(Routes& routes, const Ports& ports) {
  constexpr std::string_view kPath = "/api/v1/feeds";
  routes.Read(kPath, [&ports](const auto& request, const auto&) { return List(ports, request); });
  routes.Change(http::Method::kPost, "/api/v1/feeds/update",
                [&ports](const auto& request, const auto&) { return Update(ports, request); });
  routes.Change(http::Method::kDelete, kPath,
                [&ports](const auto& request, const auto&) { return Clear(ports, request); });
}

}  // namespace brood::api
