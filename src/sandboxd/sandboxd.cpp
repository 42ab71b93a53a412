#include "sandboxd/sandboxd.hpp"

#include "base/log.hpp"
#include "sandboxd/front.hpp"
#include "sandboxd/machines.hpp"
#include "sandboxd/persona.hpp"
#include "sandboxd/replay/replay_engine.hpp"
#include "sandboxd/static_engine.hpp"

namespace brood::sandboxd {
namespace {

Expected<std::unique_ptr<Engine>, Error> MakeStatic(const Settings& settings, const SampleFolder& samples,
                                                    Clock& clock) {
  auto rules = inspect::YaraRules::Load({settings.yara_rules.begin(), settings.yara_rules.end()});
  if (!rules) return Unexpected(rules.error());
  const auto reports = settings.storage / "analyses";
  if (auto made = MakeFolder(reports); !made) return Unexpected(made.error());
  return std::make_unique<StaticEngine>(std::move(*rules), reports, samples, clock);
}

Expected<std::unique_ptr<Engine>, Error> MakeEngine(const Settings& settings, const SampleFolder& samples,
                                                    Clock& clock) {
  if (settings.engine == EngineKind::kStatic) return MakeStatic(settings, samples, clock);
  return replay::MakeReplayEngine({settings.reports, settings.report_bytes, settings.seed});
}

http::ServerSettings ServerSettings(const Settings& settings) {
  http::ServerSettings server;
  server.address = settings.listen_ip;
  server.port = settings.listen_port;
  server.threads = settings.threads;
  server.max_body = settings.max_upload;
  SetManners(settings.persona, server);
  return server;
}

}  // namespace

class Sandboxd::Impl {
 public:
  Impl(Settings settings, metrics::Registry& metrics, Clock& clock)
      : settings_(std::move(settings)),
        clock_(clock),
        faults_(settings_.faults, settings_.seed),
        counts_(metrics),
        tasks_({settings_.storage / "tasks.journal", static_cast<std::int64_t>(settings_.first_id),
                [this](const Task& task) { return !faults_.Strikes(Fault::kMissingFromLists, task); }},
               clock),
        processing_(settings_.processing, tasks_, clock, metrics) {}

  Expected<std::uint16_t, Error> Start();
  void Stop();

 private:
  Expected<void, Error> Open();

  const Settings settings_;
  Clock& clock_;
  FaultDice faults_;
  RequestCounts counts_;
  SampleFolder samples_;
  TaskTable tasks_;
  Processing processing_;
  std::unique_ptr<Engine> engine_;
  std::optional<Machines> machines_;
  std::optional<Service> service_;
  std::optional<Front> front_;
  std::optional<http::Server> server_;
};

Expected<void, Error> Sandboxd::Impl::Open() {
  if (auto made = MakeFolder(settings_.storage); !made) return made;
  if (auto opened = samples_.Open(settings_.storage / "binaries"); !opened) return opened;
  return tasks_.Open();
}

Expected<std::uint16_t, Error> Sandboxd::Impl::Start() {
  if (auto opened = Open(); !opened) return Unexpected(opened.error());
  auto engine = MakeEngine(settings_, samples_, clock_);
  if (!engine) return Unexpected(engine.error());
  engine_ = std::move(*engine);
  service_.emplace(Service{settings_, tasks_, processing_, samples_, *engine_, faults_, counts_});
  front_.emplace(*service_);
  server_.emplace(
      ServerSettings(settings_), [this](const http::ServerRequest& request) { return (*front_)(request); },
      [this](const http::ServerRequest& head) { return front_->Admit(head); });
  auto port = server_->Start();
  if (!port) return port;
  processing_.Start();
  machines_.emplace(Machines::Options{settings_.machines, settings_.duration}, tasks_, *engine_, faults_,
                    clock_, processing_);
  machines_->Start();
  log::Info("the sandbox answers", {{"address", settings_.listen_ip + ":" + std::to_string(*port)},
                                    {"engine", engine_->Name()},
                                    {"storage", settings_.storage.string()}});
  return port;
}

void Sandboxd::Impl::Stop() {
  if (server_) server_->Stop();
  if (machines_) machines_->Stop();
  processing_.Stop();
}

Sandboxd::Sandboxd(Settings settings, metrics::Registry& metrics, Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(settings), metrics, clock)) {}
Sandboxd::~Sandboxd() { impl_->Stop(); }

Expected<std::uint16_t, Error> Sandboxd::Start() { return impl_->Start(); }
void Sandboxd::Stop() { impl_->Stop(); }

}  // namespace brood::sandboxd
