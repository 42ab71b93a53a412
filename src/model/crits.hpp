#pragma once

#include <string>

#include "base/secret.hpp"

namespace brood::model {

/// Whose analysis in CRITs a message belongs to. Present in every message; a submission without CRITs has its
/// own id as `analysis_id` and the rest empty, because the original Go services need the object.
struct CritsData {
  std::string crits_url, analysis_id, object_type, object_id, username;
  Secret api_key;
  std::string md5, source;

  bool operator==(const CritsData&) const = default;
};

}  // namespace brood::model
