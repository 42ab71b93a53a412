// The shipped sandbox against recorded answers of the servers it stands in for: each exchange is asked again,
// and our answer must have the status, the content type and the shape of theirs, and give back what was sent.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>

#include "base/base64.hpp"
#include "sandboxd/testing/running_sandbox.hpp"

namespace brood::sandboxd {
namespace {

namespace json = boost::json;

std::vector<json::object> ReadExchanges(const std::string& name) {
  std::ifstream in("src/sandboxd/testdata/" + name + ".jsonl");
  std::vector<json::object> exchanges;
  for (std::string line; std::getline(in, line);) exchanges.push_back(json::parse(line).as_object());
  return exchanges;
}

std::string Text(const json::value& value) { return json::value_to<std::string>(value); }

/// Objects that are empty or full depending on what was sent or has happened.
bool DependsOnState(std::string_view key) {
  static const std::set<std::string_view> keys{"guest", "options", "sample", "rcparams", "processes"};
  return keys.contains(key);
}

/// Answers that hold a report or a part of one: its keys are the engine's affair.
bool HoldsReport(std::string_view note) {
  static const std::set<std::string_view> notes{"report", "report json", "report elements=info", "summary"};
  return notes.contains(note);
}

enum class Extra { kAllowed, kForbidden };

/// What differs in keys and types, as a path; "" for nothing. Null stands for any type.
std::string Difference(const json::value& ours, const json::value& theirs, const std::string& path,
                       Extra extra) {
  if (ours.is_null() || theirs.is_null() || (ours.is_number() && theirs.is_number())) return "";
  if (ours.kind() != theirs.kind()) return path + ": another type";
  if (theirs.is_array()) {
    const bool both = !ours.get_array().empty() && !theirs.get_array().empty();
    return both ? Difference(ours.get_array()[0], theirs.get_array()[0], path + "[0]", extra) : "";
  }
  if (!theirs.is_object()) return "";
  for (const auto& [key, value] : theirs.get_object()) {
    const auto* const own = ours.get_object().if_contains(key);
    if (own == nullptr) return path + "." + std::string(key) + ": missing";
    if (DependsOnState(key)) continue;
    if (auto found = Difference(*own, value, path + "." + std::string(key), extra); !found.empty())
      return found;
  }
  if (extra == Extra::kAllowed || ours.get_object().size() == theirs.get_object().size()) return "";
  return path + ": more keys than theirs";
}

/// What a task's row gives back of what was sent, where ours differs from theirs.
std::string EchoDifference(const json::object& ours, const json::object& theirs) {
  for (const char* key : {"category", "custom", "owner", "package", "machine", "platform", "options",
                          "priority", "timeout", "memory", "enforce_timeout", "status"}) {
    if (theirs.contains(key) && ours.at(key) != theirs.at(key)) return key;
  }
  const auto name = [](const json::object& row) {
    const std::string target = Text(row.at("target"));
    return row.at("category") == "file" ? target.substr(target.rfind('/') + 1) : target;
  };
  if (name(ours) != name(theirs)) return "target";
  const auto tags = [](const json::object& row) {
    const auto list = json::value_to<std::vector<std::string>>(row.at("tags"));
    return std::set<std::string>(list.begin(), list.end());
  };
  return tags(ours) == tags(theirs) ? "" : "tags";
}

struct Contract {
  Persona persona;
  std::string recorded;
};

class CuckooContract : public testing::TestWithParam<Contract> {
 protected:
  static Settings SettingsOf(const Contract& contract) {
    Settings settings;
    settings.persona = contract.persona;
    settings.machines = 1;
    if (contract.persona != Persona::kCuckoo1) settings.token = Secret("s3cret-token");
    return settings;
  }
  bool IsBottle() const { return GetParam().persona == Persona::kCuckoo1; }

