#include "model/report_json.hpp"

#include <algorithm>
#include <charconv>
#include <concepts>

#include "base/utf8.hpp"
#include "model/json_cursor.hpp"
#include "model/report_fields.hpp"
#include "model/text_list.hpp"

namespace brood::model {
namespace {

using Kind = JsonCursor::Kind;

template <class T>
concept Described = requires(const T& x) {
  EachField(x, [](std::string_view, const auto&) {});
};

void Append(JsonWriter& out, const std::string& text) { out.Text(text); }

template <class Scalar>
requires std::is_arithmetic_v<Scalar>
void Append(JsonWriter& out, Scalar value) { out.Value(value); }

void Append(JsonWriter& out, const TextList& texts) {
  char before = '[';
  for (const std::string_view text : texts) {
    out.Raw(before);
    before = ',';
    out.Text(text);
  }
  out.Raw(texts.empty() ? "[]" : "]");
}

template <Described T>
void Append(JsonWriter& out, const T& value);

template <class T>
void Append(JsonWriter& out, const std::vector<T>& items) {
  char before = '[';
  for (const T& item : items) {
    out.Raw(before);
    before = ',';
    Append(out, item);
  }
  out.Raw(items.empty() ? "[]" : "]");
}

template <Described T>
void Append(JsonWriter& out, const T& value) {
  std::string_view before = "{\"";
  EachField(value, [&](std::string_view key, const auto& member) {
    out.Raw(before);
    before = ",\"";
    out.Raw(key);
    out.Raw("\":");
    Append(out, member);
  });
  out.Raw('}');
}

std::size_t TextIn(const std::string& text) { return text.size(); }

std::size_t TextIn(const TextList& texts) {
  return texts.text_bytes() + texts.text_bytes() / 8 + 3 * texts.size();
}

template <class Scalar>
requires std::is_arithmetic_v<Scalar> std::size_t TextIn(Scalar) { return 0; }

template <Described T>
std::size_t TextIn(const T& value);

template <class T>
std::size_t TextIn(const std::vector<T>& items) {
  std::size_t size = 0;
  for (const T& item : items) size += TextIn(item);
  return size;
}

template <Described T>
std::size_t TextIn(const T& value) {
  std::size_t size = 0;
  EachField(value, [&](std::string_view key, const auto& member) { size += key.size() + 4 + TextIn(member); });
  return size;
}

/// Reads a document. What went wrong stands in the cursor, where in the path.
class Document {
 public:
  Document(std::string_view text, std::span<const std::string_view> left_out)
      : in_(text), left_out_(left_out) {}

  Expected<Report, Error> Read() {
    Report report;
    ReadWanted(report);
    in_.End();
    if (!in_.failed()) return report;
    return Unexpected(
        Permanent("bad report document", path_.empty() ? in_.what() : path_.substr(1) + ": " + in_.what()));
  }

 private:
  /// False, and said so, where something else comes next.
  bool Comes(Kind kind, std::string_view otherwise) {
    if (in_.Next() == kind) return true;
    in_.Fail(otherwise);
    return false;
  }

  void Read(std::string& to) {
    if (Comes(Kind::kText, "not a string")) to = in_.Text();
  }

  void Read(bool& to) {
    if (Comes(Kind::kBool, "not true or false")) to = in_.Bool();
  }

  template <class Number>
  void Read(Number& to, std::string_view otherwise) {
    if (!Comes(Kind::kNumber, otherwise)) return;
    const std::string_view text = in_.Number();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), to);
    if (error != std::errc{} || end != text.data() + text.size()) in_.Fail(otherwise);
  }
  void Read(std::int64_t& to) { Read(to, "not a whole number"); }
  void Read(double& to) { Read(to, "not a number"); }

  void Read(TextList& to) {
    ReadItems([&] {
      if (Comes(Kind::kText, "not a string")) to.push_back(in_.Text());
    });
  }

  template <class T>
  void Read(std::vector<T>& to) {
    ReadItems([&] { Read(to.emplace_back()); });
  }

  void ReadItems(const auto& read) {
    if (!Comes(Kind::kList, "not a list")) return;
    std::size_t index = 0;
    in_.List([&] {
      read();
      if (in_.failed()) path_.insert(0, "[" + std::to_string(index) + "]");
      ++index;
    });
  }

  template <Described T>
  void Read(T& to) {
    if (!Comes(Kind::kObject, "not an object")) return;
    in_.Object([&](std::string_view key) { ReadMember(to, key); });
  }

  template <Described T>
  void ReadMember(T& to, std::string_view key) {
    bool known = false;
    EachField(to, [&](std::string_view name, auto& member) {
      if (known || name != key) return;
      known = true;
      member = {};  // of equal keys the last one counts
      Read(member);
      if (in_.failed()) path_.insert(0, "." + std::string(name));
    });
    if (!known) in_.Skip();
  }

  void ReadWanted(Report& report) {
    if (!Comes(Kind::kObject, "not an object")) return;
    in_.Object([&](std::string_view key) {
      if (std::ranges::find(left_out_, key) == left_out_.end())
        ReadMember(report, key);
      else
        in_.Pass();
    });
  }

  JsonCursor in_;
  const std::span<const std::string_view> left_out_;
  std::string path_;
};

}  // namespace

std::size_t ExpectedSize(const Report& report) { return 4096 + TextIn(report); }

std::string ToJson(const Report& report) {
  JsonWriter out(ExpectedSize(report));
  Append(out, report);
  return std::move(out).Take();
}

void WriteJson(const Report& report, const JsonWriter::Sink& sink) {
  JsonWriter out(sink);
  Append(out, report);
  out.Flush();
}

Expected<Report, Error> ReportFromJson(std::string_view text) { return ReportFromJson(text, {}); }

Expected<Report, Error> ReportFromJson(std::string_view text, std::span<const std::string_view> left_out) {
  if (!IsUtf8(text)) return Unexpected(Permanent("bad report document", "no UTF-8"));
  return Document(text, left_out).Read();
}

}  // namespace brood::model
