#include "broker/amqp/testing/rabbitmq.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace brood::broker::amqp::testing {
namespace {

/// The value of a key in the script's one flat line of JSON.
std::string ValueOf(const std::string& json, const std::string& key) {
  const std::size_t at = json.find("\"" + key + "\": ");
  if (at == std::string::npos) throw std::runtime_error("RabbitMQ does not start: " + json);
  const std::size_t begin = json.find_first_not_of(" \"", at + key.size() + 3);
  return json.substr(begin, json.find_first_of("\",}", begin) - begin);
}

}  // namespace

RabbitMq& RabbitMq::Shared() {
  static RabbitMq shared;
  return shared;
}

RabbitMq::RabbitMq() {
  int to[2], from[2];
  if (::pipe2(to, O_CLOEXEC) != 0 || ::pipe2(from, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  const std::string most = std::to_string(kMaxMessage);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(to[0], STDIN_FILENO);
    ::dup2(from[1], STDOUT_FILENO);
    ::execlp("python3", "python3", BROOD_RABBITMQ_SCRIPT, most.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(to[0]);
  ::close(from[1]);
  to_ = UniqueFd(to[1]);
  from_ = ::fdopen(from[0], "r");
  const std::string where = ReadLine();
  port_ = static_cast<std::uint16_t>(std::stoi(ValueOf(where, "port")));
  tls_port_ = static_cast<std::uint16_t>(std::stoi(ValueOf(where, "tls_port")));
  tls_ = ValueOf(where, "tls");
}

RabbitMq::~RabbitMq() {
  to_.Reset();
  ::waitpid(pid_, nullptr, 0);
  if (from_ != nullptr) std::fclose(from_);
}

std::string RabbitMq::ReadLine() {
  std::string line;
  for (int c = std::fgetc(from_); c != EOF && c != '\n'; c = std::fgetc(from_)) line += static_cast<char>(c);
  return line;
}

void RabbitMq::Do(const std::string& command) {
  const std::string line = command + "\n";
  if (::write(to_.Get(), line.data(), line.size()) < 0) throw std::runtime_error("RabbitMQ's script is gone");
  const std::string answer = ReadLine();
  if (answer != "ok") throw std::runtime_error(command + ": " + answer);
}

std::string RabbitMq::NewVhost() {
  const std::string name = "test-" + std::to_string(++vhosts_);
  Do("vhost " + name);
  return name;
}

Settings RabbitMq::SettingsFor(const std::string& vhost) const {
  Settings settings;
  settings.url = "amqp://guest:guest@127.0.0.1:" + std::to_string(port_) + "/" + vhost;
  settings.max_message = std::size_t{1} << 20;
  settings.reconnect = {Millis{20}, Millis{500}, 2.0};
  settings.idle_after = Millis{1'000};
  return settings;
}

std::string RabbitMq::TlsUrl(const std::string& host, const std::string& vhost) const {
  return "amqps://guest:guest@" + host + ":" + std::to_string(tls_port_) + "/" + vhost;
}

}  // namespace brood::broker::amqp::testing
