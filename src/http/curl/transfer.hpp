#pragma once

#include <array>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "http/client.hpp"
#include "http/curl/curl_client.hpp"
#include "http/curl/libcurl.hpp"

namespace brood::http::curl {

/// An easy handle and the multi that drives it alone: the multi keeps the connections, and can be woken for a
/// stop.
struct Handle {
  Handle();

  std::unique_ptr<CURLM, Freed<&Libcurl::multi_cleanup>> multi;
  std::unique_ptr<CURL, Freed<&Libcurl::easy_cleanup>> easy;
};

/// One request and its answer on one handle. Used once, on one thread.
class Transfer {
 public:
  using Accept = std::function<bool(int status, std::string_view bytes)>;

  /// All arguments must outlive the transfer.
  Transfer(Handle& handle, const CurlSettings& settings, const Request& request, const Accept& accept);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  [[nodiscard]] Expected<Response, HttpError> Run(const std::stop_token& stop);

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  enum class End { kDone, kStopped, kStalled };

  /// What a form part's bytes are read from.
  struct PartBytes {
    std::string_view bytes;
    std::size_t at = 0;
  };

  void SetConnection();
  void SetDeadlines();
  void SetHeaders();
  void SetBody();
  void SetForm();
  void AddPart(const FormPart& part);
  void SetCallbacks();
  template <class T>
  void Set(CURLoption option, T value);

  End Drive(const std::stop_token& stop);
  Millis UntilStall(SteadyTime now);
  CURLcode Result();
  int Status() const;
  Expected<Response, HttpError> Conclude(End end, CURLcode code);
  HttpError Failed(Errc code, std::string_view why) const;
  Errc ErrcFrom(CURLcode code) const;

  static std::size_t OnHeader(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t OnBody(char* data, std::size_t size, std::size_t count, void* self);
  static int OnSend(void* self, char*, char*, int, int);
  static std::size_t OnReadPart(char* to, std::size_t size, std::size_t count, void* part);
  static int OnSeekPart(void* part, curl_off_t offset, int origin);

  Handle& handle_;
  const CurlSettings& settings_;
  const Request& request_;
  const Accept& accept_;
  std::unique_ptr<curl_slist, Freed<&Libcurl::slist_free_all>> headers_;
  std::unique_ptr<curl_mime, Freed<&Libcurl::mime_free>> mime_;
  std::vector<std::unique_ptr<PartBytes>> part_bytes_;
  std::array<char, CURL_ERROR_SIZE> error_text_{};
  Response response_;
  std::exception_ptr thrown_;   // by accept_, to be passed on
  CURLcode set_up_ = CURLE_OK;  // the first option that was refused
  bool refused_ = false;        // accept_ wants no more, or the headers do not end
  std::size_t header_bytes_ = 0;
  int sends_ = 0;  // how often the request began to go out
  curl_off_t moved_ = 0;
  SteadyTime moved_at_;
};

}  // namespace brood::http::curl