  /// The recorded request with ids of ours in place of theirs.
  http::Request RequestOf(const json::object& recorded) const {
    http::Request request;
    request.method = *http::MethodFrom(Text(recorded.at("method")));
    request.headers = {};
    for (const auto& [name, value] : recorded.at("headers").as_object()) {
      if (name == "Authorization") request.headers.emplace_back(name, Text(value));
    }
    const bool is_encoded = recorded.at("headers").as_object().contains("Content-Type") &&
                            !Text(recorded.at("headers").at("Content-Type")).starts_with("multipart/");
    if (is_encoded)
      request.headers.emplace_back("Content-Type", Text(recorded.at("headers").at("Content-Type")));
    if (recorded.contains("body")) request.body = Text(recorded.at("body"));
    if (const auto* form = recorded.if_contains("form")) AddForm(request, form->as_object(), is_encoded);
    if (const auto* files = recorded.if_contains("files")) AddFiles(request, files->as_object());
    return request;
  }
  static void AddForm(http::Request& request, const json::object& form, bool is_encoded) {
    for (const auto& [name, value] : form) {
      if (is_encoded) {
        request.body +=
            (request.body.empty() ? "" : "&") + std::string(name) + "=" + http::PercentEncode(Text(value));
      } else {
        request.form.push_back({std::string(name), Text(value), {}, {}});
      }
    }
  }
  static void AddFiles(http::Request& request, const json::object& files) {
    for (const auto& [field, file] : files) {
      const auto* const name = file.as_object().if_contains("filename");
      request.form.push_back({std::string(field),
                              *DecodeBase64(Text(file.at("content_base64"))),
                              {},
                              name != nullptr && name->is_string() ? Text(*name) : std::string()});
    }
  }
  std::string PathOf(const json::object& recorded) const {
    std::string path = Text(recorded.at("path"));
    for (const char* call : {"/tasks/view/", "/tasks/report/", "/tasks/summary/", "/tasks/rereport/",
                             "/tasks/delete/", "/tasks/reschedule/"}) {
      if (!path.starts_with(call)) continue;
      const std::size_t from = std::string_view(call).size();
      const std::size_t to = std::min(path.find_first_not_of("0123456789", from), path.size());
      const auto known = ids_.find(path.substr(from, to - from));
      if (known != ids_.end()) return path.substr(0, from) + known->second + path.substr(to);
    }
    return path;
  }

  /// A task as the recorded one of that id, in that state.
  void SubmitAsRecorded(RunningSandbox& sandbox, const std::string& theirs, const std::string& state) {
    const http::FieldList fields{
        {"custom", "brood:7f3c"}, {"priority", "2"}, {"timeout", "60"}, {"options", "json.calls=0"}};
    const auto ours =
        sandbox.Submit(IsBottle() ? "sample-one.exe" : "sample one.exe", "MZ synthetic one", fields);
    ASSERT_EQ(sandbox.Await(ours, state), state);
    ids_[theirs] = std::to_string(ours);
  }
  void Ask(RunningSandbox& sandbox, const json::object& exchange) {
    const json::object& theirs = exchange.at("response").as_object();
    const http::Request request = RequestOf(exchange.at("request").as_object());
    const bool has_token = !request.headers.empty() && request.headers[0].first == "Authorization";
    const auto ours = sandbox.Try(request, PathOf(exchange.at("request").as_object()),
                                  Text(exchange.at("note")).starts_with("no token") || has_token
                                      ? RunningSandbox::Token::kNone
                                      : RunningSandbox::Token::kOurs);
    ASSERT_TRUE(ours) << ours.error().what;
    EXPECT_EQ(ours->status, theirs.at("status").as_int64()) << ours->body;
    EXPECT_EQ(http::Find(ours->headers, "Content-Type"), Text(theirs.at("content_type")));
    Compare(*ours, theirs, Text(exchange.at("note")));
  }
  void Compare(const http::Response& ours, const json::object& theirs, const std::string& note) {
    if (GetParam().persona != Persona::kBrood && theirs.contains("headers")) CompareHeaders(ours, theirs);
    if (const auto* bytes = theirs.if_contains("body_base64")) {
      EXPECT_EQ(ours.body, *DecodeBase64(Text(*bytes)));
    }
    if (!theirs.contains("body") || Text(theirs.at("body")).empty()) return;
    const std::string body = Text(theirs.at("body"));
    if (Text(theirs.at("content_type")).starts_with("text/html") || HoldsReport(note)) {
      return ComparePages(ours, body, static_cast<int>(theirs.at("status").as_int64()));
    }
    CompareJson(json::parse(ours.body), json::parse(body));
    const bool is_message = theirs.at("status").as_int64() != 200;
    if (is_message && GetParam().persona == Persona::kCuckoo2) {
      EXPECT_EQ(ours.body, body);
    }
  }
  static void CompareHeaders(const http::Response& ours, const json::object& theirs) {
    for (const auto& [name, value] : theirs.at("headers").as_object()) {
      EXPECT_EQ(http::Find(ours.headers, name), Text(value)) << name;
    }
  }
  /// The message in the page, and all of it where it does not name the server's address.
  void ComparePages(const http::Response& ours, const std::string& body, int status) const {
    if (status == 200) return;
    const auto message = [](const std::string& page) {
      const auto from = page.find("<pre>");
      // Not behind the path, which may hold an id.
      return from == page.npos ? page : page.substr(from, page.find_first_of("/<", from + 5) - from);
    };
    if (IsBottle()) {
      EXPECT_EQ(message(ours.body), message(body));
    } else if (status != 400) {  // some of those quote Python's exception
      EXPECT_EQ(ours.body, body);
    }
  }
  void CompareJson(const json::value& ours, const json::value& theirs) {
    const Extra extra = GetParam().persona == Persona::kBrood ? Extra::kAllowed : Extra::kForbidden;
    EXPECT_EQ(Difference(ours, theirs, "", extra), "") << ours;
    const json::object& answer = theirs.as_object();
    if (const auto* id = answer.if_contains("task_id")) {
      EXPECT_EQ(ours.at("task_id").is_null(), id->is_null());
      if (!id->is_null()) ids_[json::serialize(*id)] = json::serialize(ours.at("task_id"));
    }
    if (const auto* task = answer.if_contains("task")) {
      EXPECT_EQ(EchoDifference(ours.at("task").as_object(), task->as_object()), "") << ours;
    }
    if (const auto* tasks = answer.if_contains("tasks"); tasks != nullptr && tasks->is_array()) {
      EXPECT_EQ(ours.at("tasks").as_array().empty(), tasks->as_array().empty());
    }
  }

