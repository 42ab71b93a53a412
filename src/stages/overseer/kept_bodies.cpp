#include "stages/overseer/kept_bodies.hpp"

#include <optional>

#include "model/messages_json.hpp"

namespace brood::stages::overseer {
namespace {

constexpr const char* kKeptBody = "MsgRef";

/// The record of a body that is kept elsewhere, with its reference.
std::optional<std::pair<model::FailureMessage, std::string>> ReferringRecord(const std::string& record) {
  if (record.find(kKeptBody) == record.npos) return std::nullopt;
  auto failure = model::FailureMessageFromJson(record);
  if (!failure) return std::nullopt;
  const auto kept = failure->extras.extract(kKeptBody);
  const bool quoted = kept && kept.mapped().size() > 2 && kept.mapped().front() == '"';
  if (!quoted) return std::nullopt;
  std::string reference = kept.mapped().substr(1, kept.mapped().size() - 2);
  return std::pair(std::move(*failure), std::move(reference));
}

}  // namespace

std::vector<stage::Fate> KeptBodies::Handle(std::span<const broker::Message> batch, const stage::Turn& turn) {
  std::vector<stage::Fate> fates;
  for (const broker::Message& message : batch) fates.push_back(HandleOne(message, turn));
  return fates;
}

stage::Fate KeptBodies::HandleOne(const broker::Message& message, const stage::Turn& turn) {
  auto referring = ReferringRecord(message.body);
  if (!referring) return overseer_->Handle(std::span(&message, 1), turn).front();
  auto& [failure, reference] = *referring;
  auto body = read_(reference);
  if (!body && body.error().kind == ErrorKind::kTransient) return stage::Retry{body.error()};
  if (!body) return overseer_->Handle(std::span(&message, 1), turn).front();
  failure.msg = std::move(*body);
  broker::Message whole = message;
  whole.body = model::ToJson(failure);
  return overseer_->Handle(std::span(&whole, 1), turn).front();
}

}  // namespace brood::stages::overseer
