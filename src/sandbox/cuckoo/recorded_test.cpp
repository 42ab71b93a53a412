#include "sandbox/cuckoo/testing/recorded.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "http/multipart.hpp"
#include "http/url.hpp"
#include "sandbox/cuckoo/form.hpp"

namespace brood::sandbox::cuckoo {
namespace {

using Speak = CuckooSettings::Speak;

struct Series {
  std::string file;
  Speak dialect;
  Series(std::string name, Speak speak) : file(std::move(name)), dialect(speak) {}
};

void PrintTo(const Series& series, std::ostream* out) { *out << series.file; }

std::set<std::pair<std::string, std::string>> AsSet(const http::FieldList& fields) {
  return {fields.begin(), fields.end()};
}

void ExpectSameForm(const http::ServerRequest& sent, const Recorded& recorded) {
  const auto type = http::Find(sent.headers, "Content-Type").value_or("");
  const auto parts = http::ParseMultipart(type, sent.body);
  ASSERT_TRUE(parts) << parts.error();
  std::map<std::string, std::string> fields;
  for (const http::MultipartPart& part : *parts) {
    if (!part.file_name) fields[part.name] = std::string(part.data);
  }
  EXPECT_EQ(fields, recorded.form);
  const http::MultipartPart* const file = http::FindPart(*parts, "file");
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->data, recorded.content);
  EXPECT_EQ(file->file_name, SafeFileName(recorded.file_name));
}

void ExpectSameRequest(const http::ServerRequest& sent, const Recorded& recorded) {
  EXPECT_EQ(http::Name(sent.method), recorded.method);
  const auto question = recorded.path.find('?');
  EXPECT_EQ(sent.path, recorded.path.substr(0, question));
  const std::string query = question == std::string::npos ? "" : recorded.path.substr(question + 1);
  EXPECT_EQ(AsSet(sent.query), AsSet(http::ParseFields(query).value()));
  EXPECT_EQ(http::Find(sent.headers, "Authorization").value_or(""), recorded.authorization);
  EXPECT_EQ(http::Find(sent.headers, "Expect"), std::nullopt);
  if (recorded.call == "submit") ExpectSameForm(sent, recorded);
}

/// Errors name node and call; what the server said stands in them.
void ExpectOutcome(const std::string& told, const Recorded& recorded, const std::string& url) {
  if (!recorded.expect.starts_with("error ")) {
    EXPECT_EQ(told, recorded.expect);
    return;
  }
  const auto colon = recorded.expect.find(": ");
  EXPECT_TRUE(told.starts_with(recorded.expect.substr(0, colon) + ": " + url + ": ")) << told;
  EXPECT_NE(told.find(recorded.expect.substr(colon + 2)), std::string::npos) << told;
}

class RecordedExchanges : public ::testing::TestWithParam<Series> {
 protected:
  std::unique_ptr<CuckooNode> NodeFor(const Recorded& recorded, const std::string& url) const {
    CuckooSettings settings;
    settings.url = model::NodeUrl{url};
    settings.dialect = GetParam().dialect;
    const std::string_view header = recorded.authorization;
    if (!header.empty()) settings.token = Secret(std::string(header.substr(header.find(' ') + 1)));
    return NodeAt(settings);
  }
};

TEST_P(RecordedExchanges, AreAskedAndUnderstood) {
  const auto exchanges = ReadRecorded(GetParam().file);
  ASSERT_GE(exchanges.size(), 30u);
  ReplayServer server;
  for (const Recorded& recorded : exchanges) {
    SCOPED_TRACE(recorded.note);
    server.SetDue(recorded);
    const std::string told = Told(*NodeFor(recorded, server.Url()), recorded);
    ExpectOutcome(told, recorded, server.Url());
    if (recorded.asked == Recorded::Asked::kAsRecorded) ExpectSameRequest(server.LastRequest(), recorded);
  }
}

INSTANTIATE_TEST_SUITE_P(Servers, RecordedExchanges,
                         ::testing::Values(Series("cuckoo-1.2.jsonl", Speak::kCuckoo1),
                                           Series("cuckoo-2.0.7.jsonl", Speak::kCuckoo2),
                                           Series("cuckoo-1.2.scenario.jsonl", Speak::kCuckoo1),
                                           Series("cuckoo-2.0.7.scenario.jsonl", Speak::kCuckoo2)));

TEST(RecordedScenario, FindsTheSuccessorOfARescheduledTask) {
  for (const auto& [file, dialect] : {Series("cuckoo-1.2.scenario.jsonl", Speak::kCuckoo1),
                                      Series("cuckoo-2.0.7.scenario.jsonl", Speak::kCuckoo2)}) {
    const auto exchanges = ReadRecorded(file);
    const auto at = std::find_if(exchanges.begin(), exchanges.end(), [](const Recorded& recorded) {
      return recorded.note == "list, C recovered and its successor pending";
    });
    ASSERT_NE(at, exchanges.end());
    ReplayServer server;
    server.SetDue(*at);
    CuckooSettings settings;
    settings.url = model::NodeUrl{server.Url()};
    settings.dialect = dialect;
    const auto rows = NodeAt(settings)->FindByMarker("4e5f", "feeder", {});
    ASSERT_TRUE(rows) << rows.error().what;
    ASSERT_EQ(rows->size(), 2u);
    EXPECT_EQ(rows->at(0).id.Get(), 3);
    EXPECT_EQ(rows->at(0).state, TaskState::kRecovered);
    EXPECT_EQ(rows->at(1).id.Get(), 4);
    EXPECT_EQ(rows->at(1).state, TaskState::kPending);
    const std::string owner(http::FindField(server.LastRequest().query, "owner").value_or(""));
    EXPECT_EQ(owner, dialect == Speak::kCuckoo2 ? "feeder" : "");
  }
}

}  // namespace
}  // namespace brood::sandbox::cuckoo
