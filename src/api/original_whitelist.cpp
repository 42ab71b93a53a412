#include "api/canonical.hpp"
#include "api/json_object.hpp"
#include "api/original_parameters.hpp"
#include "api/resources.hpp"
#include "base/log.hpp"

namespace brood::api {
namespace {

using store::WhitelistKind;

Reply Success() { return Json(JsonObject().Text("message", "success").Finish()); }

Expected<std::string, Refusal> SubnetOf(const http::FieldList& form) {
  return NeededInForm(form, "subnet", "a network such as 192.168.0.0/16").and_then([](const std::string& text) {
    return CanonicalWhitelistValue(WhitelistKind::kSubnet, text);
  });
}

Reply AddSubnet(const Ports& ports, const http::ServerRequest& request) {
  const auto form = FormOf(request);
  if (!form) return Unexpected(form.error());
  const auto subnet = SubnetOf(*form);
  if (!subnet) return Unexpected(subnet.error());
  const auto owner = NeededInForm(*form, "owner", "whose network it is, or why it is on the whitelist")
                         .and_then([](const std::string& text) { return PlainWords("owner", text); });
  if (!owner) return Unexpected(owner.error());
  const auto put = ports.store.Lists().PutWhitelist({WhitelistKind::kSubnet, *subnet, *owner});
  if (!put) return Refuse(put.error());
  log::Info("put on the whitelist through the API",
            {{"kind", "subnet"}, {"value", *subnet}, {"from", request.remote}});
  return Success();
}

Reply DeleteSubnet(const Ports& ports, const http::ServerRequest& request) {
  const auto form = FormOf(request);
  if (!form) return Unexpected(form.error());
  const auto subnet = SubnetOf(*form);
  if (!subnet) return Unexpected(subnet.error());
  const auto removed = ports.store.Lists().RemoveWhitelist(WhitelistKind::kSubnet, *subnet);
  if (!removed) return Refuse(removed.error());
  if (!*removed) return Refuse(404, "That subnet is not on the whitelist.");
  log::Info("taken off the whitelist through the API",
            {{"kind", "subnet"}, {"value", *subnet}, {"from", request.remote}});
  return Success();
}

}  // namespace

void AddOriginalWhitelist(Routes& routes, const Ports& ports) {
  routes.Change(http::Method::kPost, "/whitelist/subnet/add",
                [&ports](const auto& request, const auto&) { return AddSubnet(ports, request); });
  routes.Change(http::Method::kPost, "/whitelist/subnet/delete",
                [&ports](const auto& request, const auto&) { return DeleteSubnet(ports, request); });
}

}  // namespace brood::api
