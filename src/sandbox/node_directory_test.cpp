#include "sandbox/node_directory.hpp"

#include <gtest/gtest.h>

#include "sandbox/testing/fake_node.hpp"

namespace brood::sandbox {
namespace {

class NodeDirectoryTest : public ::testing::Test {
 protected:
  std::shared_ptr<Node> Made(const model::NodeUrl& url) {
    ++made_;
    return std::make_shared<testing::FakeNode>(clock_, Dialect::kCuckoo2, url.Get());
  }

  ManualClock clock_;
  int made_ = 0;
  std::shared_ptr<Node> own_ =
      std::make_shared<testing::FakeNode>(clock_, Dialect::kCuckoo2, "http://own.test:8090");
  NodeDirectory nodes_{{own_},
                       [](const model::NodeUrl& url) { return url.Get().starts_with("http://guest"); },
                       [this](const model::NodeUrl& url) { return Made(url); }};
};

TEST_F(NodeDirectoryTest, AConfiguredNodeIsItself) {
  EXPECT_EQ(nodes_.Find(model::NodeUrl{"http://own.test:8090"}), own_);
  EXPECT_EQ(made_, 0);
}

TEST_F(NodeDirectoryTest, AGuestIsMadeOnceWhenItIsFirstNamed) {
  const auto guest = nodes_.Find(model::NodeUrl{"http://guest.test:8090"});
  ASSERT_TRUE(guest);
  EXPECT_EQ(guest->Url().Get(), "http://guest.test:8090");
  EXPECT_EQ(nodes_.Find(model::NodeUrl{"http://guest.test:8090"}), guest);
  EXPECT_EQ(made_, 1);
}

TEST_F(NodeDirectoryTest, WhoIsNotAdmittedIsNotMade) {
  EXPECT_EQ(nodes_.Find(model::NodeUrl{"http://169.254.0.1:80"}), nullptr);
  EXPECT_EQ(made_, 0);
}

TEST_F(NodeDirectoryTest, MessagesCannotMakeNodesWithoutEnd) {
  for (std::size_t i = 0; i < NodeDirectory::kMostGuests; ++i) {
    EXPECT_TRUE(nodes_.Find(model::NodeUrl{"http://guest" + std::to_string(i)})) << i;
  }
  EXPECT_EQ(nodes_.Find(model::NodeUrl{"http://guest-too-many"}), nullptr);
  EXPECT_TRUE(nodes_.Find(model::NodeUrl{"http://guest7"})) << "what is known stays";
}

TEST(UnknownNode, IsNamedWithoutWhatItsUrlKeepsToItself) {
  const Error error = UnknownNode(model::NodeUrl{"http://user:passw0rd@sandbox:8090/api?key=s3cret"});
  EXPECT_EQ(error.detail, "http://sandbox:8090/api?…");
}

}  // namespace
}  // namespace brood::sandbox
