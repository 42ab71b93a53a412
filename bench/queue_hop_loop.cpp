#include "queue_hop_loop.hpp"

#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

namespace brood::bench {
namespace {

void Must(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "the loop cannot %s\n", what);
  std::exit(1);
}

void MustReply(amqp_connection_state_t state, const char* what) {
  Must(amqp_get_rpc_reply(state).reply_type == AMQP_RESPONSE_NORMAL, what);
}

amqp_connection_state_t Connect(const LoopAddress& address, std::size_t prefetch) {
  amqp_connection_state_t state = amqp_new_connection();
  Must(amqp_socket_open(amqp_tcp_socket_new(state), address.host, address.port) == AMQP_STATUS_OK, "connect");
  Must(amqp_login(state, address.vhost, 0, 131'072, 0, AMQP_SASL_METHOD_PLAIN, address.user, address.password)
               .reply_type == AMQP_RESPONSE_NORMAL,
       "log in");
  amqp_channel_open(state, 1);
  MustReply(state, "open a channel");
  amqp_confirm_select(state, 1);
  MustReply(state, "turn confirms on");
  amqp_basic_qos(state, 1, 0, static_cast<std::uint16_t>(prefetch), 0);
  MustReply(state, "set the prefetch count");
  amqp_basic_consume(state, 1, amqp_cstring_bytes(kIn), amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
  MustReply(state, "consume");
  return state;
}

struct Counted {
  explicit Counted(int messages) : left(messages), seen(static_cast<std::size_t>(messages) + 1) {}
  void Add(std::uint64_t tag, bool up_to) {
    for (std::uint64_t at = up_to ? first : tag; at <= tag; ++at) {
      if (!seen[at]) --left;
      seen[at] = true;
    }
    if (up_to) first = tag + 1;
  }
  int left;
  std::uint64_t first = 1;  ///< all before it are seen
  std::vector<bool> seen;
};

}  // namespace

void HopInALoop(const LoopAddress& address, std::size_t prefetch, int messages) {
  amqp_connection_state_t state = Connect(address, prefetch);
  amqp_basic_properties_t properties{};
  properties._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG;
  properties.content_type = amqp_cstring_bytes("text/plain");
  properties.delivery_mode = 2;
  std::vector<char> body;
  std::size_t missing = 0;
  // The n-th publish is the n-th delivery's product, so a confirm's number is the number to acknowledge.
  Counted acknowledged(messages);
  while (acknowledged.left > 0) {
    amqp_frame_t frame;
    amqp_maybe_release_buffers(state);
    Must(amqp_simple_wait_frame(state, &frame) == AMQP_STATUS_OK, "read");
    if (frame.frame_type == AMQP_FRAME_METHOD && frame.payload.method.id == AMQP_BASIC_ACK_METHOD) {
      const auto* ack = static_cast<const amqp_basic_ack_t*>(frame.payload.method.decoded);
      Must(amqp_basic_ack(state, 1, ack->delivery_tag, ack->multiple) == AMQP_STATUS_OK, "acknowledge");
      acknowledged.Add(ack->delivery_tag, ack->multiple != 0);
    } else if (frame.frame_type == AMQP_FRAME_HEADER) {
      missing = frame.payload.properties.body_size;
      body.clear();
    } else if (frame.frame_type == AMQP_FRAME_BODY) {
      const auto& part = frame.payload.body_fragment;
      const char* bytes = static_cast<const char*>(part.bytes);
      body.insert(body.end(), bytes, bytes + part.len);
      missing -= part.len;
      if (missing > 0) continue;
      Must(amqp_basic_publish(state, 1, amqp_empty_bytes, amqp_cstring_bytes(kOut), 1, 0, &properties,
                              {body.size(), body.data()}) == AMQP_STATUS_OK,
           "publish");
    } else if (frame.frame_type == AMQP_FRAME_METHOD && frame.payload.method.id != AMQP_BASIC_DELIVER_METHOD) {
      Must(false, "go on: an answer out of turn");
    }
  }
  amqp_connection_close(state, AMQP_REPLY_SUCCESS);
  amqp_destroy_connection(state);
}

}  // namespace brood::bench
