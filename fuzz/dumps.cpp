// A dump of another installation. What is taken can be kept; what is not is told in words, with its line.
#include <cstdint>
#include <sstream>
#include <string>
#include <variant>

#include "input.hpp"
#include "store/limits.hpp"
#include "transfer/dump.hpp"

namespace brood::fuzz {
namespace {

struct Kept {
  void operator()(const transfer::Other&) const {}
  void operator()(const transfer::Waiting& waiting) const { Require(!waiting.sha256.Get().empty(), "a sample"); }
  void operator()(const store::HashRecord& record) const {
    Require(record.sha256.Get().size() == 64, "a hash is a SHA-256");
  }
  void operator()(const store::BlacklistEntry& entry) const {
    Require(store::CheckAll(std::span(&entry, 1)).has_value(), "an entry can be kept");
    Require(entry.origin != store::Origin::kRule || !entry.type.empty(), "an entry has a type");
  }
  void operator()(const store::WhitelistEntry& entry) const { Require(!entry.value.empty(), "an entry has a value"); }
  void operator()(const store::Lists::Feed& feed) const { Require(!feed.category.empty(), "a list has a category"); }
};

}  // namespace
}  // namespace brood::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace brood;
  std::istringstream in{std::string(fuzz::AsText(data, size))};
  const auto read = transfer::ReadDump(
      in, "",
      [](const transfer::Record& record) {
        std::visit(fuzz::Kept{}, record);
        return store::Result<void>();
      },
      [](const std::string& place, const std::string& why) {
        fuzz::Require(!place.empty() && !why.empty(), "what is bad has a place and a reason");
      },
      [](std::size_t) {});
  fuzz::Require(read.has_value(), "nothing but the taker ends the reading");
  return 0;
}
