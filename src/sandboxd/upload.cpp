#include "sandboxd/upload.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "http/multipart.hpp"
#include "http/url.hpp"

namespace brood::sandboxd {
namespace {

constexpr std::size_t kLongestName = 255;  // bytes that a file system takes
constexpr std::size_t kLongestName1 = 100;

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// The form's fields by name, whatever they came in.
class Form {
 public:
  explicit Form(const std::vector<http::MultipartPart>& parts) {
    for (const auto& part : parts) {
      if (!part.file_name) fields_.emplace_back(part.name, MakeUtf8(part.data));
    }
  }
  explicit Form(http::FieldList fields) : fields_(std::move(fields)) {
    for (auto& field : fields_) field.second = MakeUtf8(field.second);
  }

  std::string Text(std::string_view name) const {
    return std::string(http::FindField(fields_, name).value_or(""));
  }
  bool Has(std::string_view name) const { return http::FindField(fields_, name).has_value(); }

 private:
  http::FieldList fields_;
};

/// 2.0.7 parses its flags and falls over what it does not know; for 1.2 any text is true.
std::optional<bool> FlagFrom(Persona persona, const Form& form, std::string_view name) {
  if (!form.Has(name)) return false;
  const std::string text = form.Text(name);
  if (persona == Persona::kCuckoo1) return !text.empty();
  const std::string word = LowerAscii(text);
  if (word == "1" || word == "true" || word == "yes" || word == "on") return true;
  if (word == "0" || word == "false" || word == "no" || word == "off") return false;
  return std::nullopt;
}

/// "MM-DD-YYYY HH:MM:SS"; anything else silently means now.
std::optional<Time> ClockFrom(const std::string& text) {
  int month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0, end = 0;
  const int read = std::sscanf(text.c_str(), "%2d-%2d-%4d %2d:%2d:%2d%n", &month, &day, &year, &hour, &minute,
                               &second, &end);
  if (read != 6 || static_cast<std::size_t>(end) != text.size()) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return std::nullopt;
  return Time{std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
              std::chrono::seconds{second}};
}

std::vector<std::string> TagsFrom(std::string_view text) {
  std::vector<std::string> tags;
  for (const std::string_view tag : Split(text, ',')) {
    const std::string_view trimmed = TrimAscii(tag);
    if (!trimmed.empty()) tags.emplace_back(trimmed);
  }
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  return tags;
}

Expected<Upload, UploadProblem> ReadFields(Persona persona, const Form& form) {
  const auto memory = FlagFrom(persona, form, "memory");
  const auto enforce_timeout = FlagFrom(persona, form, "enforce_timeout");
  const auto unique = FlagFrom(persona, form, "unique");
  if (!memory || !enforce_timeout || !unique) return Unexpected(UploadProblem::kBadField);
  Upload upload;
  TaskRequest& request = upload.request;
  request.custom = form.Text("custom");
  if (persona != Persona::kCuckoo1) request.owner = form.Text("owner");
  request.package = form.Text("package");
  request.machine = form.Text("machine");
  request.platform = form.Text("platform");
  request.options = form.Text("options");
  request.tags = TagsFrom(form.Text("tags"));
  request.timeout = form.Text("timeout");
  request.priority = form.Text("priority");
  request.memory = *memory;
  request.enforce_timeout = *enforce_timeout;
  request.clock = ClockFrom(form.Text("clock"));
  upload.unique = *unique && persona != Persona::kCuckoo1;
  for (const char* flag : {"memory", "enforce_timeout"}) {
    upload.has_empty_flag = upload.has_empty_flag || (form.Has(flag) && form.Text(flag).empty());
  }
  return upload;
}

std::string_view ContentType(const http::ServerRequest& request) {
  return http::Find(request.headers, "Content-Type").value_or("");
}

/// Bottle: letters, digits and "-_." stay, runs of blanks and dashes become one dash.
std::string BottleName(std::string_view name) {
  std::string kept;
  for (const char c : name) {
    const bool is_word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (is_word || c == '_' || c == '.') {
      kept += c;
    } else if ((c == ' ' || c == '-' || c == '\t') && !kept.ends_with('-')) {
      kept += '-';
    }
  }
  const auto first = kept.find_first_not_of(".-"), last = kept.find_last_not_of(".-");
  return first == kept.npos ? "empty" : kept.substr(first, std::min(last + 1 - first, kLongestName1));
}

}  // namespace

std::optional<std::string> FileNameFrom(Persona persona, std::string_view sent) {
  const auto separator = sent.find_last_of("/\\");
  const std::string_view last = separator == sent.npos ? sent : sent.substr(separator + 1);
  if (persona == Persona::kCuckoo1) return BottleName(last);
  const bool is_name = !last.empty() && last != "." && last != ".." && last.find('\0') == last.npos;
  if (!is_name || last.size() > kLongestName) return std::nullopt;
  return MakeUtf8(last);
}

Expected<Upload, UploadProblem> ReadFileUpload(Persona persona, const http::ServerRequest& request) {
  const auto parts = http::ParseMultipart(ContentType(request), request.body);
  const http::MultipartPart* const file = parts ? http::FindPart(*parts, "file") : nullptr;
  if (file == nullptr || !file->file_name) return Unexpected(UploadProblem::kNoFile);
  auto upload = ReadFields(persona, Form(*parts));
  auto name = FileNameFrom(persona, *file->file_name);
  if (!upload || !name) return Unexpected(UploadProblem::kBadField);
  upload->request.target = std::move(*name);
  upload->content = file->data;
  return upload;
}

Expected<Upload, UploadProblem> ReadUrlUpload(Persona persona, const http::ServerRequest& request) {
  const auto parts = http::ParseMultipart(ContentType(request), request.body);
  const Form form = parts ? Form(*parts) : Form(http::ParseFields(request.body).value_or(http::FieldList{}));
  auto upload = ReadFields(persona, form);
  if (!upload) return upload;
  upload->request.category = TaskRequest::Category::kUrl;
  upload->request.target = form.Text("url");
  return upload;
}

bool IsRefusedSilently(Persona persona, const Upload& upload) {
  if (persona != Persona::kCuckoo1) return false;
  return upload.has_empty_flag || !IsAscii(upload.request.custom) || !IsAscii(upload.request.options);
}

}  // namespace brood::sandboxd
