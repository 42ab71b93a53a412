// What a link sends.
#include "broker/amqp/link.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <charconv>

#include "broker/amqp/wire.hpp"

namespace brood::broker::amqp {
namespace {

constexpr int kLimitSinceMajor = 4;
constexpr std::uint8_t kPersistent = 2;
const amqp_bytes_t kDefaultExchange{0, nullptr};

}  // namespace

DeclareArguments ArgumentsFor(const QueueShape& queue, int server_major) {
  const bool quorum = queue.type == QueueType::kQuorum;
  return {quorum, quorum && server_major >= kLimitSinceMajor};
}

LinkResult<> Link::OpenChannel(Channel channel) {
  amqp_channel_open(state_, channel);
  return Checked(amqp_get_rpc_reply(state_), channel, "open a channel");
}

LinkResult<> Link::SelectConfirms(Channel channel) {
  amqp_confirm_select(state_, channel);
  return Checked(amqp_get_rpc_reply(state_), channel, "turn confirms on");
}

LinkResult<> Link::Declare(Channel channel, const QueueShape& queue) {
  const DeclareArguments arguments = ArgumentsFor(queue, ServerMajor());
  std::vector<amqp_table_entry_t> entries;
  if (arguments.quorum) entries.push_back(TextEntry("x-queue-type", "quorum"));
  if (arguments.unlimited_deliveries) entries.push_back(NumberEntry("x-delivery-limit", -1));
  amqp_queue_declare(state_, channel, Bytes(queue.name), /*passive=*/0, /*durable=*/1, /*exclusive=*/0,
                     /*auto_delete=*/0, Table(entries));
  return Checked(amqp_get_rpc_reply(state_), channel, "declare a queue");
}

LinkResult<std::uint64_t> Link::Count(Channel channel, const std::string& queue) {
  const amqp_queue_declare_ok_t* found =
      amqp_queue_declare(state_, channel, Bytes(queue), /*passive=*/1, 0, 0, 0, amqp_empty_table);
  if (auto checked = Checked(amqp_get_rpc_reply(state_), channel, "look at a queue"); !checked) {
    return Unexpected(checked.error());
  }
  return found->message_count;
}

LinkResult<> Link::Prefetch(Channel channel, std::uint16_t count) {
  amqp_basic_qos(state_, channel, 0, count, /*global=*/0);
  return Checked(amqp_get_rpc_reply(state_), channel, "set the prefetch count");
}

LinkResult<> Link::Consume(Channel channel, const std::string& queue, const std::string& consumer) {
  amqp_basic_consume(state_, channel, Bytes(queue), Bytes(consumer), /*no_local=*/0, /*no_ack=*/0,
                     /*exclusive=*/0, amqp_empty_table);
  return Checked(amqp_get_rpc_reply(state_), channel, "consume");
}

LinkResult<> Link::Cancel(Channel channel, const std::string& consumer) {
  amqp_basic_cancel(state_, channel, Bytes(consumer));
  return Checked(amqp_get_rpc_reply(state_), channel, "stop consuming");
}

LinkResult<> Link::Publish(Channel channel, const Outgoing& message) {
  amqp_basic_properties_t properties{};
  properties._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG;
  properties.content_type = Bytes("text/plain");
  properties.delivery_mode = kPersistent;
  std::vector<amqp_table_entry_t> headers;
  for (const auto& [key, value] : message.headers) headers.push_back(TextEntry(key, value));
  if (!headers.empty()) {
    properties._flags |= AMQP_BASIC_HEADERS_FLAG;
    properties.headers = Table(headers);
  }
  return Sent(amqp_basic_publish(state_, channel, kDefaultExchange, Bytes(message.queue), /*mandatory=*/1,
                                 /*immediate=*/0, &properties, Bytes(message.body)),
              "publish");
}

LinkResult<> Link::Acknowledge(Channel channel, Tag tag, bool up_to) {
  return Sent(amqp_basic_ack(state_, channel, tag, up_to ? 1 : 0), "acknowledge");
}

LinkResult<> Link::Requeue(Channel channel, Tag tag) {
  return Sent(amqp_basic_nack(state_, channel, tag, /*multiple=*/0, /*requeue=*/1), "give a message back");
}

void Link::Cork(bool on) {
  if (tls_ || fd_ < 0) return;  // a TLS record is a packet of its own anyway
  const int value = on ? 1 : 0;
  (void)::setsockopt(fd_, IPPROTO_TCP, TCP_CORK, &value, sizeof value);
}

int Link::ServerMajor() const {
  const amqp_table_t* properties = amqp_get_server_properties(state_);
  for (int i = 0; properties != nullptr && i < properties->num_entries; ++i) {
    const amqp_table_entry_t& entry = properties->entries[i];
    if (View(entry.key) != "version" || entry.value.kind != AMQP_FIELD_KIND_UTF8) continue;
    const std::string_view version = View(entry.value.value.bytes);
    int major = 0;
    (void)std::from_chars(version.data(), version.data() + version.size(), major);
    return major;
  }
  return 0;
}

void Link::Sever() { (void)::shutdown(fd_, SHUT_RDWR); }

}  // namespace brood::broker::amqp
