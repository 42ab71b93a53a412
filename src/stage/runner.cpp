#include "stage/runner.hpp"

#include "stage/loop.hpp"

namespace brood::stage {

Runner::Runner(Stage& stage, broker::Source& source, broker::Broker& broker, RunnerSettings settings,
               metrics::Registry& metrics, Clock& clock)
    : loop_(std::make_unique<Loop>(stage, source, broker, std::move(settings), metrics, clock)) {}

Runner::~Runner() = default;

void Runner::Run(std::stop_token stop) { loop_->Run(stop); }

bool Runner::Idle() const { return loop_->Idle(); }

}  // namespace brood::stage
