#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "stage/stage.hpp"

namespace brood::stages::overseer {

/// The body that a failure record refers to ("sha256:…"). A permanent error: nobody here has it.
using ReadKept = std::function<Expected<std::string, Error>(const std::string& reference)>;

/// An overseer that gets failure records whole: a body that was too large for its record, and lies in the
/// sample store, is put back into it. Then its message can be sent again, and names its analysis in CRITs. A
/// record whose body is not here stays as it is; while the sample store is away it waits.
class KeptBodies final : public stage::Stage {
 public:
  KeptBodies(std::unique_ptr<stage::Stage> overseer, ReadKept read)
      : overseer_(std::move(overseer)), read_(std::move(read)) {}

  [[nodiscard]] std::string Name() const override { return overseer_->Name(); }
  [[nodiscard]] std::vector<stage::Fate> Handle(std::span<const broker::Message> batch,
                                                const stage::Turn& turn) override;

 private:
  [[nodiscard]] stage::Fate HandleOne(const broker::Message& message, const stage::Turn& turn);

  const std::unique_ptr<stage::Stage> overseer_;
  const ReadKept read_;
};

}  // namespace brood::stages::overseer
