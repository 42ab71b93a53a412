#pragma once

#include <cstddef>
#include <filesystem>

namespace brood::bench {

/// Writes a made-up report of about `bytes` bytes, shaped as Cuckoo 2.x's: nine tenths are API calls, a
/// thirtieth is text that the filtered document keeps. Compact, which is the harder way. Always the same.
/// Texts are some thousand different ones, or each differs from all others.
enum class Texts { kSomeThousand, kAllDifferent };
void WriteReport(const std::filesystem::path& file, std::size_t bytes, Texts texts = Texts::kSomeThousand);

}  // namespace brood::bench
