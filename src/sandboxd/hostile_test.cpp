// What a client may send that is no proper request: each gets one clear answer, and the sandbox goes on.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/raw_server.hpp"
#include "sandboxd/testing/running_sandbox.hpp"
#include "sandboxd/upload.hpp"

namespace brood::sandboxd {
namespace {

using testing::Eq;
using testing::HasSubstr;
using testing::Optional;

constexpr const char* kForm = "multipart/form-data; boundary=x";

std::string Part(const std::string& disposition, const std::string& bytes) {
  return "--x\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + bytes + "\r\n";
}

class HostileClient : public testing::Test {
 protected:
  int Send(const std::string& body, const std::string& type = kForm) {
    return sandbox_.Post("/tasks/create/file", body, type).status;
  }
  void TearDown() override { EXPECT_EQ(sandbox_.Await(sandbox_.Submit("good.txt", "good")), "reported"); }

  RunningSandbox sandbox_;
};

TEST_F(HostileClient, SendsNoFile) {
  EXPECT_EQ(Send(Part("name=\"custom\"", "x") + "--x--\r\n"), 400);
  EXPECT_EQ(Send(Part("name=\"file\"", "no file name") + "--x--\r\n"), 400);
  EXPECT_EQ(Send("a=b", "application/x-www-form-urlencoded"), 400);
  EXPECT_EQ(Send("", "application/json"), 400);
}

TEST_F(HostileClient, BreaksOffItsForm) {
  const std::string whole = Part("name=\"file\"; filename=\"a\"", "content") + "--x--\r\n";
  for (std::size_t size = 0; size + 4 < whole.size(); ++size)
    EXPECT_EQ(Send(whole.substr(0, size)), 400) << size;
  EXPECT_EQ(sandbox_.Json("/brood/statistics").at("tasks_created").as_int64(), 0);
}

TEST_F(HostileClient, SendsAnEmptyFile) {
  const auto id = sandbox_.Submit("empty", "");
  EXPECT_EQ(sandbox_.Await(id), "reported");
  EXPECT_EQ(sandbox_.Report(id).at("target").at("file").at("type").as_string(), "empty");
}

TEST_F(HostileClient, SendsNamesThatAreNone) {
  for (const std::string name : {"..", ".", "a/..", "../..", "x\\..", "/"}) {
    EXPECT_EQ(Send(Part("name=\"file\"; filename=\"" + name + "\"", "x") + "--x--\r\n"), 500) << name;
  }
  EXPECT_EQ(Send(Part("name=\"file\"; filename=\"" + std::string(300, 'n') + "\"", "x") + "--x--\r\n"), 500);
  EXPECT_NE(Send(Part("name=\"file\"; filename=\"a" + std::string(1, '\0') + "b\"", "x") + "--x--\r\n"), 200);
}

TEST_F(HostileClient, SendsAPathAndLeavesNothingThere) {
  const auto id = sandbox_.Submit("../../../../tmp/brood-escaped", "x");
  EXPECT_EQ(sandbox_.Await(id), "reported");
  EXPECT_EQ(sandbox_.Report(id).at("target").at("file").at("name").as_string(), "brood-escaped");
  EXPECT_FALSE(std::filesystem::exists("/tmp/brood-escaped"));
}

TEST_F(HostileClient, SendsTextThatIsNotUtf8) {
  const auto id =
      sandbox_.Submit("n\xff.bin", "x", {{"custom", "c\xfe"}, {"options", "k=\xc3"}, {"tags", "\x80"}});
  EXPECT_EQ(sandbox_.Await(id), "reported");
  EXPECT_EQ(sandbox_.Report(id).at("info").at("custom").as_string(), "c\xef\xbf\xbd");
  sandbox_.Stop();
  sandbox_.Start();
  EXPECT_EQ(sandbox_.State(id), "reported");
}

TEST_F(HostileClient, AsksForIdsThatAreNone) {
  for (const char* id : {"abc", "-1", "0x1", "1.5", "%00", "99999999999999999999999", "1%2f2", ".."}) {
    for (const char* call : {"view", "report", "delete", "reschedule", "sample"}) {
      EXPECT_EQ(sandbox_.Get(std::string("/tasks/") + call + "/" + id).status,
                std::string_view(id) == "%00" ? 400 : 404)
          << call << " " << id;
    }
  }
  EXPECT_EQ(sandbox_.Get("/files/get/../tasks.journal").status, 404);
  EXPECT_EQ(sandbox_.Get("/files/get/..%2ftasks.journal").status, 404);
}

TEST_F(HostileClient, SendsMoreThanIsTaken) {
  sandbox_.Stop();
  sandbox_.Change().max_upload = 10'000;
  sandbox_.Start();
  EXPECT_EQ(sandbox_.Upload("big", std::string(20'000, 'x')).status, 413);
}

TEST(Token, IsWantedByEveryCall) {
  Settings settings;
  settings.token = Secret("right");
  RunningSandbox sandbox(settings);
  for (const char* header :
       {"Bearer wrong", "bearer right", "Bearer right ", "Bearer rightandmore", "right", ""}) {
    http::Request request;
    request.headers = {{"Authorization", header}};
    for (const char* path : {"/cuckoo/status", "/tasks/list", "/brood/statistics", "/nope"}) {
      const auto answer = sandbox.Try(request, path, RunningSandbox::Token::kNone);
      // Blanks around a header's value are no part of it.
      EXPECT_EQ(answer->status == 401, std::string_view(header) != "Bearer right ") << header << path;
      if (answer->status == 401) {
        EXPECT_THAT(answer->body, HasSubstr("Bearer <TOKEN>"));
      }
    }
  }
}

TEST(Token, IsWantedBeforeABodyIsRead) {
  for (const Persona persona : {Persona::kBrood, Persona::kCuckoo2}) {
    Settings settings;
    settings.persona = persona;
    settings.token = Secret("right");
    const RunningSandbox sandbox(settings);
    auto client = http::RawConnection::To(sandbox.Port());
    client.Send(
        "POST /tasks/create/file HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: "
        "2000000\r\n\r\n");
    const std::string answer = client.ReadToEnd();
    // As recorded of 2.0.7, which says continue before it looks who asks.
    const bool continued = answer.starts_with("HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_EQ(continued, persona == Persona::kCuckoo2) << answer;
    EXPECT_THAT(answer, HasSubstr(" 401 Unauthorized\r\n"));
    EXPECT_THAT(answer, HasSubstr("Bearer <TOKEN>"));
  }
}

TEST(FileNameFrom, TakesTheLastPartOfAPath) {
  EXPECT_THAT(FileNameFrom(Persona::kBrood, "/etc/passwd"), Optional(Eq("passwd")));
  EXPECT_THAT(FileNameFrom(Persona::kBrood, "C:\\x\\evil.doc"), Optional(Eq("evil.doc")));
  EXPECT_THAT(FileNameFrom(Persona::kCuckoo1, "a b\xc3\xa4  - c$.exe"), Optional(Eq("a-b-c.exe")));
  EXPECT_EQ(FileNameFrom(Persona::kCuckoo1, std::string(300, 'n'))->size(), 100U);
  EXPECT_FALSE(FileNameFrom(Persona::kBrood, ".."));
}

}  // namespace
}  // namespace brood::sandboxd
