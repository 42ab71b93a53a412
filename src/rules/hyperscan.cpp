#include "rules/hyperscan.hpp"

#include <fmt/format.h>
#include <hs/hs.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <limits>

namespace brood::rules {
namespace {

struct FreeError {
  void operator()(hs_compile_error_t* error) const { hs_free_compile_error(error); }
};
using CompileError = std::unique_ptr<hs_compile_error_t, FreeError>;

// Only whether an expression matches counts, not where or how often. An expression that matches the empty text
// is as good as any.
unsigned HyperscanFlags(const ScanExpression& expression) {
  unsigned flags = HS_FLAG_SINGLEMATCH | HS_FLAG_ALLOWEMPTY;
  if (expression.flags & ScanExpression::kUtf8) flags |= HS_FLAG_UTF8;
  if (expression.flags & ScanExpression::kCaseless) flags |= HS_FLAG_CASELESS;
  if (expression.flags & ScanExpression::kDotAll) flags |= HS_FLAG_DOTALL;
  if (expression.flags & ScanExpression::kPrefilter) flags |= HS_FLAG_PREFILTER;
  return flags;
}

int Note(unsigned id, unsigned long long, unsigned long long, unsigned, void* found) {
  static_cast<std::vector<std::uint32_t>*>(found)->push_back(id);
  return 0;
}

}  // namespace

Expected<ScanFacts, std::string> ExamineExpression(const ScanExpression& expression) {
  hs_expr_info_t* info = nullptr;
  hs_compile_error_t* raw_error = nullptr;
  const auto result =
      hs_expression_info(expression.text.c_str(), HyperscanFlags(expression), &info, &raw_error);
  const CompileError error(raw_error);
  if (result != HS_SUCCESS) return Unexpected(std::string(error ? error->message : "no reason given"));
  const ScanFacts facts{info->min_width};
  std::free(info);  // NOLINT(cppcoreguidelines-no-malloc): Hyperscan's default allocator
  return facts;
}

std::string ScanEngine() {
  hs_platform_info_t platform{};
  if (hs_populate_platform(&platform) != HS_SUCCESS) return hs_version();
  return fmt::format("{} tune {} features {:x}", hs_version(), platform.tune, platform.cpu_features);
}

void ScanScratch::Free::operator()(hs_scratch* scratch) const { hs_free_scratch(scratch); }

bool ScanScratch::Fits(std::uint64_t set, const hs_database* database) {
  if (set == last_) return true;
  last_ = set;
  if (std::find(fits_.begin(), fits_.end(), set) != fits_.end()) return true;
  hs_scratch_t* memory = memory_.release();
  const auto result = hs_alloc_scratch(database, &memory);
  memory_.reset(memory);  // null if Hyperscan has freed it
  if (result != HS_SUCCESS) {
    Forget();
    return false;
  }
  fits_.push_back(set);
  return true;
}

void ScanScratch::Forget() {
  fits_.clear();
  last_ = 0;
}

void ScanSet::Free::operator()(hs_database* database) const { hs_free_database(database); }

ScanSet::ScanSet(hs_database* database) : database_(database) {
  static std::atomic<std::uint64_t> sets{0};
  id_ = ++sets;
}

Expected<ScanSet, ScanSet::Refusal> ScanSet::Compile(std::span<const ScanExpression> expressions) {
  std::vector<const char*> texts;
  std::vector<unsigned> flags, ids;
  for (const ScanExpression& expression : expressions) {
    ids.push_back(static_cast<unsigned>(texts.size()));
    texts.push_back(expression.text.c_str());
    flags.push_back(HyperscanFlags(expression));
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* raw_error = nullptr;
  const auto result =
      hs_compile_multi(texts.data(), flags.data(), ids.data(), static_cast<unsigned>(texts.size()),
                       HS_MODE_BLOCK, nullptr, &database, &raw_error);
  const CompileError error(raw_error);
  if (result == HS_SUCCESS) return ScanSet(database);
  if (!error) return Unexpected(Refusal{"no reason given", std::nullopt});
  Refusal refusal{error->message, std::nullopt};
  if (error->expression >= 0) refusal.index = static_cast<std::size_t>(error->expression);
  return Unexpected(std::move(refusal));
}

std::optional<ScanSet> ScanSet::FromBytes(std::string_view bytes) {
  hs_database_t* database = nullptr;
  if (hs_deserialize_database(bytes.data(), bytes.size(), &database) != HS_SUCCESS) return std::nullopt;
  return ScanSet(database);
}

std::optional<std::string> ScanSet::ToBytes() const {
  char* bytes = nullptr;
  std::size_t size = 0;
  if (hs_serialize_database(database_.get(), &bytes, &size) != HS_SUCCESS) return std::nullopt;
  std::string copy(bytes, size);
  std::free(bytes);  // NOLINT(cppcoreguidelines-no-malloc): Hyperscan's default allocator
  return copy;
}

ScanSet::Outcome ScanSet::Scan(std::string_view text, ScanScratch& scratch,
                               std::vector<std::uint32_t>& found) const {
  if (scratch.failing_ > 0 && scratch.failing_-- > 0) return Outcome::kFailed;
  if (text.size() > std::numeric_limits<unsigned>::max()) return Outcome::kFailed;
  if (!scratch.Fits(id_, database_.get())) return Outcome::kFailed;
  const std::size_t before = found.size();
  // A null pointer is refused, even for no bytes.
  const char* bytes = text.empty() ? "" : text.data();
  const auto result = hs_scan(database_.get(), bytes, static_cast<unsigned>(text.size()), 0,
                              scratch.memory_.get(), Note, &found);
  if (result == HS_SUCCESS) return Outcome::kDone;
  found.resize(before);
  scratch.memory_.reset();  // what an error left in it is not known
  scratch.Forget();
  return Outcome::kFailed;
}

}  // namespace brood::rules
