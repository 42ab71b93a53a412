#include "cli/service.hpp"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <stdexcept>

#include "base/file.hpp"
#include "base/log.hpp"
#include "crits/redact.hpp"
#include "interop/feed_body.hpp"
#include "stages/overseer/due_letters.hpp"
#include "stages/overseer/kept_bodies.hpp"
#include "stages/overseer/stuck.hpp"
#include "stages/submit_binary/folder_source.hpp"

namespace brood::cli {
namespace {

// A Settle over a network mostly waits for confirms: what is finished meanwhile need not wait for it.
constexpr std::size_t kSettlesAtOnceOverANetwork = 2;

/// A failed message too large for the broker keeps its body in the sample store.
stage::KeepBody KeepInSamples(samples::SampleStore& samples) {
  return [&samples](std::string_view body) -> Expected<std::string, Error> {
    const auto hash = samples.Put(body);
    if (!hash) return Unexpected(Transient("the message cannot be kept", hash.error().what));
    return "sha256:" + hash->Get();
  };
}

/// What KeepInSamples has kept, by this process or another one on the same state folder.
stages::overseer::ReadKept ReadFromSamples(samples::SampleStore& samples) {
  return [&samples](const std::string& reference) -> Expected<std::string, Error> {
    constexpr std::string_view kPrefix = "sha256:";
    const bool known = reference.starts_with(kPrefix);
    const auto file = samples.Fetch(model::SampleHash(known ? reference.substr(kPrefix.size()) : ""));
    if (file) return ReadFile(*file);
    const bool for_good = file.error().code == samples::Errc::kUnknown;
    return Unexpected(for_good ? Permanent(file.error().what) : Transient(file.error().what));
  };
}

stages::overseer::EndInCrits EndInCrits(Plant& plant) {
  return [&plant](const model::CritsData& analysis, const std::string& why, std::stop_token stop) {
    const crits::Update failed{
        {}, crits::WithoutKey(why, analysis.api_key), crits::Level::kError, crits::End::kError};
    const auto sent = plant.Crits().Send(analysis, failed, std::move(stop));
    if (sent) return Expected<void, Error>();
    const crits::CritsError& error = sent.error();
    // Where a person has to put something right first, the letter is dead meanwhile and waits for that person.
    const bool for_good = error.code == crits::Errc::kUnauthorized || error.code == crits::Errc::kBadAnswer;
    return Expected<void, Error>(Unexpected(for_good ? Permanent(error.what) : crits::ToError(error)));
  };
}

/// For sources that are no queue: what fails stays where it is, and nothing is renewed.
stage::RunnerSettings WithoutQueue(std::size_t workers, std::size_t in_hand, std::size_t batch = 1) {
  stage::RunnerSettings runner;
  runner.failed_queue.clear();
  runner.renew_after = Millis{0};
  runner.workers = workers;
  runner.max_in_hand = in_hand;
  runner.batch = batch;
  return runner;
}

struct Makers {
  const Settings& settings;
  Plant& plant;
  metrics::Registry& metrics;
  Clock& clock;

  std::unique_ptr<broker::Source> Queue(const std::vector<std::string>& queues, std::size_t prefetch) const {
    auto source = plant.Broker().Consume({queues, prefetch});
    if (!source)
      throw std::runtime_error(fmt::format("cannot consume {}: {}", queues.front(), source.error().what));
    return std::move(*source);
  }

  template <class StageSettings>
  stage::RunnerSettings Runner(const StageSettings& stage) const {
    stage::RunnerSettings runner;
    runner.queue = stage.consumer_queue;
    runner.workers = stage.workers;
    runner.max_in_hand = stage.prefetch_count;
    if constexpr (requires { stage.failed_queue; }) runner.failed_queue = stage.failed_queue;
    if constexpr (requires { stage.batch; }) runner.batch = stage.batch;
    runner.keep_body = KeepInSamples(plant.Samples());
    if (settings.broker.url.empty()) return runner;
    runner.renew_after = settings.broker.renew_after;
    runner.settles_at_once = kSettlesAtOnceOverANetwork;
    return runner;
  }

