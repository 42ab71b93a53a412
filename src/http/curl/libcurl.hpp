#pragma once

#include <curl/curl.h>

namespace brood::http::curl {

/// The functions of libcurl that this room calls, without their prefix `curl_`.
///
/// The library brings some thirty others with it, which would be half the time and a third of the memory of a
/// command that asks nothing of any server. It is therefore not linked, but loaded when the first client is
/// made.
struct Libcurl {
  decltype(&curl_global_init) global_init;
  decltype(&curl_easy_init) easy_init;
  decltype(&curl_easy_cleanup) easy_cleanup;
  decltype(&curl_easy_reset) easy_reset;
  decltype(&curl_easy_setopt) easy_setopt;
  decltype(&curl_easy_getinfo) easy_getinfo;
  decltype(&curl_easy_strerror) easy_strerror;
  decltype(&curl_multi_init) multi_init;
  decltype(&curl_multi_cleanup) multi_cleanup;
  decltype(&curl_multi_setopt) multi_setopt;
  decltype(&curl_multi_add_handle) multi_add_handle;
  decltype(&curl_multi_remove_handle) multi_remove_handle;
  decltype(&curl_multi_perform) multi_perform;
  decltype(&curl_multi_poll) multi_poll;
  decltype(&curl_multi_wakeup) multi_wakeup;
  decltype(&curl_multi_info_read) multi_info_read;
  decltype(&curl_mime_init) mime_init;
  decltype(&curl_mime_free) mime_free;
  decltype(&curl_mime_addpart) mime_addpart;
  decltype(&curl_mime_name) mime_name;
  decltype(&curl_mime_filename) mime_filename;
  decltype(&curl_mime_filedata) mime_filedata;
  decltype(&curl_mime_data_cb) mime_data_cb;
  decltype(&curl_mime_type) mime_type;
  decltype(&curl_slist_append) slist_append;
  decltype(&curl_slist_free_all) slist_free_all;
};

/// Loads and starts the library of this name, for good. Throws std::runtime_error with the loader's reason.
[[nodiscard]] Libcurl LoadLibcurl(const char* library);

/// Loaded and started by the first call, for good. Throws std::runtime_error with the loader's reason.
/// Thread-safe.
[[nodiscard]] const Libcurl& Curl();

/// Frees by one of the functions.
template <auto kFree>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    (Curl().*kFree)(object);
  }
};

}  // namespace brood::http::curl
