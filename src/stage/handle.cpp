#include "stage/handle.hpp"

#include <fmt/format.h>

#include <exception>
#include <iterator>

#include "base/expected.hpp"
#include "base/log.hpp"

namespace brood::stage {
namespace {

Expected<std::vector<Fate>, Error> TryHandle(Stage& stage, std::span<const broker::Message> batch,
                                             const Turn& turn) {
  try {
    auto fates = stage.Handle(batch, turn);
    if (fates.size() == batch.size()) return fates;
    return Unexpected(Permanent("the stage did not decide every message",
                                fmt::format("{} fates for {} messages", fates.size(), batch.size())));
  } catch (const std::exception& thrown) {
    return Unexpected(Permanent("the stage broke down over this message", thrown.what()));
  } catch (...) {
    return Unexpected(Permanent("the stage broke down over this message", "an exception without text"));
  }
}

}  // namespace

std::vector<std::optional<Fate>> CallHandle(Stage& stage, std::span<const broker::Message> batch,
                                            const Turn& turn) {
  auto fates = TryHandle(stage, batch, turn);
  if (fates) return {std::make_move_iterator(fates->begin()), std::make_move_iterator(fates->end())};
  if (batch.size() == 1) return {Fate{Fail{std::move(fates.error())}}};

  log::Warning("batch is redone one by one",
               {{"stage", stage.Name()}, {"messages", batch.size()}, {"error", fates.error()}});
  std::vector<std::optional<Fate>> redone(batch.size());
  for (std::size_t i = 0; i < batch.size() && !turn.stop.stop_requested(); ++i) {
    redone[i] = std::move(CallHandle(stage, batch.subspan(i, 1), turn).front());
  }
  return redone;
}

}  // namespace brood::stage
