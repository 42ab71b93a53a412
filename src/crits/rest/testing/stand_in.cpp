#include "crits/rest/testing/stand_in.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

namespace brood::crits::rest::testing {

StandIn::StandIn() {
  std::array<int, 2> to{}, from{};
  if (::pipe2(to.data(), O_CLOEXEC) != 0 || ::pipe2(from.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipe for the stand-in");
  }
  process_ = ::fork();
  if (process_ == 0) {
    ::dup2(to[0], 0);
    ::dup2(from[1], 1);
    ::setenv("PYTHONDONTWRITEBYTECODE", "1", 1);
    ::execlp("python3", "python3", "tests/support/crits_stand_in.py", nullptr);
    ::_exit(127);
  }
  ::close(to[0]);
  ::close(from[1]);
  input_ = to[1];
  for (char c = 0; ::read(from[0], &c, 1) == 1 && c != '\n';) url_ += c;
  ::close(from[0]);
  if (process_ < 0 || url_.empty()) throw std::runtime_error("the stand-in for CRITs does not start");
}

StandIn::~StandIn() {
  ::close(input_);  // it ends with its input
  ::waitpid(process_, nullptr, 0);
}

void StandIn::Tell(http::Client& client, std::string_view what, std::string_view json) const {
  http::Request request;
  request.method = http::Method::kPost;
  request.url = url_ + "/_test/" + std::string(what);
  request.body = json;
  if (const auto response = client.Send(request); !response || !response->Ok()) {
    throw std::runtime_error("the stand-in for CRITs does not listen");
  }
}

std::string StandIn::State(http::Client& client) const {
  http::Request request;
  request.url = url_ + "/_test/state";
  request.max_body = std::size_t{256} << 20U;
  auto response = client.Send(request);
  if (!response || !response->Ok()) throw std::runtime_error("the stand-in for CRITs does not tell");
  return std::move(response->body);
}

}  // namespace brood::crits::rest::testing
