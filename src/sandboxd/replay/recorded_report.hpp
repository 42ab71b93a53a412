#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sandboxd/task.hpp"

namespace brood::sandboxd::replay {

/// A recorded report that can be served as the report of any task: its `info` and `target` are rewritten, the
/// rest goes out as it stands, damaged or not. A document that is no object is served untouched. Thread-safe.
class RecordedReport {
 public:
  explicit RecordedReport(std::string document);
  ~RecordedReport();
  RecordedReport(const RecordedReport&) = delete;
  RecordedReport& operator=(const RecordedReport&) = delete;

  [[nodiscard]] std::shared_ptr<const std::string> For(const Task& task) const;
  [[nodiscard]] std::size_t Size() const { return document_.size(); }

 private:
  struct Templates;
  /// A range of the document, or what stands in place of it.
  struct Piece {
    enum class Kind { kAsItIs, kInfo, kTarget } kind = Kind::kAsItIs;
    std::size_t offset = 0, size = 0;
  };
  void Cut();

  const std::string document_;
  std::string head_;  ///< in place of the document's opening bracket
  std::vector<Piece> pieces_;
  std::unique_ptr<Templates> templates_;
};

}  // namespace brood::sandboxd::replay
