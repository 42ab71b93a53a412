// What a large report takes on its way from the sandbox to CRITs and the store.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "crits/testing/fake_crits.hpp"
#include "model/messages_json.hpp"
#include "model/report_json.hpp"
#include "sqlite/writer.hpp"
#include "stage/testing/trial.hpp"
#include "stages/parse_and_submit/parse_and_submit.hpp"
#include "store/sqlite/sqlite_store.hpp"

#if defined(__SANITIZE_ADDRESS__)
// Of <sanitizer/allocator_interface.h>, which Debian's g++ does not bring.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void*, std::size_t),
                                                         void (*)(const volatile void*));
extern "C" std::size_t __sanitizer_get_allocated_size(const volatile void*);
#endif

namespace brood::stages::parse_and_submit {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

/// Bytes that malloc has given out, SQLite's included, and the most since Watch. Counted by the sanitizer's own
/// allocator; without it there is nothing to see.
class Heap {
 public:
  static bool CanSee() {
#if defined(__SANITIZE_ADDRESS__)
    static const int installed = __sanitizer_install_malloc_and_free_hooks(&Allocated, &Freed);
    return installed != 0;
#else
    return false;
#endif
  }
  static void Watch() { most_ = now_ = 0; }
  static std::size_t Most() { return static_cast<std::size_t>(most_.load()); }

 private:
#if defined(__SANITIZE_ADDRESS__)
  static void Allocated(const volatile void*, std::size_t size) {
    const std::int64_t now = now_ += static_cast<std::int64_t>(size);
    std::int64_t most = most_;
    while (most < now && !most_.compare_exchange_weak(most, now)) {
    }
  }
  static void Freed(const volatile void* at) {
    now_ -= static_cast<std::int64_t>(__sanitizer_get_allocated_size(at));
  }
#endif
  static inline std::atomic<std::int64_t> now_{0}, most_{0};
};

/// A node whose reports are made while they are sent: they take no memory here.
class MakingNode final : public sandbox::Node {
 public:
  explicit MakingNode(std::size_t texts) : texts_(texts) {}

  static std::string Text(std::size_t number) {
    return fmt::format(R"(C:\\Users\\user\\AppData\\Local\\Temp\\{}\\{})", std::string(150, 'x'), number);
  }
  sandbox::Result<void> Report(model::TaskId task, const sandbox::ReportSink& sink,
                               std::stop_token stop) override {
    sink(R"({"info": {"id": 1}, "behavior": {"summary": {"file_opened": [)");
    std::string chunk;
    for (std::size_t i = 0; i < texts_ && !stop.stop_requested(); ++i) {
      chunk += fmt::format(R"({}"{}")", i == 0 ? "" : ",", Text(i));
      if (chunk.size() < 64'000) continue;
      sink(chunk);
      chunk.clear();
    }
    const std::lock_guard lock(mutex_);
    (stop.stop_requested() ? put_down_ : whole_) += 1;
    changed_.notify_all();
    if (stop.stop_requested()) return Unexpected(sandbox::SandboxError{sandbox::Errc::kStopped, "stopped"});
    sink(chunk + fmt::format("]}}}}, \"target\": {{\"file\": {{\"name\": \"{}\"}}}}}}", task.Get()));
    return {};
  }
  void WaitPutDown() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return put_down_ > 0; });
  }
  int PutDown() const { return put_down_; }
  int Whole() const { return whole_; }

  const model::NodeUrl& Url() const override { return url_; }
  sandbox::Dialect SpokenDialect() const override { return sandbox::Dialect::kCuckoo2; }
  sandbox::Result<model::TaskId> Submit(const sandbox::Upload&, std::stop_token) override { return No(); }
  sandbox::Result<std::vector<sandbox::TaskRow>> FindByMarker(const std::string&, const std::string&,
                                                              std::stop_token) override {
    return No();
  }
  sandbox::Result<std::vector<sandbox::TaskRow>> List(const sandbox::ListQuery&, std::stop_token) override {
    return No();
  }
  sandbox::Result<sandbox::TaskRow> View(model::TaskId, std::stop_token) override { return No(); }
  sandbox::Result<void> Dropped(model::TaskId, std::uint64_t, const sandbox::ReportSink&,
                                std::stop_token) override {
    return No();
  }
  sandbox::Result<void> Delete(model::TaskId, std::stop_token) override { return No(); }
  sandbox::Result<sandbox::NodeStatus> Status(std::stop_token) override { return No(); }

 private:
  static tl::unexpected<sandbox::SandboxError> No() {
    return Unexpected(sandbox::SandboxError{sandbox::Errc::kNotFound, "nothing but reports"});
  }

  const std::size_t texts_;
  const model::NodeUrl url_{"http://node.test:8090"};
  std::mutex mutex_;
  std::condition_variable changed_;
  int put_down_ = 0, whole_ = 0;
};

/// Keeps nothing of what it is sent.
class CountingCrits final : public crits::Crits {
 public:
  std::function<void()> on_send = [] {};
  std::atomic<std::size_t> requests{0}, items{0};

