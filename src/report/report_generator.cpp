#include "report/report_generator.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace brood::report {

std::string ReportGenerator::Blank() {
  if (!OneIn(4)) return "";
  return OneIn(20) ? std::string(Below(150), ' ') : Pick<const char*>({" ", "\n", "\t", "\r\n", "\n    "});
}

std::string ReportGenerator::Quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    std::array<char, 8> unicode{};
    std::snprintf(unicode.data(), unicode.size(), "\\u%04x", byte);
    if (std::any_of(kQuirks.begin(), kQuirks.end(), [c](const Quirk& quirk) { return quirk.mark == c; }))
      out += c;
    else if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (c == '/' && OneIn(2))
      out += "\\/";
    else if (byte < 0x20 || (byte < 0x80 && OneIn(40)))
      out += unicode.data();
    else
      out += c;
  }
  return out + "\"";
}

std::string ReportGenerator::Key(std::string_view key) {
  const bool plain =
      std::all_of(key.begin(), key.end(), [](char c) { return c > '\x1F' && c != '"' && c != '\\'; });
  // A call's key is always written plainly.
  return key == "api" || (plain && !OneIn(10)) ? "\"" + std::string(key) + "\"" : Quote(key);
}

std::string ReportGenerator::Words() {
  static constexpr const char* kWords[] = {"api",
                                           "ab\"",
                                           "\\",
                                           "\\\\",
                                           "C:\\Users\\a",
                                           "{",
                                           "}",
                                           "[",
                                           "]",
                                           ",",
                                           ":",
                                           "info",
                                           "é",
                                           "€",
                                           "\xF0\x9F\x98\x80",
                                           "HKEY_LOCAL_MACHINE\\Software",
                                           "NtClose",
                                           "x",
                                           "\n",
                                           "\x01",
                                           "10.0.0.1",
                                           "/index.html",
                                           "",
                                           "true",
                                           "null"};
  std::string words;
  for (std::uint32_t left = Below(OneIn(30) ? 60 : 4) + 1; left > 0; --left) words += Pick(kWords);
  if (OneIn(50)) words.push_back('\0');
  // The letter keeps two halves of a pair, or a byte and what would complete it, apart.
  if (kind_ == Kind::kQuirky && OneIn(8)) words += {kQuirks[2 + Below(kQuirks.size() - 2)].mark, 'x'};
  return words;
}

std::string ReportGenerator::Text() {
  if (kind_ == Kind::kQuirky && OneIn(25)) return {in_call_ ? kAnyValue : kNoValue};
  if (OneIn(12)) return Junk(2);
  if (OneIn(12))
    return Pick<const char*>({"7", "-1", "2.5", "9007199254740993", "18446744073709551615", "0.125"});
  if (OneIn(60))
    return std::string("\"") +
           Pick<const char*>({"\\ud83d\\ude00", "\\u20ac", "\\n\\\\\\\"", "\\uD834\\uDD1E"}) + "\"";
  return Quote(Words());
}

std::string ReportGenerator::Whole() {
  if (OneIn(10)) return Junk(1);
  return Pick<const char*>({"0", "1", "80", "443", "65535", "-1", "8.0", "1e3", "2.5", "9223372036854775807"});
}

std::string ReportGenerator::Date() {
  return OneIn(5)
             ? Junk(1)
             : Pick<const char*>({"1501027348.929353", "1501027348", R"("2017-05-22 10:38:36")", R"("none")",
                                  R"("2021-07-07T16:01:11.028462")", "null", R"("")", "1e300"});
}

std::string ReportGenerator::Junk(int depth) {
  switch (Below(depth > 0 ? 9 : 6)) {
    case 0:
      return "null";
    case 1:
      return OneIn(2) ? "true" : "false";
    case 2:
      return "17";
    case 3:
      return "-0.5";
    case 4:
      return Quote(Words());
    case 5:
      return Pick<const char*>({"[]", "{}", "[[]]", R"({"a":{}})"});
    case 6:
      return "[" + Junk(depth - 1) + Blank() + "," + Blank() + Junk(depth - 1) + "]";
    case 7:
      return "{" + Blank() + R"("api":)" + Junk(depth - 1) + R"(,"name":)" + Junk(depth - 1) + "}";
    default:
      return Nest();
  }
}

