#include "http/multipart.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "http/message.hpp"

namespace brood::http {
namespace {

using PartsOr = Expected<std::vector<MultipartPart>, std::string>;

constexpr std::size_t kMaxBoundary = 200;  // RFC 2046 says 70; some clients take more

/// A value in quotes; `text` begins after the first quote and is left after the last. Only \" and \\ are
/// escapes: some clients send "C:\file" as it is.
std::optional<std::string> ReadQuoted(std::string_view& text) {
  std::string value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return value;
    }
    const bool escape = text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\');
    if (escape) ++i;
    value += text[i];
  }
  return std::nullopt;
}

/// `form-data; name="a"; filename="b"` → ("", "form-data"), ("name", "a"), ("filename", "b"). Names in lower
/// case.
std::optional<FieldList> ReadParameters(std::string_view text) {
  const auto end = std::min(text.find(';'), text.size());
  FieldList parameters{{"", LowerAscii(TrimAscii(text.substr(0, end)))}};
  text.remove_prefix(end);
  while (!(text = TrimAscii(text)).empty()) {
    if (text.front() != ';') return std::nullopt;
    text = TrimAscii(text.substr(1));
    if (text.empty()) break;
    const auto equals = text.find('=');
    if (equals == text.npos) return std::nullopt;
    std::string name = LowerAscii(TrimAscii(text.substr(0, equals)));
    text = TrimAscii(text.substr(equals + 1));
    if (text.starts_with('"')) {
      text.remove_prefix(1);
      auto value = ReadQuoted(text);
      if (!value) return std::nullopt;
      parameters.emplace_back(std::move(name), std::move(*value));
    } else {
      const auto stop = std::min(text.find(';'), text.size());
      parameters.emplace_back(std::move(name), TrimAscii(text.substr(0, stop)));
      text.remove_prefix(stop);
    }
  }
  return parameters;
}

Expected<std::string, std::string> Boundary(std::string_view content_type) {
  const auto parameters = ReadParameters(content_type);
  if (!parameters || parameters->front().second != "multipart/form-data") {
    return Unexpected(std::string("the body is no multipart/form-data"));
  }
  const auto boundary = FindField(*parameters, "boundary");
  const bool usable = boundary && !boundary->empty() && boundary->size() <= kMaxBoundary &&
                      std::ranges::all_of(*boundary, [](char c) { return c >= ' ' && c < '\x7f'; });
  if (!usable) return Unexpected(std::string("the multipart boundary is missing or malformed"));
  return std::string(*boundary);
}

Expected<void, std::string> ReadHeaderLine(std::string_view line, MultipartPart& part) {
  const auto colon = line.find(':');
  if (colon == line.npos) return Unexpected(std::string("a part's header line has no colon"));
  const std::string name = LowerAscii(line.substr(0, colon));
  const std::string_view value = TrimAscii(line.substr(colon + 1));
  if (name == "content-type") part.content_type = value;
  if (name == "content-transfer-encoding") {
    const std::string encoding = LowerAscii(value);
    if (encoding != "binary" && encoding != "8bit" && encoding != "7bit") {
      return Unexpected(std::string("a part has a transfer encoding, which RFC 7578 does not allow"));
    }
  }
  if (name != "content-disposition") return {};
  const auto parameters = ReadParameters(value);
  const auto field = parameters ? FindField(*parameters, "name") : std::nullopt;
  if (!field || field->empty() || parameters->front().second != "form-data") {
    return Unexpected(std::string("a part's Content-Disposition is no form-data with a name"));
  }
  part.name = *field;
  if (const auto file = FindField(*parameters, "filename")) part.file_name = std::string(*file);
  return {};
}

/// Cuts `text` up to the next CRLF out of it; nothing if there is none.
std::optional<std::string_view> TakeLine(std::string_view& text) {
  const auto end = text.find("\r\n");
  if (end == text.npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 2);
  return line;
}

/// Reads the header lines and their empty end; `rest` is left at the part's data.
Expected<void, std::string> ReadHeader(std::string_view& rest, MultipartPart& part, std::size_t max_header) {
  std::string_view header = rest.substr(0, max_header);
  for (;;) {
    const auto line = TakeLine(header);
    if (!line) return Unexpected(std::string("a part's header does not end or is too long"));
    if (line->empty()) break;
    if (auto read = ReadHeaderLine(*line, part); !read) return read;
  }
  if (part.name.empty()) return Unexpected(std::string("a part has no Content-Disposition"));
  rest.remove_prefix(static_cast<std::size_t>(header.data() - rest.data()));
  return {};
}

enum class After { kPart, kEnd, kNoDelimiter };

/// What follows a delimiter: "--" ends the body, blanks and a line end begin a part; else it was none.
After ReadDelimiterEnd(std::string_view& rest) {
  if (rest.starts_with("--")) return After::kEnd;
  const auto padding = std::min(rest.find_first_not_of(" \t"), rest.size());
  if (rest.substr(padding, 2) != "\r\n") return After::kNoDelimiter;
  rest.remove_prefix(padding + 2);
  return After::kPart;
}

/// The part's data up to the next delimiter; `rest` is left after it.
Expected<After, std::string> ReadData(std::string_view& rest, std::string_view delimiter, MultipartPart& part) {
  for (std::size_t from = 0;;) {
    const auto found = rest.find(delimiter, from);
    if (found == rest.npos)
      return Unexpected(std::string("the multipart body ends without its closing boundary"));
    std::string_view behind = rest.substr(found + delimiter.size());
    const After after = ReadDelimiterEnd(behind);
    if (after != After::kNoDelimiter) {
      part.data = rest.substr(0, found);
      rest = behind;
      return after;
    }
    from = found + 2;
  }
}

}  // namespace

PartsOr ParseMultipart(std::string_view content_type, std::string_view body, const MultipartLimits& limits) {
  const auto boundary = Boundary(content_type);
  if (!boundary) return Unexpected(boundary.error());
  const std::string delimiter = "\r\n--" + *boundary;
  std::string_view rest = body;
  if (rest.starts_with("\r\n")) rest.remove_prefix(2);
  if (!rest.starts_with(std::string_view(delimiter).substr(2))) {
    return Unexpected(std::string("the multipart body does not begin with its boundary"));
  }
  rest.remove_prefix(delimiter.size() - 2);
  After after = ReadDelimiterEnd(rest);
  if (after == After::kNoDelimiter) return Unexpected(std::string("the first boundary's line goes on"));
  std::vector<MultipartPart> parts;
  while (after == After::kPart) {
    if (parts.size() == limits.max_parts)
      return Unexpected(std::string("the multipart body has too many parts"));
    MultipartPart& part = parts.emplace_back();
    if (auto header = ReadHeader(rest, part, limits.max_part_header); !header)
      return Unexpected(header.error());
    auto data = ReadData(rest, delimiter, part);
    if (!data) return Unexpected(data.error());
    after = *data;
  }
  return parts;
}

const MultipartPart* FindPart(const std::vector<MultipartPart>& parts, std::string_view name) {
  const auto found = std::ranges::find(parts, name, &MultipartPart::name);
  return found == parts.end() ? nullptr : &*found;
}

}  // namespace brood::http
