#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"
#include "sandbox/sandbox.hpp"

namespace brood::sandbox::cuckoo {

// The bodies of Cuckoo's answers, 1.x and 2.x alike. An error says what is wrong and at which path, without the
// node and the call, which the caller knows. Unknown keys are ignored.

/// {"task_id": 17}. `null` is an error: the server could not make the task (its database was locked, a field
/// was not to its liking).
[[nodiscard]] Expected<model::TaskId, std::string> ReadTaskId(std::string_view body);
/// {"tasks": [row, …]}, in the server's order.
[[nodiscard]] Expected<std::vector<TaskRow>, std::string> ReadTasks(std::string_view body);
/// {"task": row}.
[[nodiscard]] Expected<TaskRow, std::string> ReadTask(std::string_view body);
/// {"version", "machines": {…}, "tasks": {…}, "diskspace": {place: {"free", "total"}}}. The last is absent
/// in 1.2.
[[nodiscard]] Expected<NodeStatus, std::string> ReadStatus(std::string_view body);
/// {"status": "OK"}.
[[nodiscard]] Expected<void, std::string> ReadDone(std::string_view body);

/// Bottle's and Flask's error pages come as HTML where JSON is due.
[[nodiscard]] bool IsHtml(std::string_view body);
/// What an error answer says, in at most 200 bytes and "…" where there is more: {"message"} of 2.x, the <pre>
/// or <title> of an HTML page, else the head of the text.
[[nodiscard]] std::string MessageOf(std::string_view body);

}  // namespace brood::sandbox::cuckoo
