#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "http/server.hpp"
#include "sandbox/cuckoo/cuckoo_node.hpp"

// For this room's tests: what testdata/README.md describes, and a server that answers with it.
namespace brood::sandbox::cuckoo {

struct Recorded {
  std::string note, call;
  std::string method, path, authorization, file_name, content;
  std::map<std::string, std::string> form;
  enum class Asked { kAsRecorded, kOtherwise } asked = Asked::kAsRecorded;
  int status = 0;
  std::string content_type, body;
  std::string expect;  ///< as Told() tells it
};

/// All exchanges of a file in testdata; throws if one cannot be read.
[[nodiscard]] std::vector<Recorded> ReadRecorded(const std::string& file);

/// Makes the recorded call and tells what came, in the words of `expect`.
[[nodiscard]] std::string Told(CuckooNode& node, const Recorded& recorded);

/// Answers each request with the exchange that is due, as Cuckoo's servers do: HTTP/1.0, closing each time, one
/// connection at a time, silent to Expect.
class ReplayServer {
 public:
  ReplayServer();

  [[nodiscard]] std::string Url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  void SetDue(const Recorded& recorded);
  [[nodiscard]] http::ServerRequest LastRequest() const;

 private:
  http::ServerResponse Answer(const http::ServerRequest& request);

  mutable std::mutex mutex_;
  Recorded due_;
  http::ServerRequest last_;
  std::uint16_t port_ = 0;
  http::Server server_;
};

/// A node at that URL over libcurl, a new connection for each request.
[[nodiscard]] std::unique_ptr<CuckooNode> NodeAt(CuckooSettings settings);

}  // namespace brood::sandbox::cuckoo
