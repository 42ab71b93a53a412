#pragma once

#include "sqlite/migrate.hpp"

namespace brood::store::sqlite {

/// queue, hashes, sightings, blacklist, whitelist, third_party_blacklist, dead_letters, store_meta.
[[nodiscard]] brood::sqlite::Schema RecordsSchema();
/// cuckoo, cuckoo_documents, cuckoo_document_pieces.
[[nodiscard]] brood::sqlite::Schema ReportsSchema();

}  // namespace brood::store::sqlite
