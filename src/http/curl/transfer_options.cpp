#include <algorithm>
#include <cstring>

#include "http/curl/transfer.hpp"

namespace brood::http::curl {
namespace {

constexpr long kReceiveBuffer = 256 * 1024;
constexpr Millis kNoConnectLimit = std::chrono::hours{24};  // 0 would be libcurl's own five minutes

/// File names come from outside: a line break in one would be a header of the part.
std::string WithoutControls(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, '_');
  return text;
}

}  // namespace

template <class T>
void Transfer::Set(CURLoption option, T value) {
  const CURLcode code = Curl().easy_setopt(handle_.easy.get(), option, value);
  if (set_up_ == CURLE_OK) set_up_ = code;
}

void Transfer::SetConnection() {
  Set(CURLOPT_URL, request_.url.c_str());
  Set(CURLOPT_PROTOCOLS_STR, "http,https");
  Set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  Set(CURLOPT_PATH_AS_IS, 1L);
  Set(CURLOPT_FOLLOWLOCATION, 0L);
  Set(CURLOPT_NOSIGNAL, 1L);
  Set(CURLOPT_QUICK_EXIT, 1L);  // else a stop or a deadline would wait for a name look-up that hangs
  Set(CURLOPT_BUFFERSIZE, kReceiveBuffer);
  Set(CURLOPT_PROXY, settings_.proxy.c_str());  // empty also switches the environment's off
  Set(CURLOPT_NOPROXY, "");
  Set(CURLOPT_USERAGENT, settings_.user_agent.c_str());
  const bool verify = settings_.verify == TlsCheck::kVerify;
  Set(CURLOPT_SSL_VERIFYPEER, verify ? 1L : 0L);
  Set(CURLOPT_SSL_VERIFYHOST, verify ? 2L : 0L);
  if (!settings_.ca_file.empty()) Set(CURLOPT_CAINFO, settings_.ca_file.c_str());
  const bool keep = settings_.keep_alive == KeepAlive::kOn;
  Set(CURLOPT_FORBID_REUSE, keep ? 0L : 1L);
  Set(CURLOPT_FRESH_CONNECT, keep ? 0L : 1L);
  Set(CURLOPT_MAXAGE_CONN,
      static_cast<long>(std::chrono::ceil<std::chrono::seconds>(settings_.keep_idle_for).count()));
}

void Transfer::SetDeadlines() {
  const Deadlines& deadlines = request_.deadlines;
  const Millis connect = deadlines.connect == Millis{0} ? kNoConnectLimit : deadlines.connect;
  Set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect.count()));
  Set(CURLOPT_TIMEOUT_MS, static_cast<long>(deadlines.total.count()));
}

void Transfer::SetHeaders() {
  const auto append = [this](const std::string& line) {
    curl_slist* longer = Curl().slist_append(headers_.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(headers_.release());
    headers_.reset(longer);
  };
  append("Expect:");  // libcurl would wait a second for a 100 that many servers never send
  if (request_.form.empty() && !Find(request_.headers, "Content-Type")) append("Content-Type:");
  for (const auto& [name, value] : request_.headers) {
    append(std::string(name).append(value.empty() ? ";" : ": ").append(value));
  }
  Set(CURLOPT_HTTPHEADER, headers_.get());
}

void Transfer::SetBody() {
  const Method method = request_.method;
  if (!request_.form.empty()) {
    SetForm();
  } else if (!request_.body.empty() || method == Method::kPost || method == Method::kPut ||
             method == Method::kPatch) {
    Set(CURLOPT_POST, 1L);
    Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    Set(CURLOPT_POSTFIELDS, request_.body.data());
  }
  if (method == Method::kHead) Set(CURLOPT_NOBODY, 1L);
  const bool has_own_name = method != Method::kGet && method != Method::kHead && method != Method::kPost;
  const bool get_with_body = method == Method::kGet && (!request_.body.empty() || !request_.form.empty());
  if (has_own_name || get_with_body) Set(CURLOPT_CUSTOMREQUEST, std::string(Name(method)).c_str());
}

void Transfer::SetForm() {
  mime_.reset(Curl().mime_init(handle_.easy.get()));
  if (!mime_) throw std::bad_alloc();
  for (const FormPart& part : request_.form) AddPart(part);
  Set(CURLOPT_MIME_OPTIONS,
      static_cast<long>(CURLMIMEOPT_FORMESCAPE));  // \" in names, as Python and Go read them
  Set(CURLOPT_MIMEPOST, mime_.get());
}

void Transfer::AddPart(const FormPart& part) {
  curl_mimepart* mime = Curl().mime_addpart(mime_.get());
  if (mime == nullptr) throw std::bad_alloc();
  const auto note = [this](CURLcode code) {
    if (set_up_ == CURLE_OK) set_up_ = code;
  };
  note(Curl().mime_name(mime, WithoutControls(part.name).c_str()));
  std::string file_name = part.file_name;
  if (!part.file.empty()) {
    note(Curl().mime_filedata(mime, part.file.c_str()));
    if (file_name.empty()) file_name = part.file.filename().string();
  } else {
    PartBytes& bytes = *part_bytes_.emplace_back(std::make_unique<PartBytes>(PartBytes{part.value}));
    note(Curl().mime_data_cb(mime, static_cast<curl_off_t>(part.value.size()), OnReadPart, OnSeekPart, nullptr,
                             &bytes));
  }
  if (file_name.empty()) return;
  note(Curl().mime_filename(mime, WithoutControls(file_name).c_str()));
  note(Curl().mime_type(mime, "application/octet-stream"));
}

std::size_t Transfer::OnReadPart(char* to, std::size_t size, std::size_t count, void* part) {
  auto& [bytes, at] = *static_cast<PartBytes*>(part);
  const std::size_t length = std::min(size * count, bytes.size() - at);
  std::memcpy(to, bytes.data() + at, length);
  at += length;
  return length;
}

int Transfer::OnSeekPart(void* part, curl_off_t offset, int origin) {
  auto& [bytes, at] = *static_cast<PartBytes*>(part);
  if (origin != SEEK_SET || offset < 0 || static_cast<std::size_t>(offset) > bytes.size())
    return CURL_SEEKFUNC_FAIL;
  at = static_cast<std::size_t>(offset);
  return CURL_SEEKFUNC_OK;
}

void Transfer::SetCallbacks() {
  Set(CURLOPT_ERRORBUFFER, error_text_.data());
  Set(CURLOPT_HEADERFUNCTION, &Transfer::OnHeader);
  Set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  Set(CURLOPT_WRITEFUNCTION, &Transfer::OnBody);
  Set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  Set(CURLOPT_PREREQFUNCTION, &Transfer::OnSend);
  Set(CURLOPT_PREREQDATA, static_cast<void*>(this));
}

}  // namespace brood::http::curl
