#pragma once

#include <cstdint>
#include <string>

#include "base/strong.hpp"

namespace brood::model {

/// SHA-256 of a sample's bytes, 64 lower-case hex digits.
using SampleHash = Strong<struct SampleHashTag, std::string>;
/// One request to have a sample analysed: 32 lower-case hex digits.
using SubmissionId = Strong<struct SubmissionIdTag, std::string>;
/// A task of one sandbox node. Numbers are given again after a wipe: meaningful only with the node and a
/// marker.
using TaskId = Strong<struct TaskIdTag, std::int64_t>;
/// Base URL of a sandbox node without a trailing slash; system A's `CuckooURL`.
using NodeUrl = Strong<struct NodeUrlTag, std::string>;

}  // namespace brood::model