std::string ReportGenerator::Nest() {
  const std::uint32_t depth = Below(OneIn(5) ? 300 : 10) + 1;
  std::string open, close;
  for (std::uint32_t i = 0; i < depth; ++i) {
    const bool list = OneIn(2);
    open += list ? "[" : R"({"]}":)";
    close.insert(0, list ? "]" : "}");
  }
  return open + "1" + close;
}

std::string ReportGenerator::Object(Members members) {
  for (std::uint32_t extra = Below(3); extra > 0; --extra) members.emplace_back(Words() + "_", Junk(3));
  for (std::size_t i = members.size(); i > 0; --i) {
    if (!OneIn(30)) continue;
    const std::string key = members[i - 1].first;
    const bool in_call = std::exchange(in_call_, in_call_ && key != "api");
    members.emplace_back(key, OneIn(2) ? Junk(2) : Text());
    in_call_ = in_call;
  }
  std::shuffle(members.begin(), members.end(), random_);
  std::string out = "{" + Blank();
  for (const auto& [key, value] : members) {
    if (out.back() != '{' && &key != &members.front().first) out += ',';
    out += Blank() + Key(key) + Blank() + ":" + Blank() + value + Blank();
  }
  return out + "}";
}

std::string ReportGenerator::List(std::uint32_t most, std::string (ReportGenerator::*item)()) {
  if (OneIn(30)) return Junk(2);
  std::string out = "[" + Blank();
  for (std::uint32_t left = Below(most + 1); left > 0; --left)
    out += (OneIn(25) ? Junk(2) : (this->*item)()) + Blank() + (left > 1 ? "," : "") + Blank();
  return out + "]";
}

std::string ReportGenerator::Record(std::initializer_list<std::string_view> texts, std::string_view number) {
  Members members;
  for (const std::string_view key : texts) {
    if (!OneIn(8)) members.emplace_back(key, Text());
  }
  if (!number.empty()) members.emplace_back(number, Whole());
  return Object(std::move(members));
}

std::string ReportGenerator::Info() {
  Members members = {{"version", Text()},
                     {"ended", Date()},
                     {"id", Whole()},
                     {"machine", Machine()},
                     {"options", OneIn(2) ? Options() : Text()}};
  if (OneIn(2)) members.emplace_back("score", Whole());
  return Object(std::move(members));
}

std::string ReportGenerator::Machine() {
  if (OneIn(4)) return Text();
  return Object({{"name", Text()}, {"label", Text()}, {"manager", Text()}, {"shutdown_on", Date()}});
}

std::string ReportGenerator::Options() {
  Members members;
  for (std::uint32_t left = Below(4); left > 0; --left)
    members.emplace_back("option" + std::to_string(left), Text());
  return Object(std::move(members));
}

std::string ReportGenerator::Target() {
  if (OneIn(5)) return Record({"url", "category"}, "");
  if (OneIn(4)) return Record({"filename", "filetype", "md5", "sha1", "sha256", "sha512"}, "size");
  return Object({{"category", Text()}, {"file", File()}});
}

std::string ReportGenerator::File() {
  Members members = {
      {"name", Text()}, {"type", Text()}, {"md5", Text()}, {"sha256", Text()}, {"sha512", Text()}};
  if (OneIn(3)) members.emplace_back("strings", List(5, &ReportGenerator::Text));
  return Object(std::move(members));
}

std::string ReportGenerator::Summary() {
  static constexpr const char* kKeys[] = {"file_opened",
                                          "files",
                                          "file_read",
                                          "read_files",
                                          "file_written",
                                          "write_files",
                                          "file_deleted",
                                          "delete_files",
                                          "regkey_opened",
                                          "keys",
                                          "regkey_read",
                                          "read_keys",
                                          "mutex",
                                          "write_keys",
                                          "regkey_deleted",
                                          "delete_keys",
                                          "regkey_written",
                                          "mutexes",
                                          "dll_loaded",
                                          "resolved_apis",
                                          "command_line",
                                          "executed_commands",
                                          "directory_created",
                                          "directory_removed"};
  Members members;
  for (const char* key : kKeys) {
    if (OneIn(3)) members.emplace_back(key, List(6, &ReportGenerator::Text));
  }
  return Object(std::move(members));
}

std::string ReportGenerator::Behaviour() {
  Members members = {{"processes", List(4, &ReportGenerator::Process)}, {"summary", Summary()}};
  if (OneIn(2)) members.emplace_back("generic", List(2, &ReportGenerator::Process));
  if (OneIn(3)) members.emplace_back("apistats", Stats());
  return Object(std::move(members));
}

