#include "http/curl/transfer.hpp"

#include <algorithm>
#include <new>

#include "base/text.hpp"
#include "http/url.hpp"

namespace brood::http::curl {
namespace {

constexpr Millis kLongestPoll{1'000};
constexpr std::size_t kMaxHeaderBytes = 256 * 1024;

bool MayRepeat(Method method) { return method != Method::kPost && method != Method::kPatch; }

}  // namespace

Handle::Handle() : multi(Curl().multi_init()), easy(Curl().easy_init()) {
  if (!multi || !easy) throw std::bad_alloc();
}

Transfer::Transfer(Handle& handle, const CurlSettings& settings, const Request& request, const Accept& accept)
    : handle_(handle), settings_(settings), request_(request), accept_(accept) {
  SetConnection();
  SetDeadlines();
  SetHeaders();
  SetBody();
  SetCallbacks();
}

Transfer::~Transfer() {
  Curl().multi_remove_handle(handle_.multi.get(), handle_.easy.get());
  Curl().easy_reset(handle_.easy.get());  // it points into this object; connections stay
}

Expected<Response, HttpError> Transfer::Run(const std::stop_token& stop) {
  if (set_up_ != CURLE_OK) return Unexpected(Failed(Errc::kBadRequest, Curl().easy_strerror(set_up_)));
  moved_at_ = std::chrono::steady_clock::now();
  Curl().multi_add_handle(handle_.multi.get(), handle_.easy.get());
  const End end = Drive(stop);
  const CURLcode code = Result();
  if (thrown_) std::rethrow_exception(thrown_);
  return Conclude(end, code);
}

Transfer::End Transfer::Drive(const std::stop_token& stop) {
  CURLM* multi = handle_.multi.get();
  const std::stop_callback wake(stop, [multi] { Curl().multi_wakeup(multi); });
  for (;;) {
    if (stop.stop_requested()) return End::kStopped;
    int running = 0;
    if (Curl().multi_perform(multi, &running) != CURLM_OK || running == 0) return End::kDone;
    const Millis left = UntilStall(std::chrono::steady_clock::now());
    if (left <= Millis{0}) return End::kStalled;
    Curl().multi_poll(multi, nullptr, 0, static_cast<int>(std::min(left, kLongestPoll).count()), nullptr);
  }
}

/// Notes what has moved. Connecting has a deadline of its own.
Millis Transfer::UntilStall(SteadyTime now) {
  curl_off_t up = 0;
  curl_off_t down = 0;
  Curl().easy_getinfo(handle_.easy.get(), CURLINFO_SIZE_UPLOAD_T, &up);
  Curl().easy_getinfo(handle_.easy.get(), CURLINFO_SIZE_DOWNLOAD_T, &down);
  const curl_off_t moved = up + down + static_cast<curl_off_t>(header_bytes_) + sends_;
  if (moved != moved_ || sends_ == 0) {
    moved_ = moved;
    moved_at_ = now;
  }
  if (request_.deadlines.stall == Millis{0}) return kLongestPoll;
  return request_.deadlines.stall - std::chrono::floor<Millis>(now - moved_at_);
}

CURLcode Transfer::Result() {
  int left = 0;
  const CURLMsg* message = Curl().multi_info_read(handle_.multi.get(), &left);
  return message == nullptr ? CURLE_RECV_ERROR : message->data.result;
}

int Transfer::Status() const {
  long status = 0;
  Curl().easy_getinfo(handle_.easy.get(), CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

Expected<Response, HttpError> Transfer::Conclude(End end, CURLcode code) {
  if (end == End::kStopped) return Unexpected(Failed(Errc::kStopped, "stopped"));
  if (end == End::kStalled)
    return Unexpected(Failed(Errc::kTimeout, "no byte moved within the stall deadline"));
  response_.status = Status();
  // A server that refuses an upload half-way answers and closes: the answer counts, not the broken send.
  if (code == CURLE_SEND_ERROR && response_.status >= 400) code = CURLE_OK;
  if (code == CURLE_OK) return std::move(response_);
  if (refused_) return Unexpected(Failed(Errc::kTooLarge, "the answer is larger than allowed"));
  const char* text = error_text_[0] != '\0' ? error_text_.data() : Curl().easy_strerror(code);
  return Unexpected(Failed(ErrcFrom(code), text));
}

HttpError Transfer::Failed(Errc code, std::string_view why) const {
  return {code, std::string(Name(request_.method)) + " " + ShownUrl(request_.url) + ": " + std::string(why),
          sends_ == 0 ? Reached::kNo : Reached::kMaybe};
}

Errc Transfer::ErrcFrom(CURLcode code) const {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      return Errc::kConnect;
    case CURLE_OPERATION_TIMEDOUT:
      return sends_ == 0 ? Errc::kConnect : Errc::kTimeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return Errc::kTls;
    case CURLE_UNSUPPORTED_PROTOCOL:  // also an answer without a status line
    case CURLE_WEIRD_SERVER_REPLY:
      return Errc::kBadAnswer;
    case CURLE_URL_MALFORMAT:
    case CURLE_READ_ERROR:
      return Errc::kBadRequest;
    default:
      return Errc::kClosed;
  }
}

std::size_t Transfer::OnHeader(char* data, std::size_t, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  auto& headers = transfer.response_.headers;
  const std::string_view line(data, count);
  transfer.header_bytes_ += count;
  transfer.refused_ = transfer.header_bytes_ > kMaxHeaderBytes;
  if (transfer.refused_) return CURL_WRITEFUNC_ERROR;
  if (line.starts_with("HTTP/")) headers.clear();  // what came before belongs to a 100 Continue
  if (const auto colon = line.find(':'); colon != line.npos && !line.starts_with("HTTP/")) {
    headers.emplace_back(line.substr(0, colon), TrimAscii(line.substr(colon + 1)));
  }
  return count;
}

std::size_t Transfer::OnBody(char* data, std::size_t, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  try {
    transfer.refused_ = !transfer.accept_(transfer.Status(), {data, count});
  } catch (...) {
    transfer.thrown_ = std::current_exception();
  }
  return transfer.refused_ || transfer.thrown_ ? CURL_WRITEFUNC_ERROR : count;
}

/// libcurl sends a request again by itself when a kept connection turns out dead, although the server may have
/// acted on it before it died. Only what is harmless twice may do so.
int Transfer::OnSend(void* self, char*, char*, int, int) {
  auto& transfer = *static_cast<Transfer*>(self);
  const bool again = transfer.sends_++ > 0;
  return again && !MayRepeat(transfer.request_.method) ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

}  // namespace brood::http::curl
