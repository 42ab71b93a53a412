#include "rules/reloader.hpp"

#include "rules/folder.hpp"

namespace brood::rules {

RuleSource FolderSource(std::string folder, Options options) {
  return {[folder] { return FolderFingerprint(folder); },
          [folder, options] { return LoadFolder(folder, options); }};
}

Reloader::Reloader(RuleSource source, RuleSet rules, std::string fingerprint, const Clock& clock, Millis every)
    : source_(std::move(source)),
      clock_(clock),
      every_(every),
      rules_(std::move(rules)),
      fingerprint_(std::move(fingerprint)),
      last_look_(clock.Now()) {}

RuleSet Reloader::Current() const {
  const std::lock_guard lock(mutex_);
  return rules_;
}

Reloader::Check Reloader::Poll() {
  const std::lock_guard polling(poll_mutex_);
  if (clock_.Now() - last_look_ < every_) return {};
  last_look_ = clock_.Now();
  std::string fingerprint = source_.fingerprint();
  if (fingerprint == fingerprint_) return {};
  auto rules = source_.load();
  // What was written while it was read has another fingerprint by now, and is read at the next look.
  fingerprint_ = std::move(fingerprint);
  if (!rules) return {Outcome::kKeptOld, std::move(rules.error())};
  const std::lock_guard lock(mutex_);
  rules_ = std::move(*rules);
  return {Outcome::kReloaded, rules_.Warnings()};
}

}  // namespace brood::rules
