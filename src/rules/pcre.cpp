#define PCRE2_CODE_UNIT_WIDTH 8
#include "rules/pcre.hpp"

#include <pcre2.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <ctime>
#include <limits>
#include <mutex>
#include <new>

namespace brood::rules {
namespace {

// PCRE2 counts its steps anew for each place where a match may begin. A long text is therefore searched in
// windows of such places, the fewer the longer the text, so that the time is looked at in between.
constexpr std::size_t kWindowWork = std::size_t{1} << 26;
constexpr std::size_t kSmallestWindow = 16;
constexpr std::size_t kLargestWindow = std::size_t{16} << 10;
constexpr std::size_t kMeasureEvery = std::size_t{32} << 10;  // in units of Cost
constexpr std::size_t kSmallStack = std::size_t{32} << 10;
constexpr std::size_t kLargeStack = std::size_t{8} << 20;

std::chrono::nanoseconds ThreadCpuTime() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

template <auto Function>
struct Call {
  template <class T>
  void operator()(T* pointer) const {
    Function(pointer);
  }
};

using CompileContext = std::unique_ptr<pcre2_compile_context, Call<pcre2_compile_context_free>>;

/// What a search may cost at its dearest, as a number that grows with the text's length and faster: when to
/// look at the clock again is decided by it.
std::size_t Cost(std::size_t bytes) { return 64 + bytes + bytes * bytes / 256; }

PCRE2_SPTR Bytes(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

std::uint32_t CompileOptions(std::uint32_t flags) {
  std::uint32_t options = PCRE2_UTF | PCRE2_ALT_CIRCUMFLEX | PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT;
  if (flags & Pcre::kCaseless) options |= PCRE2_CASELESS;
  if (flags & Pcre::kMultiline) options |= PCRE2_MULTILINE;
  if (flags & Pcre::kDotAll) options |= PCRE2_DOTALL;
  if (!(flags & Pcre::kAscii)) options |= PCRE2_UCP;
  return options;
}

}  // namespace

struct MatchScratch::Memory {
  std::unique_ptr<pcre2_match_data, Call<pcre2_match_data_free>> data{pcre2_match_data_create(1, nullptr)};
  std::unique_ptr<pcre2_match_context, Call<pcre2_match_context_free>> context{
      pcre2_match_context_create(nullptr)};
  std::unique_ptr<pcre2_jit_stack, Call<pcre2_jit_stack_free>> stack{
      pcre2_jit_stack_create(kSmallStack, kLargeStack, nullptr)};
};

MatchScratch::MatchScratch(const Limits& limits) : memory_(std::make_unique<Memory>()), limits_(limits) {
  if (!memory_->data || !memory_->context) throw std::bad_alloc();
  pcre2_set_heap_limit(memory_->context.get(), limits.heap_kib);
  if (memory_->stack) pcre2_jit_stack_assign(memory_->context.get(), nullptr, memory_->stack.get());
  BeginReport();
}

MatchScratch::~MatchScratch() = default;

void MatchScratch::BeginReport() {
  report_ends_ = ThreadCpuTime() + limits_.cpu_per_report;
  unmeasured_ = 0;
  fresh_ = false;
}

void MatchScratch::BeginPattern() {
  if (fresh_) return;
  pattern_ends_ = std::min(ThreadCpuTime() + limits_.cpu_per_pattern, report_ends_);
  fresh_ = true;
}

bool MatchScratch::Spend(std::size_t cost) {
  unmeasured_ += cost;
  if (unmeasured_ < kMeasureEvery) return true;
  unmeasured_ = 0;
  fresh_ = false;
  return ThreadCpuTime() < pattern_ends_;
}

class Pcre::Code {
 public:
  Code(std::string_view text, std::uint32_t flags) : text_(text), flags_(flags) {}

  const std::optional<PcreError>& Compile() {
    std::call_once(compiled_, [this] { CompileOnce(); });
    return error_;
  }
  bool IsCompiled() const { return is_compiled_.load(std::memory_order_relaxed); }

  /// What to match with; null if it cannot be compiled.
  const pcre2_code* Pattern() {
    Compile();
    return pattern_.get();
  }

  /// Most patterns of a large set are never searched for, once Hyperscan has gone before: machine code is made
  /// when it is wanted.
  bool UsesMachineCode() {
    std::call_once(tried_,
                   [this] { machine_code_ = pcre2_jit_compile(pattern_.get(), PCRE2_JIT_COMPLETE) == 0; });
    return machine_code_;
  }

