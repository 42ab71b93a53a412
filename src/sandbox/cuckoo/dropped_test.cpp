#include <gtest/gtest.h>

#include "sandbox/cuckoo/testing/scripted_server.hpp"

namespace brood::sandbox::cuckoo {
namespace {

using model::TaskId;

struct DroppedFiles : ScriptedServer {
  Result<void> Fetch(std::uint64_t max_bytes = 1'000'000) {
    got.clear();
    return Node()->Dropped(TaskId{7}, max_bytes, [this](std::string_view bytes) { got += bytes; }, {});
  }
  std::string got;
};

TEST_F(DroppedFiles, ComeAsTheSandboxPacksThem) {
  answer = [](const http::ServerRequest&) {
    return http::Respond(200, std::string(100'000, 'z'), "application/x-tar");
  };
  ASSERT_TRUE(Fetch());
  EXPECT_EQ(got, std::string(100'000, 'z'));
  EXPECT_EQ(Asked("/tasks/report/7/dropped"), 1U);
}

TEST_F(DroppedFiles, AServersErrorMeansThatThereAreNone) {
  for (const int code : {500, 404}) {
    answer = [code](const http::ServerRequest&) { return http::Respond(code, "<html>oops</html>"); };
    const auto done = Fetch();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::kNotFound) << code;
  }
}

TEST_F(DroppedFiles, OtherTroubleIsTrouble) {
  answer = [](const http::ServerRequest&) { return http::Respond(503, "busy"); };
  const auto done = Fetch();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::kServerError);
}

TEST_F(DroppedFiles, MoreThanWantedIsNotTaken) {
  answer = [](const http::ServerRequest&) { return http::Respond(200, std::string(3'000'000, 'z')); };
  const auto done = Fetch(1'000'000);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::kBadAnswer);
  EXPECT_LE(got.size(), 1'000'000U);
}

}  // namespace
}  // namespace brood::sandbox::cuckoo
