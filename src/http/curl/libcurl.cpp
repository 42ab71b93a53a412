#include "http/curl/libcurl.hpp"

#include <dlfcn.h>

#include <stdexcept>
#include <string>

namespace brood::http::curl {
namespace {

std::runtime_error CannotLoad() {
  const char* why = ::dlerror();
  return std::runtime_error(std::string("libcurl cannot be loaded: ") +
                            (why != nullptr ? why : "no reason given"));
}

/// Finds functions by their names.
class Loader {
 public:
  explicit Loader(const char* library) : library_(::dlopen(library, RTLD_NOW | RTLD_LOCAL)) {
    if (library_ == nullptr) throw CannotLoad();
  }

  template <class Function>
  void Find(const char* name, Function& function) const {
    function = reinterpret_cast<Function>(::dlsym(library_, name));
    if (function == nullptr) throw CannotLoad();
  }

 private:
  void* library_;  // stays loaded
};

}  // namespace

Libcurl LoadLibcurl(const char* library) {
  const Loader loader(library);
  Libcurl curl{};
  loader.Find("curl_global_init", curl.global_init);
  loader.Find("curl_easy_init", curl.easy_init);
  loader.Find("curl_easy_cleanup", curl.easy_cleanup);
  loader.Find("curl_easy_reset", curl.easy_reset);
  loader.Find("curl_easy_setopt", curl.easy_setopt);
  loader.Find("curl_easy_getinfo", curl.easy_getinfo);
  loader.Find("curl_easy_strerror", curl.easy_strerror);
  loader.Find("curl_multi_init", curl.multi_init);
  loader.Find("curl_multi_cleanup", curl.multi_cleanup);
  loader.Find("curl_multi_setopt", curl.multi_setopt);
  loader.Find("curl_multi_add_handle", curl.multi_add_handle);
  loader.Find("curl_multi_remove_handle", curl.multi_remove_handle);
  loader.Find("curl_multi_perform", curl.multi_perform);
  loader.Find("curl_multi_poll", curl.multi_poll);
  loader.Find("curl_multi_wakeup", curl.multi_wakeup);
  loader.Find("curl_multi_info_read", curl.multi_info_read);
  loader.Find("curl_mime_init", curl.mime_init);
  loader.Find("curl_mime_free", curl.mime_free);
  loader.Find("curl_mime_addpart", curl.mime_addpart);
  loader.Find("curl_mime_name", curl.mime_name);
  loader.Find("curl_mime_filename", curl.mime_filename);
  loader.Find("curl_mime_filedata", curl.mime_filedata);
  loader.Find("curl_mime_data_cb", curl.mime_data_cb);
  loader.Find("curl_mime_type", curl.mime_type);
  loader.Find("curl_slist_append", curl.slist_append);
  loader.Find("curl_slist_free_all", curl.slist_free_all);
  if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw std::runtime_error("libcurl cannot start");
  return curl;
}

const Libcurl& Curl() {
  static const Libcurl loaded = LoadLibcurl("libcurl.so.4");  // its interface since 2006
  return loaded;
}

}  // namespace brood::http::curl