 private:
  void CompileOnce() {
    const CompileContext context(pcre2_compile_context_create(nullptr));
    if (!context) throw std::bad_alloc();
    pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
    int error = 0;
    PCRE2_SIZE offset = 0;
    pattern_.reset(
        pcre2_compile(Bytes(text_), text_.size(), CompileOptions(flags_), &error, &offset, context.get()));
    if (!pattern_) {
      std::array<PCRE2_UCHAR, 256> message{};
      pcre2_get_error_message(error, message.data(), message.size());
      error_ = PcreError{reinterpret_cast<const char*>(message.data()), offset};
    }
    text_ = {};
    is_compiled_.store(true, std::memory_order_relaxed);
  }

  std::string text_;  // until it is compiled
  const std::uint32_t flags_;
  std::once_flag compiled_, tried_;
  std::atomic<bool> is_compiled_{false};
  std::unique_ptr<pcre2_code, Call<pcre2_code_free>> pattern_;
  std::optional<PcreError> error_;
  bool machine_code_ = false;
};

void Pcre::Free::operator()(Code* code) const { delete code; }

std::string PcreVersion() {
  std::array<char, 64> version{}, unicode{};
  pcre2_config(PCRE2_CONFIG_VERSION, version.data());
  pcre2_config(PCRE2_CONFIG_UNICODE_VERSION, unicode.data());
  return std::string(version.data()) + " " + unicode.data();
}

Pcre::Pcre(std::string_view pattern, std::uint32_t flags) : code_(new Code(pattern, flags)) {}

Expected<Pcre, PcreError> Pcre::Compile(std::string_view pattern, std::uint32_t flags) {
  Pcre made(pattern, flags);
  if (auto error = made.Compile()) return Unexpected(std::move(*error));
  return made;
}

std::optional<PcreError> Pcre::Compile() const { return code_->Compile(); }

bool Pcre::IsCompiled() const { return code_->IsCompiled(); }

int Pcre::SearchWindow(std::string_view text, std::size_t from, std::size_t window,
                       MatchScratch::Memory& memory) const {
  const pcre2_code* code = code_->Pattern();
  if (code == nullptr) return PCRE2_ERROR_NOMEMORY;  // PCRE2 takes it: nothing else can be the matter
  pcre2_match_context* context = memory.context.get();
  pcre2_set_offset_limit(context, from + window < text.size() ? from + window : PCRE2_UNSET);
  pcre2_match_data* data = memory.data.get();
  // Where no machine code can be made the interpreter does the same, slower.
  if (code_->UsesMachineCode()) {
    const int result = pcre2_jit_match(code, Bytes(text), text.size(), from, PCRE2_NO_UTF_CHECK, data, context);
    if (result != PCRE2_ERROR_JIT_STACKLIMIT) return result;
  }
  return pcre2_match(code, Bytes(text), text.size(), from, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, data, context);
}

std::vector<std::string_view> Pcre::FindAll(std::string_view text) const {
  std::vector<std::string_view> found;
  const pcre2_code* code = code_->Pattern();
  if (code == nullptr) return found;
  const std::unique_ptr<pcre2_match_data, Call<pcre2_match_data_free>> data(
      pcre2_match_data_create(1, nullptr));
  if (!data) throw std::bad_alloc();
  const PCRE2_SIZE* const bounds = pcre2_get_ovector_pointer(data.get());
  const std::uint32_t options = PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY;
  for (std::size_t from = 0; from < text.size(); from = bounds[1]) {
    if (pcre2_match(code, Bytes(text), text.size(), from, options, data.get(), nullptr) < 0) break;
    found.push_back(text.substr(bounds[0], bounds[1] - bounds[0]));
  }
  return found;
}

Pcre::Outcome Pcre::Search(std::string_view text, MatchScratch& scratch) const {
  const Limits& limits = scratch.limits_;
  if (text.size() > limits.text_bytes) return Outcome::kTooLong;
  const std::uint64_t steps = limits.match_steps + std::uint64_t{limits.match_steps_per_byte} * text.size();
  pcre2_set_match_limit(scratch.memory_->context.get(),
                        static_cast<std::uint32_t>(std::min<std::uint64_t>(steps, UINT32_MAX)));
  const std::size_t window = std::clamp(kWindowWork / (text.size() + 1), kSmallestWindow, kLargestWindow);
  for (std::size_t from = 0;; from += window + 1) {
    while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xC0U) == 0x80) --from;
    if (!scratch.Spend(Cost(text.size()))) return Outcome::kTimeLimit;
    const int result = SearchWindow(text, from, window, *scratch.memory_);
    if (result >= 0) return Outcome::kMatch;
    if (result == PCRE2_ERROR_MATCHLIMIT || result == PCRE2_ERROR_DEPTHLIMIT) return Outcome::kStepLimit;
    // Whatever else goes wrong is lack of memory of some kind; it must never count as "no match".
    if (result != PCRE2_ERROR_NOMATCH) return Outcome::kMemoryLimit;
    if (from + window >= text.size()) return Outcome::kNoMatch;
  }
}

}  // namespace brood::rules
