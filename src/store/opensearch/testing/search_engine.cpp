#include "store/opensearch/testing/search_engine.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <memory>
#include <stdexcept>

namespace brood::store::opensearch::testing {

SearchEngine& SearchEngine::Shared(const std::string& kind) {
  static std::map<std::string, std::unique_ptr<SearchEngine>> shared;
  auto& engine = shared[kind];
  if (!engine) engine = std::make_unique<SearchEngine>(kind);
  return *engine;
}

SearchEngine::SearchEngine(const std::string& kind) {
  int to[2], from[2];
  if (::pipe2(to, O_CLOEXEC) != 0 || ::pipe2(from, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(to[0], STDIN_FILENO);
    ::dup2(from[1], STDOUT_FILENO);
    ::execlp("python3", "python3", BROOD_SEARCH_ENGINE_SCRIPT, kind.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(to[0]);
  ::close(from[1]);
  to_ = UniqueFd(to[1]);
  from_ = ::fdopen(from[0], "r");
  const std::string where = ReadLine();
  const std::size_t digits = where.find_first_of("0123456789");
  if (digits == std::string::npos) throw std::runtime_error(kind + " does not start: " + where);
  port_ = std::stoi(where.substr(digits));
}

SearchEngine::~SearchEngine() {
  to_.Reset();
  ::waitpid(pid_, nullptr, 0);
  if (from_ != nullptr) std::fclose(from_);
}

std::string SearchEngine::ReadLine() {
  std::string line;
  for (int c = std::fgetc(from_); c != EOF && c != '\n'; c = std::fgetc(from_)) line += static_cast<char>(c);
  return line;
}

void SearchEngine::Do(const std::string& command) {
  const std::string line = command + "\n";
  if (::write(to_.Get(), line.data(), line.size()) < 0) throw std::runtime_error("the engine's script is gone");
  const std::string answer = ReadLine();
  if (answer != "ok") throw std::runtime_error(command + ": " + answer);
}

Settings SearchEngine::NewSettings() {
  Settings settings;
  settings.kind = Kind::kOpenSearch;
  settings.hosts = {Url()};
  settings.index_prefix = "test" + std::to_string(++prefixes_) + "-";
  settings.refresh_every = Millis{50};
  settings.host_away = {Millis{20}, Millis{200}, 2.0};
  return settings;
}

}  // namespace brood::store::opensearch::testing
