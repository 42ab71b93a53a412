#include "http/router.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace brood::http {
namespace {

ServerRequest Ask(Method method, std::string target) {
  ServerRequest request;
  request.method = method;
  request.target = std::move(target);
  return request;
}

RouteHandler Says(std::string text) {
  return [text](const ServerRequest&, const PathParams&) { return Respond(200, text); };
}

RouteHandler Echoes(std::string name) {
  return [name](const ServerRequest&, const PathParams& params) {
    return Respond(200, name + "=" + params[name]);
  };
}

Router Example() {
  Router router;
  router.Add(Method::kGet, "/", Says("root"));
  router.Add(Method::kGet, "/tasks/view/{id}", Echoes("id"));
  router.Add(Method::kGet, "/tasks/view/all", Says("all"));
  router.Add(Method::kPost, "/tasks/view/{id}", Says("posted"));
  router.Add(Method::kGet, "/page/{path*}", Echoes("path"));
  return router;
}

TEST(Router, FindsByMethodAndPath) {
  const Router router = Example();
  EXPECT_EQ(router(Ask(Method::kGet, "/")).body, "root");
  EXPECT_EQ(router(Ask(Method::kGet, "/tasks/view/7?x=/y")).body, "id=7");
  EXPECT_EQ(router(Ask(Method::kPost, "/tasks/view/7")).body, "posted");
  EXPECT_EQ(router(Ask(Method::kGet, "http://h/tasks/view/7")).body, "id=7");
}

TEST(Router, PrefersTextToNames) { EXPECT_EQ(Example()(Ask(Method::kGet, "/tasks/view/all")).body, "all"); }

TEST(Router, IgnoresOneSlashAtTheEndButNoEmptySegment) {
  const Router router = Example();
  EXPECT_EQ(router(Ask(Method::kGet, "/tasks/view/7/")).body, "id=7");
  EXPECT_EQ(router(Ask(Method::kGet, "/tasks/view/")).status, 404);
  EXPECT_EQ(router(Ask(Method::kGet, "/tasks/view//")).status, 404);
  EXPECT_EQ(router(Ask(Method::kGet, "//tasks/view/7")).status, 404);
}

TEST(Router, DecodesWithinASegment) {
  EXPECT_EQ(Example()(Ask(Method::kGet, "/tasks/view/a%2Fb%20c")).body, "id=a/b c");
  EXPECT_EQ(Example()(Ask(Method::kGet, "/%74asks/view/1")).body, "id=1");
}

TEST(Router, GivesTheRestToAStar) {
  EXPECT_EQ(Example()(Ask(Method::kGet, "/page/js/app.js")).body, "path=js/app.js");
  EXPECT_EQ(Example()(Ask(Method::kGet, "/page")).body, "path=");
}

TEST(Router, AnswersHeadLikeGet) { EXPECT_EQ(Example()(Ask(Method::kHead, "/tasks/view/7")).body, "id=7"); }

TEST(Router, RefusesUnknownPathsUnknownMethodsAndBrokenEscapes) {
  const Router router = Example();
  EXPECT_EQ(router(Ask(Method::kGet, "/nothing")).status, 404);
  EXPECT_EQ(router(Ask(Method::kGet, "/tasks/view/%zz")).status, 400);
  const ServerResponse refusal = router(Ask(Method::kDelete, "/tasks/view/7"));
  EXPECT_EQ(refusal.status, 405);
  EXPECT_EQ(Find(refusal.headers, "allow"), "GET, POST");
}

TEST(Router, AdmitsWhatItsGateLetsThroughAndRefusesWithoutAskingTheHandler) {
  Router router;
  int handled = 0;
  router.Add(
      Method::kPost, "/guarded",
      [&](const ServerRequest&, const PathParams&) {
        ++handled;
        return Respond(200, "in");
      },
      [](const ServerRequest& head) -> std::optional<ServerResponse> {
        if (Find(head.headers, "X-May")) return std::nullopt;
        return Respond(401, "no");
      });
  ServerRequest request = Ask(Method::kPost, "/guarded");
  EXPECT_EQ(router.Admit(request)->status, 401);
  EXPECT_EQ(router(request).status, 401);
  EXPECT_EQ(handled, 0);
  request.headers.emplace_back("X-May", "yes");
  EXPECT_FALSE(router.Admit(request));
  EXPECT_EQ(router(request).body, "in");
  EXPECT_EQ(router.Admit(Ask(Method::kPost, "/nothing"))->status, 404);
  EXPECT_EQ(router.Admit(Ask(Method::kGet, "/guarded"))->status, 405);
}

TEST(Router, LetsADialectWriteItsOwnRefusals) {
  Router router = Example();
  router.OnRefusal([](const ServerRequest& request, int status) {
    return Respond(status, "{\"message\": \"" + request.target + "\"}", "application/json");
  });
  const ServerResponse refusal = router(Ask(Method::kGet, "/nothing"));
  EXPECT_EQ(refusal.status, 404);
  EXPECT_EQ(refusal.body, "{\"message\": \"/nothing\"}");
}

TEST(Router, RefusesMalformedAndRepeatedRoutes) {
  Router router = Example();
  for (const char* pattern : {"/{}", "/{a", "/a}", "/{rest*}/more", "/x{a}"}) {
    EXPECT_THROW(router.Add(Method::kGet, pattern, Says("")), std::invalid_argument) << pattern;
  }
  EXPECT_THROW(router.Add(Method::kGet, "/tasks/view/{other}", Says("")), std::invalid_argument);
}

TEST(PathParams, ThrowsForANameThePatternDoesNotHave) {
  EXPECT_THROW(static_cast<void>(PathParams(FieldList{{"id", "1"}})["task"]), std::out_of_range);
}

}  // namespace
}  // namespace brood::http
