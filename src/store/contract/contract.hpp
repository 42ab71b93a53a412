#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "store/store.hpp"

namespace brood::store::contract {

/// What a backend hands to the suite: an empty store of its own, reached by two handles.
class Bench {
 public:
  virtual ~Bench() = default;
  [[nodiscard]] virtual Store& First() = 0;
  /// Another handle on the same records, as another process has one.
  [[nodiscard]] virtual Store& Second() = 0;
  /// Closes both handles and opens them anew.
  virtual void Reopen() = 0;
};

struct Backend {
  std::string name;
  std::function<std::unique_ptr<Bench>()> open;
};
inline void PrintTo(const Backend& backend, std::ostream* out) { *out << backend.name; }

/// The value, or the test fails with the store's error.
template <class T>
T Must(Result<T> result) {
  if (!result) throw std::runtime_error("the store failed: " + result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// A list or search may lag a second behind: true as soon as `holds` is, at the latest after five seconds.
[[nodiscard]] bool Eventually(const std::function<bool()>& holds);

/// All pages of a listing, `size` at a time. Fails on a page that is too long or a listing that does not end.
template <class T>
std::vector<T> AllPages(std::size_t size, const std::function<Result<Listing<T>>(const Page&)>& list) {
  constexpr int kMaxPages = 10'000;
  std::vector<T> all;
  Page page{size, {}};
  for (int i = 0; i < kMaxPages; ++i) {
    Listing<T> listing = Must(list(page));
    EXPECT_LE(listing.items.size(), size);
    std::ranges::move(listing.items, std::back_inserter(all));
    if (listing.next.empty()) return all;
    page.after = std::move(listing.next);
  }
  throw std::runtime_error("the listing does not end");
}

/// Texts that malware and people put into names: NUL, quotes, markup, a megabyte.
[[nodiscard]] std::vector<std::string> HostileTexts();

/// Each test has a new, empty store.
class StoreContract : public testing::TestWithParam<Backend> {
 protected:
  void SetUp() override { bench_ = GetParam().open(); }
  [[nodiscard]] Store& First() { return bench_->First(); }
  [[nodiscard]] Store& Second() { return bench_->Second(); }
  void Reopen() { bench_->Reopen(); }

  static constexpr Time kNow{Millis{1'700'000'000'123}};

 private:
  std::unique_ptr<Bench> bench_;
};

// A backend instantiates each of these:
// INSTANTIATE_TEST_SUITE_P(OpenSearch, SubmissionsContract, testing::Values(…), NameOfBackend);
class SubmissionsContract : public StoreContract {};
class HashesContract : public StoreContract {};
class ReportsContract : public StoreContract {};
class BlacklistContract : public StoreContract {};
class ListsContract : public StoreContract {};
class DeadLettersContract : public StoreContract {};
class EffectsContract : public StoreContract {};
class CountsContract : public StoreContract {};
class DurabilityContract : public StoreContract {};

inline std::string NameOfBackend(const testing::TestParamInfo<Backend>& info) { return info.param.name; }

}  // namespace brood::store::contract
