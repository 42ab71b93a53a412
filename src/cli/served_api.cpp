#include "cli/served_api.hpp"

#include <stdexcept>

#include "cli/address_file.hpp"
#include "cli/service.hpp"
#include "stages/overseer/dump.hpp"

namespace brood::cli {

ServedApi::ServedApi(const Settings& settings, Plant& plant, metrics::Registry& metrics, Clock& clock,
                     States states, feeds::Schedule* feeds)
    : state_dir_(settings.general.state_dir) {
  auto token = api::ReadOrMakeToken(TokenFile(state_dir_));
  if (!token) throw std::runtime_error(Describe(token.error()));
  api::Settings own = settings.api;
  own.most_inline = MostInline(settings);
  api_ = std::make_unique<api::Api>(own, *token,
                                    api::Ports{plant.Store(), plant.Broker(), plant.Samples(), plant.Intake(),
                                               plant.Fleet(), metrics, clock, plant.Queues(), std::move(states),
                                               [dir = settings.overseer.dump_dir](const std::string& key) {
                                                 return stages::overseer::RemoveDump(dir, key);
                                               },
                                               feeds});
  const auto port = api_->Start();
  if (!port) throw std::runtime_error("the API cannot start: " + Describe(port.error()));
  url_ = UrlOf(settings.api.listen_ip, *port);
}

ServedApi::~ServedApi() = default;

void ServedApi::WriteAddress() const {
  if (auto written = cli::WriteAddress(state_dir_, url_); !written) {
    throw std::runtime_error(Describe(written.error()));
  }
}

void ServedApi::Stop() { api_->Stop(); }

}  // namespace brood::cli