std::string ReportGenerator::Process() {
  Members members = {{"process_name", Text()}, {"calls", List(30, &ReportGenerator::Call)}};
  if (OneIn(2)) members.emplace_back("command_line", Text());
  if (OneIn(2)) members.emplace_back("environ", Record({"CommandLine", "UserName"}, ""));
  const bool first_dialect = OneIn(2);
  members.emplace_back(first_dialect ? "process_id" : "pid", OneIn(8) ? R"("1234")" : Whole());
  members.emplace_back(first_dialect ? "parent_id" : "ppid", Whole());
  members.emplace_back("first_seen", Text());
  return Object(std::move(members));
}

std::string ReportGenerator::Call() {
  in_call_ = true;
  Members members = {{"category", Text()}, {"arguments", Arguments()}};
  const bool first_dialect = OneIn(2);
  members.emplace_back("status", Pick<const char*>({"true", "false", "0", "1", R"("SUCCESS")", "null", "[1]"}));
  members.emplace_back(first_dialect ? "return" : "return_value", Text());
  members.emplace_back(first_dialect ? "timestamp" : "time", OneIn(2) ? "1501027348.92" : Text());
  members.emplace_back(first_dialect ? "thread_id" : "tid", Text());
  if (OneIn(3)) members.emplace_back("repeated", Whole());
  if (OneIn(3)) members.emplace_back("id", Whole());
  in_call_ = false;  // the name must be a text
  if (!OneIn(20))
    members.emplace_back("api", OneIn(10) ? Text() : Quote(Pick<const char*>({"NtClose", "api", "NtOpenKey"})));
  in_call_ = true;
  std::string call = Object(std::move(members));
  in_call_ = false;
  return call;
}

std::string ReportGenerator::Arguments() {
  if (OneIn(2)) return List(4, &ReportGenerator::Argument);
  Members members;
  for (std::uint32_t left = Below(4); left > 0; --left)
    members.emplace_back(OneIn(2) ? Words() : "name" + std::to_string(left), OneIn(2) ? Text() : Junk(3));
  return OneIn(20) ? Junk(3) : Object(std::move(members));
}

std::string ReportGenerator::Argument() {
  return Object({{"name", Text()}, {"value", OneIn(3) ? Junk(3) : Text()}});
}

std::string ReportGenerator::Stats() {
  Members processes;
  for (std::uint32_t left = Below(4); left > 0; --left) {
    Members times;
    for (std::uint32_t calls = Below(4); calls > 0; --calls)
      times.emplace_back(Words(), OneIn(9) ? Junk(1) : "12");
    processes.emplace_back(std::to_string(1000 + left), OneIn(10) ? Junk(1) : Object(std::move(times)));
  }
  return Object(std::move(processes));
}

std::string ReportGenerator::Host() { return OneIn(2) ? Text() : Record({"ip", "country_name"}, ""); }

std::string ReportGenerator::Network() {
  return Object({{"hosts", List(4, &ReportGenerator::Host)},
                 {"domains", List(4, &ReportGenerator::Domain)},
                 {"tcp", List(4, &ReportGenerator::Connection)},
                 {"udp", List(4, &ReportGenerator::Connection)},
                 {"http", List(3, &ReportGenerator::Http)},
                 {"http_ex", List(2, &ReportGenerator::Exchange)},
                 {"https_ex", List(2, &ReportGenerator::Exchange)},
                 {"dead_hosts", List(4, &ReportGenerator::DeadHost)}});
}

std::string ReportGenerator::Report() {
  Members members = {{"info", Info()},
                     {"target", Target()},
                     {"behavior", Behaviour()},
                     {"network", Network()},
                     {"signatures", List(3, &ReportGenerator::Signature)},
                     {"static", Junk(5)}};
  if (OneIn(2)) members.emplace_back("strings", List(6, &ReportGenerator::Text));
  if (OneIn(3)) members.emplace_back("malscore", Whole());
  if (OneIn(3)) members.emplace_back("score", Whole());
  if (OneIn(2))
    members.emplace_back("virustotal", Object({{"positives", Whole()}, {"summary", Record({}, "positives")}}));
  std::erase_if(members, [this](const auto&) { return OneIn(15); });
  return Blank() + Object(std::move(members)) + Blank();
}

}  // namespace brood::report
