#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <string>

#include "base/file.hpp"
#include "base/unique_fd.hpp"
#include "feeds/lists_in_force.hpp"
#include "sqlite/writer.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::feeds {
namespace {

store::sqlite::SqliteStore OpenStore(const TempDir& folder) {
  const auto writer = std::make_shared<sqlite::Writer>(folder / "brood.db");
  return {writer, writer};
}

using Seen = std::function<bool(const rules::Lists&)>;

/// Another process on the same file: tells by one byte when it is ready and one when `seen` becomes true of its
/// lists. Made before this process has threads or opens the file.
class Watcher {
 public:
  Watcher(const TempDir& folder, const Seen& seen) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("cannot make a pipe");
    read_ = UniqueFd(ends[0]);
    const UniqueFd write(ends[1]);
    child_ = ::fork();
    if (child_ == 0) {
      Watch(folder, seen, write.Get());
      ::_exit(0);
    }
  }
  ~Watcher() { ::waitpid(child_, nullptr, 0); }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  bool Tells() {
    char byte = 0;
    return ::read(read_.Get(), &byte, 1) == 1;
  }

 private:
  static void Watch(const TempDir& folder, const Seen& seen, int tell) {
    constexpr Millis kTooLong{20'000};
    auto store = OpenStore(folder);
    SystemClock clock;
    ListsInForce lists(store.Lists(), clock);
    (void)lists.Current();
    if (::write(tell, "r", 1) != 1) return;
    for (const Time end = clock.Now() + kTooLong; clock.Now() < end; clock.WaitFor(Millis{5}, {})) {
      if (!seen(*lists.Current())) continue;
      (void)!::write(tell, "s", 1);
      return;
    }
  }

  UniqueFd read_;
  pid_t child_ = -1;
};

/// The time from `change`, done here, to the moment at which the other process has `seen` it.
Millis TimeUntilSeen(const Seen& seen, const std::function<store::Result<void>(store::Lists&)>& change) {
  const TempDir folder;
  Watcher other(folder, seen);
  if (!other.Tells()) throw std::runtime_error("the other process did not start");
  auto store = OpenStore(folder);
  const SystemClock clock;
  if (const auto done = change(store.Lists()); !done) throw std::runtime_error(done.error().what);
  const Time changed = clock.Now();
  EXPECT_TRUE(other.Tells()) << "the other process never saw the change";
  return clock.Now() - changed;
}

// The promise is a second; the rest is for a machine that is busy.
constexpr Millis kInTime{1'900};

TEST(TwoProcesses, SeeAChangeOfTheWhitelistWithinASecond) {
  const auto took =
      TimeUntilSeen([](const rules::Lists& lists) { return lists.ip_whitelist.Contains("198.51.100.7"); },
                    [](store::Lists& lists) {
                      return lists.PutWhitelist({store::WhitelistKind::kSubnet, "198.51.100.0/24", "us"});
                    });
  EXPECT_LE(took, kInTime);
}

TEST(TwoProcesses, SeeAHashAndADomainAsSoon) {
  const auto took = TimeUntilSeen(
      [](const rules::Lists& lists) {
        return lists.hash_whitelist.contains("44d88612fea8a8f36de82e1278abb02f") &&
               lists.domain_whitelist.contains("good.example");
      },
      [](store::Lists& lists) {
        return lists.PutWhitelist({store::WhitelistKind::kDomain, "good.example", "us"}).and_then([&] {
          return lists.PutWhitelist({store::WhitelistKind::kHash, "44d88612fea8a8f36de82e1278abb02f", "us"});
        });
      });
  EXPECT_LE(took, kInTime);
}

TEST(TwoProcesses, SeeAThirdPartyListAsSoon) {
  const auto took = TimeUntilSeen([](const rules::Lists& lists) { return lists.third_party.contains("C&C"); },
                                  [](store::Lists& lists) {
                                    return lists.ReplaceFeed("C&C", std::vector<std::string>{"192.0.2.1"},
                                                             "https://a.example/");
                                  });
  EXPECT_LE(took, kInTime);
}

}  // namespace
}  // namespace brood::feeds
