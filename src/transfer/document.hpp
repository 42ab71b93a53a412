#pragma once

#include <string>
#include <string_view>
#include <variant>

#include <boost/json/object.hpp>

#include "base/expected.hpp"
#include "store/store.hpp"

namespace brood::transfer {

/// A document of an index whose records are not taken (cuckoo, anybody else's), or brood's own bookkeeping.
struct Other {
  std::string index;
};

/// A sample whose task the original has not fetched yet: no report of it is there.
struct Waiting {
  model::SampleHash sha256;
};

/// One record of an installation. A Feed from the original is one entry of its list, for there each entry is a
/// document of its own.
using Record = std::variant<Other, Waiting, store::HashRecord, store::BlacklistEntry, store::WhitelistEntry,
                            store::Lists::Feed>;

/// The record in a document of the shape that Elasticsearch answers with and that elasticdump writes,
/// {"_index", "_type", "_id", "_source"}. The original's, where `_type` tells what it is, and brood's own
/// typeless ones, where the field `type` does. Values get the form in which brood looks them up. `prefix`
/// stands in front of the indices' names. The error is a sentence that names the field.
///
/// Sources: the original's es-mappings and what its programs write (ESManager, ThirdPartyBlacklist).
[[nodiscard]] Expected<Record, std::string> RecordFrom(const boost::json::object& document,
                                                       std::string_view prefix = {});

}  // namespace brood::transfer
