#pragma once

#include <string>
#include <string_view>

#include "base/expected.hpp"
#include "broker/broker.hpp"
#include "http/server.hpp"
#include "samples/samples.hpp"
#include "store/result.hpp"

namespace brood::api {

/// Why a request is not answered with what it asked for: a status and one sentence for whoever asked.
struct Refusal {
  int status = 500;
  std::string sentence;
  http::HeaderList headers = {};
};

using Reply = Expected<http::ServerResponse, Refusal>;

[[nodiscard]] http::ServerResponse Json(std::string document, int status = 200);

[[nodiscard]] tl::unexpected<Refusal> Refuse(int status, std::string sentence);
// What a port says becomes 400 (the request's fault), 413, 507 (the disk is full: it goes away by itself), 503
// or 500. Nothing of the inside reaches the answer: the log has it.
[[nodiscard]] tl::unexpected<Refusal> Refuse(const store::StoreError& error);
[[nodiscard]] tl::unexpected<Refusal> Refuse(const samples::SampleError& error);
[[nodiscard]] tl::unexpected<Refusal> Refuse(const broker::BrokerError& error);

/// The refusal as the client gets it: {"error": sentence} below /api/, elsewhere the bare sentence.
[[nodiscard]] http::ServerResponse Render(const Refusal& refusal, const http::ServerRequest& request);

}  // namespace brood::api
