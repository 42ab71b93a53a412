#include "rules/unused_fields.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "rules/compiled_rules.hpp"

namespace brood::rules {
namespace {

/// A field that is there for one key of rules alone; for none, where that is empty.
struct FieldOfKey {
  std::string_view field, key;
};

constexpr auto kFields = std::to_array<FieldOfKey>({
    {"process", "command_line"},
    {"process", "process_name"},
    {"dir_created", "dir_created"},
    {"dir_enumerated", "dir_enumerated"},
    {"dir_removed", "dir_removed"},
    {"file_deleted", "file_deleted"},
    {"file_opened", "file_opened"},
    {"file_read", "file_read"},
    {"file_written", "file_written"},
    {"mutex", "mutex"},
    {"string", "string"},
    {"regkey_deleted", "registry_key_deleted"},
    {"regkey_opened", "registry_key_opened"},
    {"regkey_read", "registry_key_read"},
    {"regkey_written", "registry_key_written"},
    {"signature", "signature_name"},
    {"signature", "signature_severity"},
    {"dll_loaded", ""},
    {"api_call", ""},
    {"parse_notes", ""},
});

}  // namespace

std::vector<std::string_view> UnusedFields(const RuleSet& rules) {
  std::set<std::string_view> keys;
  for (const CompiledType& type : rules.Compiled().types) {
    for (const CompiledKey& key : type.keys) keys.insert(key.key->name);
  }
  std::set<std::string_view> unused, used;
  for (const FieldOfKey& row : kFields) (keys.contains(row.key) ? used : unused).insert(row.field);
  std::vector<std::string_view> fields;
  std::ranges::set_difference(unused, used, std::back_inserter(fields));
  return fields;
}

}  // namespace brood::rules
