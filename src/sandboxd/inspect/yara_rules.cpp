#include "sandboxd/inspect/yara_rules.hpp"

#include <fmt/format.h>
#include <yara.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>

#include "base/file.hpp"
#include "base/utf8.hpp"

namespace brood::sandboxd::inspect {
namespace {

constexpr int kTimeoutSeconds = 30;
constexpr std::size_t kMaxMarks = 10;

/// libyara counts how often it is started and stopped.
class Library {
 public:
  Library() {
    if (yr_initialize() != ERROR_SUCCESS) throw std::runtime_error("libyara cannot be started");
  }
  ~Library() { yr_finalize(); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

struct DestroyCompiler {
  void operator()(YR_COMPILER* compiler) const { yr_compiler_destroy(compiler); }
};
struct DestroyRules {
  void operator()(YR_RULES* rules) const { yr_rules_destroy(rules); }
};

void NoteProblem(int level, const char*, int line, const YR_RULE*, const char* message, void* problem) {
  auto& first = *static_cast<std::string*>(problem);
  if (level == YARA_ERROR_LEVEL_ERROR && first.empty()) first = fmt::format("line {}: {}", line, message);
}

Expected<void, Error> AddSource(YR_COMPILER* compiler, const std::string& name, const std::string& text) {
  if (text.find('\0') != text.npos)
    return Unexpected(Permanent("cannot use the YARA rules " + name, "NUL byte"));
  std::string problem;
  yr_compiler_set_callback(compiler, NoteProblem, &problem);
  const int errors = yr_compiler_add_string(compiler, text.c_str(), name.c_str());
  yr_compiler_set_callback(compiler, nullptr, nullptr);
  if (errors == 0) return {};
  return Unexpected(Permanent("cannot use the YARA rules " + name, problem));
}

std::vector<std::filesystem::path> FilesBehind(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) return {path};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    const auto extension = entry.path().extension();
    if (entry.is_regular_file() && (extension == ".yar" || extension == ".yara")) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Expected<void, Error> AddFiles(YR_COMPILER* compiler, const std::filesystem::path& path) {
  for (const auto& file : FilesBehind(path)) {
    const auto text = ReadFile(file);
    if (!text) return Unexpected(text.error());
    if (auto added = AddSource(compiler, file.string(), *text); !added) return added;
  }
  return {};
}

std::string TextMeta(YR_RULE* rule, std::string_view name) {
  YR_META* meta = nullptr;
  yr_rule_metas_foreach(rule, meta) {
    if (meta->type == META_TYPE_STRING && name == meta->identifier) return MakeUtf8(meta->string);
  }
  return {};
}

int SeverityMeta(YR_RULE* rule) {
  YR_META* meta = nullptr;
  yr_rule_metas_foreach(rule, meta) {
    if (meta->type == META_TYPE_INTEGER && std::string_view("severity") == meta->identifier) {
      return static_cast<int>(std::clamp<std::int64_t>(meta->integer, 1, 5));
    }
  }
  return 1;
}

/// libyara packs its matches without regard to alignment: they are copied out, never looked at in place.
std::optional<YR_MATCH> CopyMatch(const void* match) {
  if (match == nullptr) return std::nullopt;
  YR_MATCH copy;
  std::memcpy(&copy, match, sizeof copy);
  return copy;
}

Signature ToSignature(YR_SCAN_CONTEXT* context, YR_RULE* rule) {
  Signature signature{rule->identifier, TextMeta(rule, "description"), SeverityMeta(rule), {}};
  YR_STRING* string = nullptr;
  yr_rule_strings_foreach(rule, string) {
    auto match = CopyMatch(context->matches[string->idx].head);
    for (; match && signature.marks.size() < kMaxMarks; match = CopyMatch(match->next)) {
      if (match->is_private) continue;
      signature.marks.push_back({string->identifier, static_cast<std::uint64_t>(match->base + match->offset)});
    }
  }
  return signature;
}

int OnScan(YR_SCAN_CONTEXT* context, int message, void* data, void* found) {
  if (message == CALLBACK_MSG_RULE_MATCHING) {
    auto* const rule = static_cast<YR_RULE*>(data);
    static_cast<std::vector<Signature>*>(found)->push_back(ToSignature(context, rule));
  }
  return CALLBACK_CONTINUE;
}

}  // namespace

class YaraRules::Compiled {
 public:
  Expected<void, Error> Load(const std::vector<std::filesystem::path>& files);
  const YR_RULES& Rules() const { return *rules_; }
  YR_RULES* Handle() const { return rules_.get(); }

 private:
  Library library_;  // outlives the rules
  std::unique_ptr<YR_RULES, DestroyRules> rules_;
};

Expected<void, Error> YaraRules::Compiled::Load(const std::vector<std::filesystem::path>& files) {
  YR_COMPILER* created = nullptr;
  if (yr_compiler_create(&created) != ERROR_SUCCESS) throw std::bad_alloc();
  const std::unique_ptr<YR_COMPILER, DestroyCompiler> compiler(created);
  yr_compiler_set_include_callback(compiler.get(), nullptr, nullptr, nullptr);
  for (const YaraSource& source : ShippedYaraRules()) {
    auto added = AddSource(compiler.get(), std::string(source.name), std::string(source.text));
    if (!added) return added;
  }
  for (const auto& file : files) {
    if (auto added = AddFiles(compiler.get(), file); !added) return added;
  }
  YR_RULES* rules = nullptr;
  if (yr_compiler_get_rules(compiler.get(), &rules) != ERROR_SUCCESS) throw std::bad_alloc();
  rules_.reset(rules);
  return {};
}

YaraRules::YaraRules(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
YaraRules::YaraRules(YaraRules&&) noexcept = default;
YaraRules& YaraRules::operator=(YaraRules&&) noexcept = default;
YaraRules::~YaraRules() = default;

Expected<YaraRules, Error> YaraRules::Load(const std::vector<std::filesystem::path>& files) {
  auto compiled = std::make_unique<Compiled>();
  if (auto loaded = compiled->Load(files); !loaded) return Unexpected(loaded.error());
  return YaraRules(std::move(compiled));
}

std::size_t YaraRules::Count() const { return compiled_->Rules().num_rules; }

Expected<std::vector<Signature>, Error> YaraRules::Match(std::string_view bytes) const {
  std::vector<Signature> found;
  // Without YARA's signal handlers: the bytes are in memory, not in a mapped file that may shrink.
  const int result = yr_rules_scan_mem(compiled_->Handle(), reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                       bytes.size(), SCAN_FLAGS_NO_TRYCATCH | SCAN_FLAGS_REPORT_RULES_MATCHING,
                                       OnScan, &found, kTimeoutSeconds);
  if (result == ERROR_SUCCESS) return found;
  return Unexpected(Permanent("YARA gave up on the file", fmt::format("error {}", result)));
}

}  // namespace brood::sandboxd::inspect
