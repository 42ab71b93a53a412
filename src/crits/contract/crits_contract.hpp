#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "crits/crits.hpp"

namespace brood::crits::contract {

enum class Fault {
  kError,       ///< refused as an error of the server, nothing done
  kLostAnswer,  ///< done, but nobody tells
};

/// What CRITs holds, as a person would see it there.
struct Shown {
  std::vector<std::map<std::string, std::string>> results;  ///< texts; other values as their JSON
  std::vector<std::pair<std::string, std::string>> log;     ///< level, message
  std::string status;                                       ///< started, completed, error
  std::map<std::string, std::string> samples;               ///< id → name
  std::vector<std::pair<std::string, std::string>> relations;
  std::vector<std::string> problems;  ///< values that Python 2 could not read
  std::size_t requests = 0;
};

/// A way to a CRITs of its own, which knows one analysis of one sample.
class Bench {
 public:
  virtual ~Bench() = default;
  [[nodiscard]] virtual Crits& Port() = 0;
  [[nodiscard]] virtual Analysis Known() = 0;
  virtual void Fail(Fault fault, int times) = 0;
  [[nodiscard]] virtual Shown Look() = 0;
};

struct Backend {
  std::string name;
  std::function<std::unique_ptr<Bench>()> open;
};
inline void PrintTo(const Backend& backend, std::ostream* out) { *out << backend.name; }

class CritsContract : public testing::TestWithParam<Backend> {
 protected:
  void SetUp() override { bench_ = GetParam().open(); }
  [[nodiscard]] Bench& Way() { return *bench_; }

 private:
  std::unique_ptr<Bench> bench_;
};

}  // namespace brood::crits::contract
