#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/report.hpp"

namespace brood::report {

/// Numbers for names, in the order of first appearance. Bounded in bytes. Few names come again and again: those
/// are found by their first and last bytes.
class NameTable {
 public:
  explicit NameTable(std::size_t max_bytes) : room_(max_bytes) {}
  /// Nothing where there is no room for one more.
  std::optional<std::uint32_t> Number(std::string_view name);
  [[nodiscard]] const std::string& Name(std::uint32_t number) const { return *names_[number]; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
  };
  struct Recent {
    const std::string* name = nullptr;
    std::uint32_t number = 0;
  };
  static constexpr std::size_t kRecent = 256;

  [[nodiscard]] static std::size_t PlaceOf(std::string_view name);
  std::optional<std::uint32_t> Find(std::string_view name);

  std::size_t room_;
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
  std::vector<const std::string*> names_;
  std::array<Recent, kRecent> recent_{};
};

/// Counts the calls of behavior.processes[].calls[] by name, a process at a time: a repeated key takes back
/// what the former value had counted.
class CallTally {
 public:
  explicit CallTally(std::size_t max_bytes) : names_(max_bytes) {}
  void BeginCall() { name_.reset(); }
  /// False where the name had no room.
  bool SetName(std::string_view name);
  void EndCall();
  void ForgetProcess();
  void EndProcess();
  void ForgetAll();
  [[nodiscard]] std::vector<model::ApiCall> Take() const;

 private:
  NameTable names_;
  std::optional<std::uint32_t> name_;         ///< of the call in hand
  std::vector<std::int64_t> process_;         ///< by name, of the process in hand
  std::vector<std::uint32_t> process_names_;  ///< whose count in process_ is not 0
  std::vector<std::int64_t> total_;
};

/// Sums behavior.apistats, an object of objects: process, API, times.
class StatTally {
 public:
  explicit StatTally(std::size_t max_bytes) : processes_(max_bytes), names_(max_bytes) {}
  void Open() { present_ = true; }
  [[nodiscard]] bool present() const { return present_; }
  void Forget();
  /// The next process; what an equal key held before is forgotten.
  void BeginProcess(std::string_view key);
  /// The next API of that process, likewise.
  void BeginStat(std::string_view name);
  /// False where there was no room for the process or the API.
  bool SetTimes(std::int64_t times);
  [[nodiscard]] std::vector<model::ApiCall> Take() const;

 private:
  using Counts = std::unordered_map<std::uint32_t, std::int64_t>;
  bool present_ = false;
  NameTable processes_, names_;
  std::unordered_map<std::uint32_t, Counts> counts_;
  Counts* process_ = nullptr;
  std::optional<std::uint32_t> name_;
};

}  // namespace brood::report