  std::map<std::string, std::string> ids_;  // theirs → ours
};

TEST_P(CuckooContract, AnswersAsRecordedWhileTasksArePending) {
  Settings settings = SettingsOf(GetParam());
  settings.duration = std::chrono::hours{1};
  RunningSandbox sandbox(settings);
  for (const json::object& exchange : ReadExchanges(GetParam().recorded + "-pending")) {
    SCOPED_TRACE(Text(exchange.at("note")));
    if (exchange.at("note") == "submit file") {
      // Keeps the only machine busy, so that what follows stays pending.
      const auto busy = sandbox.Submit("busy", "busy", {{"priority", "2000"}});
      ASSERT_EQ(sandbox.Await(busy, "running"), "running");
    }
    Ask(sandbox, exchange);
  }
}

TEST_P(CuckooContract, AnswersAsRecordedWhileTasksAreCompleted) {
  Settings settings = SettingsOf(GetParam());
  settings.processing = std::chrono::hours{1};
  RunningSandbox sandbox(settings);
  SubmitAsRecorded(sandbox, "1", "completed");
  for (const json::object& exchange : ReadExchanges(GetParam().recorded + "-completed")) {
    SCOPED_TRACE(Text(exchange.at("note")));
    Ask(sandbox, exchange);
  }
}

TEST_P(CuckooContract, AnswersAsRecordedWhenTasksAreReported) {
  RunningSandbox sandbox(SettingsOf(GetParam()));
  for (const char* theirs : {"1", "4"}) SubmitAsRecorded(sandbox, theirs, "reported");
  for (const json::object& exchange : ReadExchanges(GetParam().recorded + "-reported")) {
    SCOPED_TRACE(Text(exchange.at("note")));
    Ask(sandbox, exchange);
  }
}

INSTANTIATE_TEST_SUITE_P(Personas, CuckooContract,
                         testing::Values(Contract{Persona::kBrood, "cuckoo-2.0.7"},
                                         Contract{Persona::kCuckoo2, "cuckoo-2.0.7"},
                                         Contract{Persona::kCuckoo1, "cuckoo-1.2"}),
                         [](const auto& param) {
                           switch (param.param.persona) {
                             case Persona::kCuckoo2:
                               return "Cuckoo2";
                             case Persona::kCuckoo1:
                               return "Cuckoo1";
                             default:
                               return "Brood";
                           }
                         });

}  // namespace
}  // namespace brood::sandboxd
