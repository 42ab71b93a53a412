#include "stages/submit_binary/folder_source.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/crash_point.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace brood::stages::submit_binary {

namespace fs = std::filesystem;

FolderSource::FolderSource(Settings settings, broker::Broker& broker, metrics::Registry& metrics, Clock& clock)
    : settings_(std::move(settings)),
      broker_(broker),
      clock_(clock),
      refused_(
          metrics.GetCounter("brood_submit_binary_refused_total", "Entries of the watched folder refused.")) {}

std::vector<broker::Delivery> FolderSource::Take(std::size_t max, Millis wait) {
  const Time until = clock_.Now() + wait;
  for (;;) {
    if (stop_.stop_requested()) return {};
    auto deliveries = TakeReady(max);
    const Time now = clock_.Now();
    if (!deliveries.empty() || now >= until) return deliveries;
    const Time next = std::min(until, std::max(next_scan_, now + Millis{1}));
    clock_.WaitFor(next - now, stop_.get_token());
  }
}

std::vector<broker::Delivery> FolderSource::TakeReady(std::size_t max) {
  std::lock_guard lock(mutex_);
  if (ready_.empty() && clock_.Now() >= next_scan_) Scan();
  std::vector<broker::Delivery> deliveries;
  while (!ready_.empty() && deliveries.size() < max) {
    Taken taken = std::move(ready_.back());
    ready_.pop_back();
    const broker::DeliveryId id{next_id_++};
    broker::Message message{
        "", taken.path.string(), {{"sighting", SightingOf(taken.path, taken.facts)}}, false};
    deliveries.push_back({id, std::move(message)});
    in_hand_.emplace(id, std::move(taken));
  }
  return deliveries;
}

void FolderSource::Scan() {
  this_pass_.clear();
  std::error_code error;
  const auto options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator entry(settings_.folder, options, error), end; entry != end;
       entry.increment(error)) {
    if (error || stop_.stop_requested()) break;
    Look(entry->path());
  }
  if (error) {
    log::Warning("the watched folder cannot be read",
                 {{"folder", settings_.folder.string()}, {"why", error.message()}});
  }
  last_pass_ = std::move(this_pass_);
  next_scan_ = clock_.Now() + settings_.scan_every;
}

void FolderSource::Look(const fs::path& path) {
  if (busy_.contains(path)) return;
  const auto facts = FactsOf(path);
  if (!facts || facts->kind == FileFacts::Kind::kFolder) return;
  const auto kept = cannot_be_deleted_.find(path);
  if (kept != cannot_be_deleted_.end() && kept->second == *facts) return;
  const auto before = last_pass_.find(path);
  const auto known = before == last_pass_.end() ? std::nullopt : std::optional(before->second);
  Judgement judgement = Judge(*facts, known, settings_.max_size, settings_.settle_for, clock_.Now());
  if (judgement.readiness == Readiness::kReady && IsOpenForWriting(path)) {
    judgement = {Readiness::kWait, "a program has it open for writing"};
  }
  if (judgement.readiness != Readiness::kRefused && settings_.most_inline > 0 &&
      facts->size > settings_.most_inline) {
    judgement = {Readiness::kRefused,
                 fmt::format("it has {}, and what fits into a message is {} (feed_cuckoo.interop = \"go\", "
                             "broker.max_message)",
                             HumanBytes(facts->size), HumanBytes(settings_.most_inline))};
  }
  this_pass_.emplace(path, *facts);
  if (judgement.readiness == Readiness::kRefused) Refuse(path, *facts, judgement.why);
  if (judgement.readiness == Readiness::kWait && !known) {
    log::Info("a file is left for the next pass", {{"file", path.string()}, {"why", judgement.why}});
  }
  if (judgement.readiness == Readiness::kReady) {
    ready_.push_back({path, *facts});
    busy_.insert(path);
  }
}

void FolderSource::Refuse(const fs::path& path, const FileFacts& facts, const std::string& why) {
  const std::string name = path.string() + "\n" + std::to_string(facts.inode) + "\n" + why;
  if (!refused_before_.insert(name).second) return;
  refused_.Add();
  log::Warning("a file is refused and left where it is", {{"file", path.string()}, {"why", why}});
}

Expected<void, broker::BrokerError> FolderSource::Settle(std::span<const broker::Settlement> settlements) {
  std::vector<broker::Outgoing> publish;
  for (const auto& settlement : settlements) {
    publish.insert(publish.end(), settlement.publish.begin(), settlement.publish.end());
  }
  if (!publish.empty()) {
    if (auto published = broker_.Publish(publish); !published) return published;
  }
  CrashPoint("submit_binary.published");
  for (const auto& settlement : settlements) {
    std::lock_guard lock(mutex_);
    const auto taken = in_hand_.find(settlement.delivery);
    if (taken == in_hand_.end()) continue;
    Unlink(taken->second.path, taken->second.facts);
    busy_.erase(taken->second.path);
    in_hand_.erase(taken);
  }
  CrashPoint("submit_binary.unlinked");
  return {};
}

void FolderSource::Unlink(const fs::path& path, const FileFacts& taken) {
  const auto now = FactsOf(path);
  if (!now) return;
  if (*now != taken) {
    log::Info("a file changed while it was taken in, it will be taken in again", {{"file", path.string()}});
    return;
  }
  if (::unlink(path.c_str()) != 0) {
    log::Warning("a file was taken in but cannot be deleted",
                 {{"file", path.string()}, {"why", std::strerror(errno)}});
    cannot_be_deleted_[path] = *now;
  }
}

void FolderSource::GiveBack(std::span<const broker::DeliveryId> deliveries) {
  std::lock_guard lock(mutex_);
  for (const broker::DeliveryId& id : deliveries) {
    const auto taken = in_hand_.find(id);
    if (taken == in_hand_.end()) continue;
    busy_.erase(taken->second.path);
    in_hand_.erase(taken);
  }
}

}  // namespace brood::stages::submit_binary
