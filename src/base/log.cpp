#include "base/log.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <mutex>

namespace brood::log {
namespace {

std::mutex listener_mutex;
std::function<void(Level, const std::string&)> listener;

spdlog::level::level_enum ToSpdlog(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kWarning:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
    case Level::kInfo:
      break;
  }
  return spdlog::level::info;
}

spdlog::logger& Logger() {
  static const auto logger = [] {
    auto made =
        std::make_shared<spdlog::logger>("brood", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    made->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%-7l%$ %v");
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *logger;
}

void AppendValue(std::string& out, std::string_view value) {
  const bool quote = value.empty() || value.find_first_of(" =\"\\") != std::string_view::npos;
  if (quote) out += '"';
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  if (quote) out += '"';
}

void Write(Level level, std::string_view sentence, Fields fields) {
  if (!Logger().should_log(ToSpdlog(level))) return;
  const std::string line = Format(sentence, fields);
  Logger().log(ToSpdlog(level), line);
  std::lock_guard lock(listener_mutex);
  if (listener) listener(level, line);
}

}  // namespace

std::string Format(std::string_view sentence, Fields fields) {
  std::string line(sentence);
  for (const Field& field : fields) {
    line += ' ';
    line += field.key;
    line += '=';
    AppendValue(line, field.value);
  }
  return line;
}

void Debug(std::string_view sentence, Fields fields) { Write(Level::kDebug, sentence, fields); }
void Info(std::string_view sentence, Fields fields) { Write(Level::kInfo, sentence, fields); }
void Warning(std::string_view sentence, Fields fields) { Write(Level::kWarning, sentence, fields); }
void Error(std::string_view sentence, Fields fields) { Write(Level::kError, sentence, fields); }

void Configure(Level level, const std::string& file) {
  Logger().set_level(ToSpdlog(level));
  if (file.empty()) return;
  Logger().sinks().push_back(std::make_shared<spdlog::sinks::basic_file_sink_mt>(file));
  Logger().sinks().back()->set_pattern("%Y-%m-%d %H:%M:%S.%e %-7l %v");
}

bool LevelFrom(std::string_view name, Level& level) {
  if (name == "debug")
    level = Level::kDebug;
  else if (name == "info" || name.empty())
    level = Level::kInfo;
  else if (name == "warning")
    level = Level::kWarning;
  else if (name == "error")
    level = Level::kError;
  else
    return false;
  return true;
}

void Listen(std::function<void(Level, const std::string&)> new_listener) {
  std::lock_guard lock(listener_mutex);
  listener = std::move(new_listener);
}

}  // namespace brood::log
