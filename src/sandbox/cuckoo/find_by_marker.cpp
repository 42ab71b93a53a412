#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sandbox/cuckoo/cuckoo_node.hpp"

namespace brood::sandbox::cuckoo {
namespace {

/// Ids that others may have taken since we last saw the newest one.
constexpr std::int64_t kAhead = 20;

std::vector<TaskRow> Marked(std::vector<TaskRow> rows, const std::string& marker) {
  std::erase_if(rows, [&marker](const TaskRow& row) { return !row.custom.ends_with(marker); });
  std::sort(rows.begin(), rows.end(), [](const TaskRow& a, const TaskRow& b) { return a.id < b.id; });
  return rows;
}

/// One damaged task makes the whole list fail; a list may be too large to be read.
bool IsTheListsFault(Errc code) { return code == Errc::kServerError || code == Errc::kBadAnswer; }

std::int64_t Tasks(const NodeStatus& status) {
  return status.pending + status.running + status.completed + status.reported;
}

}  // namespace

Result<std::vector<TaskRow>> CuckooNode::FindByMarker(const std::string& marker, const std::string& owner,
                                                      std::stop_token stop) {
  const auto dialect = Learn(stop);
  if (!dialect) return Unexpected(dialect.error());
  const bool is_1 = *dialect == Dialect::kCuckoo1;
  ListQuery query;
  query.owner = owner;
  auto rows = List(query, stop);
  const bool list_fails = !rows && is_1 && IsTheListsFault(rows.error().code);
  if (!rows && !list_fails) return rows;
  const bool list_is_empty = rows && rows->empty();
  if (rows) *rows = Marked(std::move(*rows), marker);
  if (rows && !rows->empty()) return rows;
  const auto status = Status(stop);
  if (!status) return Unexpected(status.error());
  if (!IsSane(*status)) {
    return Unexpected(SandboxError{Errc::kServerError, settings_.url.Get() + ": look for " + marker +
                                                           ": its status is all zero, so is any list"});
  }
  const bool contradicted = is_1 && list_is_empty && Tasks(*status) > 0;
  if (list_fails || contradicted) return LookBack(marker, *status, stop);
  return std::vector<TaskRow>{};
}

Result<std::vector<TaskRow>> CuckooNode::LookBack(const std::string& marker, const NodeStatus& status,
                                                  const std::stop_token& stop) {
  const std::int64_t top = std::max(newest_.load(), Tasks(status)) + kAhead;
  const std::int64_t bottom = std::max<std::int64_t>(1, top - settings_.look_back + 1);
  for (std::int64_t id = top; id >= bottom; --id) {
    auto row = View(model::TaskId{id}, stop);
    if (row && row->custom.ends_with(marker)) return std::vector<TaskRow>{std::move(*row)};
    // One damaged task answers 500; that says nothing of the others.
    const bool next = row || row.error().code == Errc::kNotFound || row.error().code == Errc::kServerError;
    if (!next) return Unexpected(row.error());
  }
  return Unexpected(
      SandboxError{Errc::kUnsearchable,
                   fmt::format("{}: look for {}: its lists are unusable, and it is not among tasks {} to {}",
                               settings_.url.Get(), marker, bottom, top)});
}

}  // namespace brood::sandbox::cuckoo
