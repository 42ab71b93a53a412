// What a link hears.
#include <fmt/format.h>

#include <algorithm>

#include "broker/amqp/link.hpp"
#include "broker/amqp/wire.hpp"

namespace brood::broker::amqp {
namespace {

// What is kept ready for a body before any of it has come; the rest grows as it comes.
constexpr std::uint64_t kMostReserved = std::uint64_t{64} << 20;

template <class T>
const T& As(const void* decoded) {
  return *static_cast<const T*>(decoded);
}

}  // namespace

LinkResult<std::optional<Event>> Link::Next() {
  for (;;) {
    amqp_frame_t frame;
    const timeval now{0, 0};
    const int status = amqp_simple_wait_frame_noblock(state_, &frame, &now);
    if (status == AMQP_STATUS_TIMEOUT) return std::nullopt;
    if (status != AMQP_STATUS_OK) return Unexpected(LostBy(status, "read"));
    auto event = Read(frame);
    amqp_maybe_release_buffers(state_);
    if (!event || *event) return event;
  }
}

bool Link::HasMore() const { return amqp_frames_enqueued(state_) != 0 || amqp_data_in_buffer(state_) != 0; }

LinkResult<std::optional<Event>> Link::Read(const amqp_frame_t& frame) {
  switch (frame.frame_type) {
    case AMQP_FRAME_METHOD:
      return ReadMethod(frame);
    case AMQP_FRAME_HEADER:
      ReadHeader(frame);
      return TakeContentIfWhole();
    case AMQP_FRAME_BODY: {
      const std::string_view part = View(frame.payload.body_fragment);
      if (content_.delivery) content_.delivery->message.body += part;
      content_.missing -= std::min<std::uint64_t>(content_.missing, part.size());
      return TakeContentIfWhole();
    }
    default:
      return std::nullopt;
  }
}

LinkResult<std::optional<Event>> Link::ReadMethod(const amqp_frame_t& frame) {
  const amqp_method_t& method = frame.payload.method;
  switch (method.id) {
    case AMQP_BASIC_DELIVER_METHOD: {
      const auto& deliver = As<amqp_basic_deliver_t>(method.decoded);
      content_ = {};
      content_.delivery.emplace(Delivered{Text(deliver.consumer_tag),
                                          deliver.delivery_tag,
                                          {Text(deliver.routing_key), {}, {}, deliver.redelivered != 0}});
      return std::nullopt;
    }
    case AMQP_BASIC_RETURN_METHOD:
      content_ = {};
      content_.returned.emplace(Returned{Text(As<amqp_basic_return_t>(method.decoded).routing_key)});
      return std::nullopt;
    case AMQP_BASIC_ACK_METHOD: {
      const auto& ack = As<amqp_basic_ack_t>(method.decoded);
      return Confirmed{ack.delivery_tag, ack.multiple != 0};
    }
    case AMQP_BASIC_NACK_METHOD: {
      const auto& nack = As<amqp_basic_nack_t>(method.decoded);
      return Refused{nack.delivery_tag, nack.multiple != 0};
    }
    case AMQP_CONNECTION_BLOCKED_METHOD:
      return Blocked{Text(As<amqp_connection_blocked_t>(method.decoded).reason)};
    case AMQP_CONNECTION_UNBLOCKED_METHOD:
      return Unblocked{};
    case AMQP_BASIC_CANCEL_METHOD:
      return Unexpected(Lost("a queue that we consume was deleted"));
    case AMQP_CHANNEL_CLOSE_METHOD:
    case AMQP_CONNECTION_CLOSE_METHOD:
      return Unexpected(ClosedBy(method.id, method.decoded, frame.channel));
    default:
      return std::nullopt;
  }
}

void Link::ReadHeader(const amqp_frame_t& frame) {
  content_.has_header = true;
  content_.missing = frame.payload.properties.body_size;
  if (!content_.delivery) return;
  content_.delivery->message.headers =
      HeadersFrom(As<amqp_basic_properties_t>(frame.payload.properties.decoded));
  content_.delivery->message.body.reserve(std::min(content_.missing, kMostReserved));
}

std::optional<Event> Link::TakeContentIfWhole() {
  if (!content_.has_header || content_.missing > 0) return std::nullopt;
  Content whole = std::exchange(content_, {});
  if (whole.delivery) return std::move(*whole.delivery);
  if (whole.returned) return std::move(*whole.returned);
  return std::nullopt;
}

LinkError Link::ClosedBy(std::uint32_t method, void* decoded, Channel channel) {
  if (method == AMQP_CHANNEL_CLOSE_METHOD) {
    const auto& close = As<amqp_channel_close_t>(decoded);
    LinkError error{LinkError::Kind::kChannelClosed, close.reply_code, Text(close.reply_text)};
    content_ = {};
    amqp_channel_close_ok_t ok{};
    if (amqp_send_method(state_, channel, AMQP_CHANNEL_CLOSE_OK_METHOD, &ok) == AMQP_STATUS_OK) return error;
    return Lost(error.what);
  }
  if (method == AMQP_CONNECTION_CLOSE_METHOD) {
    const auto& close = As<amqp_connection_close_t>(decoded);
    const int code = close.reply_code;
    std::string why = Text(close.reply_text);
    amqp_connection_close_ok_t ok{};
    (void)amqp_send_method(state_, 0, AMQP_CONNECTION_CLOSE_OK_METHOD, &ok);
    up_ = false;
    return {LinkError::Kind::kLost, code, std::move(why)};
  }
  return Lost("it answered out of turn");
}

}  // namespace brood::broker::amqp
