#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "broker/amqp/address.hpp"
#include "broker/amqp/event.hpp"
#include "broker/broker.hpp"

struct amqp_connection_state_t_;
struct amqp_frame_t_;
struct amqp_rpc_reply_t_;

namespace brood::broker::amqp {

/// Why a link or one of its channels is gone.
struct LinkError {
  enum class Kind {
    kLost,           ///< the connection is gone or never was
    kLogin,          ///< the server does not let us in: user, password, vhost or certificate
    kChannelClosed,  ///< the server closed the channel; the connection is still there
  };
  Kind kind = Kind::kLost;
  int code = 0;      ///< AMQP's reply code, 0 if there is none
  std::string what;  ///< one sentence with the host, without a secret
};

template <class T = void>
using LinkResult = Expected<T, LinkError>;

struct LinkOptions {
  std::filesystem::path ca_file;
  bool verify_tls = true;
  int heartbeat = 30;            ///< seconds
  std::string name;              ///< shown in RabbitMQ's list of connections
  Millis connect_within{5'000};  ///< name look-up aside
  Millis answer_within{15'000};  ///< of the calls that have an answer
};

using Channel = std::uint16_t;

/// One AMQP connection over librabbitmq. Everything but Sever is for one thread at a time. No call sleeps
/// without a bound: those with an answer end after answer_within, sends when the peer takes nothing for as
/// long. After an error of kind kLost only the destructor is left; after kChannelClosed the channel may be
/// opened again.
class Link {
 public:
  [[nodiscard]] static LinkResult<std::unique_ptr<Link>> Open(const Address& address,
                                                              const LinkOptions& options);
  /// Says goodbye if the link is still up, which brings everything sent before to the server.
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  [[nodiscard]] LinkResult<> OpenChannel(Channel channel);
  [[nodiscard]] LinkResult<> SelectConfirms(Channel channel);
  /// kChannelClosed with code 406: it exists with other arguments.
  [[nodiscard]] LinkResult<> Declare(Channel channel, const QueueShape& queue);
  /// Messages ready in the queue. kChannelClosed with code 404: there is no such queue.
  [[nodiscard]] LinkResult<std::uint64_t> Count(Channel channel, const std::string& queue);
  [[nodiscard]] LinkResult<> Prefetch(Channel channel, std::uint16_t count);
  [[nodiscard]] LinkResult<> Consume(Channel channel, const std::string& queue, const std::string& consumer);
  [[nodiscard]] LinkResult<> Cancel(Channel channel, const std::string& consumer);

  /// Sent, not yet confirmed. Mandatory, durable, default exchange.
  [[nodiscard]] LinkResult<> Publish(Channel channel, const Outgoing& message);
  [[nodiscard]] LinkResult<> Acknowledge(Channel channel, Tag tag, bool up_to);
  [[nodiscard]] LinkResult<> Requeue(Channel channel, Tag tag);

  /// The next event that is there, nothing if none is; sends heartbeats that are due. Call it at least twice in
  /// a heartbeat.
  [[nodiscard]] LinkResult<std::optional<Event>> Next();

  /// Events came in while a call waited for its answer: Next has them though the socket is quiet.
  [[nodiscard]] bool HasMore() const;

  /// While corked, what is sent leaves in full packets; uncorking sends the rest.
  void Cork(bool on);
  [[nodiscard]] int Fd() const { return fd_; }
  /// The major version of the server, 0 if it does not tell.
  [[nodiscard]] int ServerMajor() const;
  [[nodiscard]] const std::string& Where() const { return where_; }

  /// Cuts the connection as a network does. Thread-safe while the link lives.
  void Sever();

 private:
  struct Content {
    std::optional<Delivered> delivery;
    std::optional<Returned> returned;
    std::uint64_t missing = 0;
    bool has_header = false;
  };

  Link(std::string where, const LinkOptions& options);
  [[nodiscard]] LinkResult<> Connect(const Address& address, const LinkOptions& options);
  [[nodiscard]] LinkResult<> LogIn(const Address& address, const LinkOptions& options);
  [[nodiscard]] LinkResult<> Checked(const amqp_rpc_reply_t_& reply, Channel channel, const char* doing);
  [[nodiscard]] LinkResult<> Sent(int status, const char* doing);
  [[nodiscard]] LinkError Lost(std::string why);
  [[nodiscard]] LinkError LostBy(int status, const char* doing);
  [[nodiscard]] LinkResult<std::optional<Event>> Read(const amqp_frame_t_& frame);
  [[nodiscard]] LinkResult<std::optional<Event>> ReadMethod(const amqp_frame_t_& frame);
  [[nodiscard]] LinkError ClosedBy(std::uint32_t method, void* decoded, Channel channel);
  void ReadHeader(const amqp_frame_t_& frame);
  [[nodiscard]] std::optional<Event> TakeContentIfWhole();

  std::string where_;
  amqp_connection_state_t_* state_ = nullptr;
  int fd_ = -1;
  bool up_ = false;
  bool tls_ = false;
  Content content_;
};

/// Arguments of a queue's declaration that are not the defaults: none for classic queues.
struct DeclareArguments {
  bool quorum = false;
  /// RabbitMQ 4 throws a quorum queue's message away after 20 returns unless told otherwise; earlier versions
  /// know no such limit and refuse the word for none.
  bool unlimited_deliveries = false;
  bool operator==(const DeclareArguments&) const = default;
};
[[nodiscard]] DeclareArguments ArgumentsFor(const QueueShape& queue, int server_major);

}  // namespace brood::broker::amqp
