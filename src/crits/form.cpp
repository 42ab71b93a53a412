#include "crits/form.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "http/url.hpp"

namespace brood::crits {
namespace {

constexpr std::size_t kMaxNameBytes = 255;

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

}  // namespace

std::size_t EncodedSize(std::string_view text) {
  const auto plain = static_cast<std::size_t>(std::ranges::count_if(text, IsPlain));
  return plain + 3 * (text.size() - plain);
}

http::FieldList ServiceFields(const Analysis& analysis, const Update& update) {
  http::FieldList fields = {{"username", analysis.username},
                            {"api_key", analysis.api_key.Reveal()},
                            {"object_type", analysis.object_type},
                            {"object_id", analysis.object_id},
                            {"analysis_id", analysis.analysis_id}};
  if (!update.results.Empty()) {
    fields.emplace_back("result_is_batch", "true");
    fields.emplace_back("result", update.results.results);
    fields.emplace_back("result_type", update.results.types);
    fields.emplace_back("result_subtype", update.results.subtypes);
  }
  if (!update.log.empty()) {
    fields.emplace_back("log_message", Shorten(update.log, kMaxLogBytes));
    fields.emplace_back("log_level", Name(update.level));
  }
  if (update.end) {
    fields.emplace_back("finish", "true");
    fields.emplace_back("status", *update.end == End::kError ? "error" : "completed");
  }
  return fields;
}

http::FieldList SampleFields(const Analysis& analysis) {
  return {{"username", analysis.username},
          {"api_key", analysis.api_key.Reveal()},
          {"source", analysis.source},
          {"upload_type", "file"},
          {"file_format", "raw"}};
}

http::FieldList RelationFields(const std::string& sample_id) {
  return {{"action", "forge_relationship"},
          {"right_type", "Sample"},
          {"right_id", sample_id},
          {"rel_type", "Related To"}};
}

std::string FormFileName(std::string_view name) {
  const std::size_t slash = name.find_last_of("/\\");
  std::string last = MakeUtf8(slash == name.npos ? name : name.substr(slash + 1));
  for (char& c : last) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '"') c = '_';
  }
  if (last.size() > kMaxNameBytes) last = Shorten(last, kMaxNameBytes - std::string_view("…").size());
  return last.empty() ? "unnamed" : last;
}

std::size_t RoomForResults(const Analysis& analysis, std::size_t max_body) {
  if (max_body == 0) return 0;
  Update update;
  update.results.items = 1;
  update.end = End::kCompleted;
  const std::size_t other =
      http::EncodeFields(ServiceFields(analysis, update)).size() + 100 + 3 * (kMaxLogBytes + 3);
  return max_body > other ? max_body - other : 1;
}

}  // namespace brood::crits
