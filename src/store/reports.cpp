#include "store/reports.hpp"

#include <utility>

namespace brood::store {

Result<Moved> Reports::PutInPieces(StoredReport report, const DocumentSource& document) {
  report.document.clear();
  document([&](std::string_view piece) { report.document += piece; });
  return Put({&report, 1}).map([](const std::vector<Moved>& moved) { return moved.front(); });
}

}  // namespace brood::store