  Service::Parts SubmitBinary() const;
  Service::Parts FeedCuckoo() const;
  Service::Parts CheckResults() const;
  Service::Parts ParseAndSubmit() const;
  Service::Parts Cleanup() const;
  Service::Parts BlacklistProcessor() const;
  Service::Parts Overseer() const;
  Service::Parts Resend() const;
  Service::Parts Sweep() const;
};

Service::Parts Makers::SubmitBinary() const {
  const auto& own = settings.submit_binary;
  std::filesystem::create_directories(own.binary_directory);
  return {"submit_binary",
          std::make_unique<stages::submit_binary::SubmitBinary>(plant.Intake(), plant.Samples(), metrics),
          std::make_unique<stages::submit_binary::FolderSource>(
              stages::submit_binary::FolderSource::Settings{own.binary_directory, own.max_size, own.scan_every,
                                                            own.settle_for, MostInline(settings)},
              plant.Broker(), metrics, clock),
          WithoutQueue(own.workers, own.in_hand, own.batch)};
}

Service::Parts Makers::FeedCuckoo() const {
  auto own = settings.feed_cuckoo;
  // Feeders on other machines, or of cuckoo_distributed.
  own.keep_inline = !settings.broker.url.empty() || own.interop == model::Interop::kGo;
  own.crits_url = settings.crits.url;
  return {"feed_cuckoo",
          std::make_unique<stages::feed_cuckoo::FeedCuckoo>(own, plant.Fleet(), plant.Store().Submissions(),
                                                            plant.Samples(), metrics),
          Queue({own.consumer_queue + "/urgent", own.consumer_queue}, own.prefetch_count), Runner(own)};
}

Service::Parts Makers::CheckResults() const {
  const auto& own = settings.check_results;
  stage::RunnerSettings runner = Runner(own);
  runner.batch = 64;  // it only compares: what costs is the handing over
  return {"check_results",
          std::make_unique<stages::check_results::CheckResults>(
              own, [&plant = plant](const model::NodeUrl& url) { return plant.Watch(url); }),
          Queue({own.consumer_queue}, own.prefetch_count), std::move(runner)};
}

Service::Parts Makers::ParseAndSubmit() const {
  const auto& own = settings.parse_and_submit;
  return {"parse_and_submit",
          std::make_unique<stages::parse_and_submit::ParseAndSubmit>(
              own, [&plant = plant](const model::NodeUrl& url) { return plant.Node(url); },
              plant.Store().Submissions(), plant.Store().Reports(), plant.RecentReports(), metrics,
              std::make_unique<stages::parse_and_submit::CritsSink>(
                  settings.crits, own.relay_queue, settings.general.state_dir / "dropped", plant.Crits(),
                  plant.Store().Effects(), metrics)),
          Queue({own.consumer_queue}, own.prefetch_count), Runner(own)};
}

Service::Parts Makers::Cleanup() const {
  const auto& own = settings.cleanup;
  return {"cleanup",
          std::make_unique<stages::cleanup::Cleanup>(
              own, [&plant = plant](const model::NodeUrl& url) { return plant.Node(url); }, metrics),
          Queue({own.consumer_queue}, own.prefetch_count), Runner(own)};
}

Service::Parts Makers::BlacklistProcessor() const {
  const auto& own = settings.blacklist_processor;
  (void)plant.Rules();            // a service refuses to start on broken rules
  (void)plant.Lists().Current();  // a new whitelist is there before anything is scored
  return {
      "blacklist_processor",
      std::make_unique<stages::blacklist_processor::BlacklistProcessor>(
          own, [&plant = plant] { return plant.Rules(); }, [&plant = plant] { return plant.Lists().Current(); },
          plant.Store(), plant.RecentReports(), metrics),
      Queue({own.consumer_queue}, own.prefetch_count), Runner(own)};
}

Service::Parts Makers::Overseer() const {
  const auto& own = settings.overseer;
  auto runner = Runner(own);
  runner.failed_queue = own.consumer_queue;  // what it cannot handle stays on its own queue
  return {
      "overseer",
      std::make_unique<stages::overseer::KeptBodies>(
          std::make_unique<stages::overseer::Overseer>(own, plant.Store().Submissions(), plant.Store().Hashes(),
                                                       plant.Store().DeadLetters(), metrics, EndInCrits(plant)),
          ReadFromSamples(plant.Samples())),
      Queue({own.consumer_queue}, own.prefetch_count), runner};
}

Service::Parts Makers::Resend() const {
  stage::RunnerSettings runner;
  runner.failed_queue.clear();
  return {"overseer_resend", std::make_unique<stages::overseer::Resend>(),
          std::make_unique<stages::overseer::DueLetters>(plant.Store().DeadLetters(), plant.Broker(),
                                                         settings.overseer.dump_dir, clock),
          runner};
}

Service::Parts Makers::Sweep() const {
  stages::overseer::StuckSettings stuck;
  stuck.feed_queue = settings.feed_cuckoo.consumer_queue;
  stuck.check_queue = settings.check_results.consumer_queue;
  // What a Go service works on leaves no record: it looks stuck and is not.
  if (settings.feed_cuckoo.interop == model::Interop::kGo) stuck.feed_queue.clear();
  if (settings.check_results.interop == model::Interop::kGo ||
      settings.parse_and_submit.interop == model::Interop::kGo)
    stuck.check_queue.clear();
  stuck.blacklist_queue = settings.blacklist_processor.consumer_queue;
  return {"overseer_sweep", std::make_unique<stages::overseer::Resend>("overseer_sweep"),
          std::make_unique<stages::overseer::StuckSubmissions>(stuck, plant.Store().Submissions(),
                                                               plant.Store().Reports(), plant.Broker(), clock),
          WithoutQueue(1, settings.overseer.prefetch_count)};
}

}  // namespace

std::size_t MostInline(const Settings& settings) {
  const bool inside = settings.feed_cuckoo.interop == model::Interop::kGo;
  return inside ? interop::MostInline(settings.broker.max_message) : 0;
}

Service::Service(Parts parts, Plant& plant, metrics::Registry& metrics, Clock& clock)
    : parts_(std::move(parts)),
      metrics_(metrics),
      runner_(*parts_.stage, *parts_.source, plant.Broker(), parts_.runner, metrics, clock) {}

Service::~Service() {
  RequestStop();
  Join();
}

void Service::Start() {
  alive_ = true;
  thread_ = std::jthread([this](std::stop_token stop) {
    // Threads made from here on inherit the name: `top -H` shows what each service costs.
    pthread_setname_np(pthread_self(), parts_.name.substr(0, 15).c_str());
    try {
      runner_.Run(stop);
    } catch (const std::exception& bug) {
      log::Error("a service ended by a bug", {{"stage", parts_.name}, {"what", bug.what()}});
    }
    alive_ = false;
  });
}

void Service::RequestStop() { thread_.request_stop(); }

void Service::Join() {
  if (thread_.joinable()) thread_.join();
}

api::ServiceState Service::State() const {
  const auto in_hand = metrics_.Find(fmt::format("brood_{}_in_hand_messages", parts_.stage->Name()));
  return {parts_.name, alive_, static_cast<std::size_t>(std::max(in_hand.value_or(0), 0.0))};
}

const std::vector<std::string>& ServiceNames() {
  static const std::vector<std::string> names = {"submit_binary",    "feed_cuckoo", "check_results",
                                                 "parse_and_submit", "cleanup",     "blacklist_processor",
                                                 "overseer"};
  return names;
}

std::vector<std::unique_ptr<Service>> MakeServices(std::string_view name, const Settings& settings,
                                                   Plant& plant, metrics::Registry& metrics, Clock& clock) {
  const Makers make{settings, plant, metrics, clock};
  std::vector<Service::Parts> parts;
  if (name == "submit_binary") parts.push_back(make.SubmitBinary());
  if (name == "feed_cuckoo") parts.push_back(make.FeedCuckoo());
  if (name == "check_results") parts.push_back(make.CheckResults());
  if (name == "parse_and_submit") parts.push_back(make.ParseAndSubmit());
  if (name == "cleanup") parts.push_back(make.Cleanup());
  if (name == "blacklist_processor") parts.push_back(make.BlacklistProcessor());
  if (name == "overseer") {
    parts.push_back(make.Overseer());
    parts.push_back(make.Resend());
    parts.push_back(make.Sweep());
  }
  if (parts.empty()) throw std::logic_error(fmt::format("there is no service '{}'", name));
  std::vector<std::unique_ptr<Service>> services;
  for (auto& part : parts)
    services.push_back(std::make_unique<Service>(std::move(part), plant, metrics, clock));
  return services;
}

}  // namespace brood::cli
