#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace brood::log {

enum class Level { kDebug, kInfo, kWarning, kError };

/// One key=value of a log line. The same keys mean the same everywhere: submission, sample, task, node, stage,
/// queue.
struct Field {
  std::string_view key;
  std::string value;

  Field(std::string_view k, std::string v) : key(k), value(std::move(v)) {}
  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, const char* v) : key(k), value(v) {}
  Field(std::string_view k, std::integral auto v) : key(k), value(std::to_string(v)) {}
  Field(std::string_view k, const Error& error) : key(k), value(Describe(error)) {}
};

using Fields = std::initializer_list<Field>;

/// A fixed sentence plus fields: "task vanished task=17 node=http://…". Values with blanks are quoted, control
/// characters are escaped. Thread-safe.
void Debug(std::string_view sentence, Fields fields = {});
void Info(std::string_view sentence, Fields fields = {});
void Warning(std::string_view sentence, Fields fields = {});
void Error(std::string_view sentence, Fields fields = {});

/// Where lines go; called once by main. An empty file means standard error only.
void Configure(Level level, const std::string& file);
[[nodiscard]] bool LevelFrom(std::string_view name, Level& level);

/// Tests: every line also goes to `listener` until it is replaced by an empty one.
void Listen(std::function<void(Level, const std::string&)> listener);

/// The line without its time stamp. Exposed for tests.
[[nodiscard]] std::string Format(std::string_view sentence, Fields fields);

}  // namespace brood::log
