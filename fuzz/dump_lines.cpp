// A dump of records: each line is a record that the store's limits let through, or is bad with a sentence and
// its number; every byte is read.
#include <sstream>
#include <string>
#include <type_traits>

#include "input.hpp"
#include "store/limits.hpp"
#include "transfer/dump.hpp"

namespace brood::fuzz {
namespace {

void MustBeKept(const transfer::Record& record) {
  std::visit(
      [](const auto& one) {
        using T = std::decay_t<decltype(one)>;
        if constexpr (std::is_same_v<T, store::Lists::Feed>) {
          Require(store::CheckFeed(one.category, one.entries, one.source).has_value(), "a list can be kept");
        } else if constexpr (!std::is_same_v<T, transfer::Other> && !std::is_same_v<T, transfer::Waiting>) {
          Require(store::Check(one).has_value(), "a record can be kept");
        }
      },
      record);
}

}  // namespace
}  // namespace brood::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace brood;
  std::istringstream in{std::string(fuzz::AsText(data, size))};
  std::size_t bytes = 0;
  const auto read = transfer::ReadDump(
      in, "",
      [](const transfer::Record& record) {
        fuzz::MustBeKept(record);
        return store::Result<void>();
      },
      [](const std::string& place, const std::string& why) {
        fuzz::Require(!place.empty() && !why.empty(), "a bad line has its number and words");
      },
      [&bytes](std::size_t of_line) { bytes += of_line; });
  fuzz::Require(read.has_value(), "no line ends the reading");
  fuzz::Require(bytes == size, "every byte is read");
  return 0;
}
