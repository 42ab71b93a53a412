#include "sandbox/node_directory.hpp"

#include <utility>

#include "base/log.hpp"
#include "http/url.hpp"

namespace brood::sandbox {

NodeDirectory::NodeDirectory(std::vector<std::shared_ptr<Node>> configured, Admits admits, Make make)
    : admits_(std::move(admits)), make_(std::move(make)) {
  for (auto& node : configured) nodes_.emplace(node->Url(), node);
}

std::shared_ptr<Node> NodeDirectory::Find(const model::NodeUrl& url) {
  const std::lock_guard lock(mutex_);
  const auto known = nodes_.find(url);
  return known == nodes_.end() ? Invite(url) : known->second;
}

std::shared_ptr<Node> NodeDirectory::Invite(const model::NodeUrl& url) {
  if (!admits_(url)) return nullptr;
  if (guests_ == kMostGuests) {
    log::Warning("too many sandboxes are named by messages alone: configure those that are meant",
                 {{"node", url.Get()}, {"most", kMostGuests}});
    return nullptr;
  }
  ++guests_;
  log::Info("a message names a sandbox that is configured elsewhere", {{"node", url.Get()}});
  return nodes_.emplace(url, make_(url)).first->second;
}

Error UnknownNode(const model::NodeUrl& url) {
  return Permanent("a task of a sandbox that is neither configured nor in sandbox.allow",
                   http::ShownUrl(url.Get()));
}

}  // namespace brood::sandbox
