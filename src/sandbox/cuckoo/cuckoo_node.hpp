#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/gate.hpp"
#include "base/secret.hpp"
#include "http/client.hpp"
#include "sandbox/cuckoo/errors.hpp"
#include "sandbox/sandbox.hpp"

namespace brood::sandbox::cuckoo {

struct CuckooSettings {
  model::NodeUrl url;  ///< http or https, without user, password or query
  Secret token;        ///< sent as "Authorization: Bearer …" to this URL alone; empty: none
  enum class Speak { kAuto, kCuckoo1, kCuckoo2 } dialect = Speak::kAuto;  ///< kAuto: by the version it tells
  int parallel = 1;        ///< requests at once; more than 1 only for servers that can (brood sandbox)
  Millis connect{5'000};   ///< every call
  Millis call{30'000};     ///< everything but uploads and reports; a locked database takes 5 s and more
  Millis upload{300'000};  ///< one submission, answer included
  Millis report_total{1'800'000}, report_stall{60'000};
  std::size_t max_answer = std::size_t{64} << 20;     ///< bytes of one list
  std::uint64_t max_report = std::uint64_t{4} << 30;  ///< bytes of one report
  int look_back = 200;  ///< views of FindByMarker where the lists of a 1.x node are unusable
};

/// A Cuckoo 1.x or 2.x node (2.0.7 and brood sandbox are 2.x). Whether connections are kept is the client's
/// setting: not for Cuckoo itself, which serves nobody else while a connection idles.
///
/// After Submit failed the task may exist all the same unless the code is kUnreachable, kUnauthorized or
/// kRefused: look for its marker, and compare the row's sha256, because 1.2 takes a broken-off upload for a
/// shorter sample. Requests that only ask are repeated once where the connection broke; Submit and Delete
/// never.
class CuckooNode final : public Node {
 public:
  /// Throws std::invalid_argument for a URL that is none or holds more than it may.
  CuckooNode(CuckooSettings settings, std::shared_ptr<http::Client> client);

  const model::NodeUrl& Url() const override { return settings_.url; }
  /// While a kAuto node has not told its version: kCuckoo1, the more careful one.
  Dialect SpokenDialect() const override { return dialect_.load(); }

  Result<model::TaskId> Submit(const Upload& upload, std::stop_token stop) override;
  /// An empty answer is held against the node's status: kServerError if that is not sane. On 1.x a list that is
  /// empty although there are tasks, or that fails, is replaced by views of up to look_back ids, down from the
  /// newest known; the first match alone is returned then, and kUnsearchable if there is none.
  Result<std::vector<TaskRow>> FindByMarker(const std::string& marker, const std::string& owner,
                                            std::stop_token stop) override;
  Result<std::vector<TaskRow>> List(const ListQuery& query, std::stop_token stop) override;
  Result<TaskRow> View(model::TaskId task, std::stop_token stop) override;
  /// kBadAnswer for an empty report (200 and no byte).
  Result<void> Report(model::TaskId task, const ReportSink& sink, std::stop_token stop) override;
  /// A tar.bz2. Cuckoo answers 500 where the task has no folder of dropped files: that is kNotFound.
  Result<void> Dropped(model::TaskId task, std::uint64_t max_bytes, const ReportSink& sink,
                       std::stop_token stop) override;
  Result<void> Delete(model::TaskId task, std::stop_token stop) override;
  Result<NodeStatus> Status(std::stop_token stop) override;

 private:
  using Exchange = std::function<Expected<http::Response, http::HttpError>(const http::Request&)>;

  CallName Name(std::string call, Manner manner) const;
  http::Request Get(const std::string& path) const;
  /// One request through the gate; any answer that is not 2xx is an error.
  Result<http::Response> Perform(const CallName& name, const http::Request& request, const Exchange& exchange,
                                 const std::stop_token& stop);
  Result<http::Response> Ask(const CallName& name, const http::Request& request, const std::stop_token& stop);
  /// The dialect, asking for the version if it is not known yet.
  Result<Dialect> Learn(const std::stop_token& stop);
  void Remember(model::TaskId task);
  Result<std::vector<TaskRow>> LookBack(const std::string& marker, const NodeStatus& status,
                                        const std::stop_token& stop);

  const CuckooSettings settings_;
  const std::shared_ptr<http::Client> client_;
  /// Cuckoo serves one request at a time, and who connects meanwhile only fills its backlog.
  Gate gate_;
  std::atomic<Dialect> dialect_;
  std::atomic<bool> knows_dialect_;
  std::atomic<std::int64_t> newest_{0};  ///< the highest task id seen
};

}  // namespace brood::sandbox::cuckoo