  crits::Result<void> Send(const crits::Analysis&, const crits::Update& update, std::stop_token) override {
    ++requests;
    items += update.results.items;
    on_send();
    return {};
  }
  crits::Result<std::string> AddSample(const crits::Analysis&, const crits::NewSample&,
                                       std::stop_token) override {
    return "";
  }
  crits::Result<void> Relate(const crits::Analysis&, const std::string&, std::stop_token) override {
    return {};
  }
};

struct MemoryTest : testing::Test {
  /// A message for the report of a task that nobody else knows.
  broker::Message MessageFor(std::int64_t number) const {
    model::TaskMessage task;
    task.task = model::TaskId{number};
    task.node = node->Url();
    task.crits = {
        "http://crits.test", std::to_string(number), "Sample", "6b01", "user", Secret("k"), "00", "test"};
    return stage::testing::MessageOn("worker/parse_and_submit", model::ToJson(task), clock.Now());
  }
  std::unique_ptr<ParseAndSubmit> Stage(Settings settings) {
    return std::make_unique<ParseAndSubmit>(
        std::move(settings), [this](const model::NodeUrl&) { return node; }, store.Submissions(),
        store.Reports(), nullptr, metrics,
        std::make_unique<CritsSink>(crits::Settings{}, "", dir / "scratch", crits, store.Effects(), metrics));
  }

  TempDir dir;
  ManualClock clock;
  metrics::Registry metrics;
  std::shared_ptr<sqlite::Writer> writer = std::make_shared<sqlite::Writer>(dir / "store.db");
  store::sqlite::SqliteStore store{writer, writer};
  std::shared_ptr<MakingNode> node;
  CountingCrits crits;
};

TEST_F(MemoryTest, OfALargeReportNothingIsHeldButWhatWasExtracted) {
  constexpr std::size_t kTexts = 150'000;
  node = std::make_shared<MakingNode>(kTexts);
  const std::size_t extracted = kTexts * MakingNode::Text(100'000).size();
  const auto stage = Stage({});
  const bool can_see = Heap::CanSee();
  Heap::Watch();
  ASSERT_TRUE(std::holds_alternative<stage::Done>(stage::testing::Offer(*stage, MessageFor(1), clock)));
  if (can_see) {
    constexpr std::size_t kCacheOfTheStore = 16 * kMiB, kBatchInHandAndTheRest = 14 * kMiB;
    EXPECT_LT(Heap::Most(), extracted + extracted / 8 + std::max(kCacheOfTheStore, kBatchInHandAndTheRest))
        << extracted << " bytes of text";
  }
  EXPECT_GT(crits.requests, 3U) << "a batch in each";
  const auto stored = store.Reports().Get("http://node.test:8090:1").value().value();
  const auto report = model::ReportFromJson(stored.document).value();
  EXPECT_EQ(report.file_opened.size(), kTexts);
  EXPECT_EQ(metrics.Find("brood_parse_and_submit_held_bytes"), 0);
}

TEST_F(MemoryTest, LargeReportsOfABatchAreInHandOneAfterTheOther) {
  constexpr std::size_t kTexts = 40'000;
  node = std::make_shared<MakingNode>(kTexts);
  const std::size_t extracted = kTexts * MakingNode::Text(10'000).size();
  const auto stage = Stage({});
  const bool can_see = Heap::CanSee();
  Heap::Watch();
  std::vector<broker::Message> batch;
  for (int number = 1; number <= 6; ++number) batch.push_back(MessageFor(number));
  for (const auto& fate : stage::testing::Offer(*stage, batch, clock))
    EXPECT_TRUE(std::holds_alternative<stage::Done>(fate));
  if (can_see) {
    EXPECT_LT(Heap::Most(), 2 * extracted + 16 * kMiB) << extracted << " bytes of text in each";
  }
}

TEST_F(MemoryTest, AReportThatFindsNoRoomIsPutDownAndReadAgainInItsTurn) {
  node = std::make_shared<MakingNode>(20'000);
  const auto stage = Stage({.memory = kMiB});
  std::jthread other;
  std::optional<stage::Fate> fate_of_other;
  std::once_flag once;
  crits.on_send = [&] {
    std::call_once(once, [&] {
      other = std::jthread([&] { fate_of_other = stage::testing::Offer(*stage, MessageFor(2), clock); });
      node->WaitPutDown();
    });
  };
  EXPECT_TRUE(std::holds_alternative<stage::Done>(stage::testing::Offer(*stage, MessageFor(1), clock)));
  other.join();
  EXPECT_TRUE(std::holds_alternative<stage::Done>(*fate_of_other));
  EXPECT_EQ(node->PutDown(), 1);
  EXPECT_EQ(node->Whole(), 2);
  EXPECT_EQ(metrics.Find("brood_parse_and_submit_put_down_total"), 1);
  for (const char* id : {"http://node.test:8090:1", "http://node.test:8090:2"})
    EXPECT_EQ(model::ReportFromJson(store.Reports().Get(id).value()->document)->file_opened.size(), 20'000U);
}

}  // namespace
}  // namespace brood::stages::parse_and_submit
