// How a link comes up, and what its errors say.
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "broker/amqp/link.hpp"
#include "broker/amqp/wire.hpp"

namespace brood::broker::amqp {
namespace {

constexpr int kMostChannels = 8;
constexpr int kFrameMax = 131'072;
constexpr int kAccessRefused = 403;
constexpr int kNotAllowed = 530;

timeval ToTimeval(Millis time) {
  return {time.count() / 1'000, static_cast<suseconds_t>(time.count() % 1'000 * 1'000)};
}

/// Ends a send that the peer does not take, and one whose peer is gone.
void BoundSends(int fd, Millis bound) {
  const auto millis = static_cast<unsigned>(bound.count());
  (void)::setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &millis, sizeof millis);
}

std::string MeaningOf(int status) {
  switch (status) {
    case AMQP_STATUS_HEARTBEAT_TIMEOUT:
      return "it has sent no heartbeat";
    case AMQP_STATUS_CONNECTION_CLOSED:
    case AMQP_STATUS_SOCKET_CLOSED:
      return "it closed the connection";
    case AMQP_STATUS_SSL_PEER_VERIFY_FAILED:
      return "its certificate is not signed by an authority that we know (broker.ca_file)";
    case AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED:
      return "its certificate is for another name than the one in broker.url";
    case AMQP_STATUS_SSL_CONNECTION_FAILED:
      return "the TLS handshake failed";
    default:
      return amqp_error_string2(status);
  }
}

bool IsAboutTrust(int status) {
  return status == AMQP_STATUS_SSL_PEER_VERIFY_FAILED || status == AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED;
}

}  // namespace

Link::Link(std::string where, const LinkOptions& options)
    : where_(std::move(where)), state_(amqp_new_connection()) {
  if (state_ == nullptr) throw std::bad_alloc();
  const timeval connect = ToTimeval(options.connect_within);
  const timeval answer = ToTimeval(options.answer_within);
  (void)amqp_set_handshake_timeout(state_, &connect);
  (void)amqp_set_rpc_timeout(state_, &answer);
}

Link::~Link() {
  if (up_) {
    Cork(false);
    const timeval goodbye{2, 0};
    (void)amqp_set_rpc_timeout(state_, &goodbye);
    (void)amqp_connection_close(state_, AMQP_REPLY_SUCCESS);
  }
  (void)amqp_destroy_connection(state_);
}

LinkResult<std::unique_ptr<Link>> Link::Open(const Address& address, const LinkOptions& options) {
  std::unique_ptr<Link> link(new Link(Shown(address.host), options));
  if (auto connected = link->Connect(address, options); !connected) return Unexpected(connected.error());
  if (auto logged_in = link->LogIn(address, options); !logged_in) return Unexpected(logged_in.error());
  link->up_ = true;
  return link;
}

LinkResult<> Link::Connect(const Address& address, const LinkOptions& options) {
  tls_ = address.tls;
  amqp_socket_t* socket = tls_ ? amqp_ssl_socket_new(state_) : amqp_tcp_socket_new(state_);
  if (socket == nullptr) return Unexpected(Lost("no socket can be made"));
  if (tls_) {
    amqp_ssl_socket_set_verify_peer(socket, options.verify_tls ? 1 : 0);
    amqp_ssl_socket_set_verify_hostname(socket, options.verify_tls ? 1 : 0);
    (void)amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST);
    if (options.ca_file.empty()) {
      (void)SSL_CTX_set_default_verify_paths(static_cast<SSL_CTX*>(amqp_ssl_socket_get_context(socket)));
    } else if (amqp_ssl_socket_set_cacert(socket, options.ca_file.c_str()) != AMQP_STATUS_OK) {
      return Unexpected(LinkError{
          LinkError::Kind::kLogin, 0,
          fmt::format("the certificates in {} (broker.ca_file) cannot be read", options.ca_file.string())});
    }
  }
  const timeval within = ToTimeval(options.connect_within);
  const int status = amqp_socket_open_noblock(socket, address.host.name.c_str(), address.host.port, &within);
  if (status != AMQP_STATUS_OK) {
    LinkError error{IsAboutTrust(status) ? LinkError::Kind::kLogin : LinkError::Kind::kLost, 0,
                    fmt::format("RabbitMQ at {} cannot be reached: {}", where_, MeaningOf(status))};
    return Unexpected(std::move(error));
  }
  fd_ = amqp_get_sockfd(state_);
  BoundSends(fd_, options.answer_within);
  return {};
}

LinkResult<> Link::LogIn(const Address& address, const LinkOptions& options) {
  std::vector<amqp_table_entry_t> can{TrueEntry("connection.blocked"), TrueEntry("basic.nack"),
                                      TrueEntry("publisher_confirms"), TrueEntry("consumer_cancel_notify")};
  amqp_table_entry_t capabilities{};
  capabilities.key = Bytes("capabilities");
  capabilities.value.kind = AMQP_FIELD_KIND_TABLE;
  capabilities.value.value.table = Table(can);
  std::vector<amqp_table_entry_t> entries{TextEntry("product", "brood"),
                                          TextEntry("connection_name", options.name), capabilities};
  const amqp_table_t properties = Table(entries);
  const amqp_rpc_reply_t reply = amqp_login_with_properties(
      state_, address.vhost.c_str(), kMostChannels, kFrameMax, options.heartbeat, &properties,
      AMQP_SASL_METHOD_PLAIN, address.user.c_str(), address.password.Reveal().c_str());
  auto logged_in = Checked(reply, 0, "log in");
  if (logged_in) return {};
  LinkError error = std::move(logged_in.error());
  if (error.code == kAccessRefused || error.code == kNotAllowed) {
    error.kind = LinkError::Kind::kLogin;
    while (error.what.ends_with('.')) error.what.pop_back();
    error.what = fmt::format("RabbitMQ at {} does not let the user {} into the vhost {}: {}. See broker.url",
                             where_, address.user, address.vhost, error.what);
  }
  return Unexpected(std::move(error));
}

LinkError Link::Lost(std::string why) {
  up_ = false;
  return {LinkError::Kind::kLost, 0, fmt::format("RabbitMQ at {}: {}", where_, why)};
}

LinkError Link::LostBy(int status, const char* doing) {
  return Lost(fmt::format("cannot {}: {}", doing, MeaningOf(status)));
}

LinkResult<> Link::Sent(int status, const char* doing) {
  if (status == AMQP_STATUS_OK) return {};
  return Unexpected(LostBy(status, doing));
}

LinkResult<> Link::Checked(const amqp_rpc_reply_t& reply, Channel channel, const char* doing) {
  switch (reply.reply_type) {
    case AMQP_RESPONSE_NORMAL:
      return {};
    case AMQP_RESPONSE_SERVER_EXCEPTION:
      return Unexpected(ClosedBy(reply.reply.id, reply.reply.decoded, channel));
    case AMQP_RESPONSE_LIBRARY_EXCEPTION:
      return Unexpected(LostBy(reply.library_error, doing));
    default:
      return Unexpected(Lost(fmt::format("cannot {}: it ended the connection without an answer", doing)));
  }
}

}  // namespace brood::broker::amqp
