#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "http/client.hpp"
#include "transfer/dump.hpp"

namespace brood::transfer {

/// Reads whole indices out of an Elasticsearch (1.x to 7.x) or OpenSearch that may be anybody's, by scrolling.
/// It changes nothing there. One index after the other; for one thread. Source of the calls: Elasticsearch's
/// references for 1.7, 2.4 and 7.17.
class EnginePages {
 public:
  /// `url` as in "http://user:password@10.0.0.1:9200"; the login is sent and never shown.
  EnginePages(http::Client& client, std::string url);

  /// "Elasticsearch 2.4.6", asked first of all. Errors are sentences.
  [[nodiscard]] Expected<std::string, Error> Version();

  struct Progress {
    std::uint64_t done = 0, all = 0;
  };
  /// Every document of the index `prefix` + `index`; false if there is no such index. The place of a bad one is
  /// "index/type/id".
  [[nodiscard]] Expected<bool, Error> Read(const std::string& index, const std::string& prefix,
                                           const OnRecord& on_record, const OnBad& on_bad,
                                           const std::function<void(Progress)>& on_page);

 private:
  struct Page;
  enum class Form { kJson, kPlain };
  Expected<http::Response, Error> Ask(http::Method method, const std::string& path, const std::string& body,
                                      Form form = Form::kJson);
  Expected<Page, Error> PageFrom(const http::Response& answer, const std::string& name) const;
  Expected<Page, Error> Next(const std::string& scroll, const std::string& name);
  void EndScroll(const std::string& scroll);
  [[nodiscard]] bool IsOld() const { return major_ < 2; }

  http::Client& client_;
  std::string url_, shown_, authorization_;
  int major_ = 7;
};

}  // namespace brood::transfer
