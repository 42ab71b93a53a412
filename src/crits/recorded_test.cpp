// What the original sent to CRITs for real reports. They are no part of the project: the tests skip where the
// folder is absent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "crits/parsers.hpp"
#include "report/gzip.hpp"

namespace brood::crits {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

fs::path Shared() {
  const char* shared = std::getenv("BROOD_SHARED");
  return shared != nullptr ? shared : "../shared";
}

json::object Recorded(std::string_view holding) {
  std::ifstream in(Shared() / "contracts" / "crits-requests-of-go-parse_and_submit.jsonl");
  for (std::string line; std::getline(in, line);) {
    if (line.find(holding) != line.npos) return json::parse(line).as_object();
  }
  throw std::runtime_error("no such line");
}

std::vector<Item> ItemsOf(const std::string& name) {
  std::ifstream in(Shared() / "reports" / name, std::ios::binary);
  const std::string packed{std::istreambuf_iterator<char>(in), {}};
  report::Limits limits;
  limits.max_calls = 1'000;
  report::Reader reader(limits);
  report::Inflater inflater([&](std::string_view bytes) { reader.Feed(bytes); });
  EXPECT_TRUE(inflater.Feed(packed));
  EXPECT_TRUE(inflater.Finish());
  const auto read = reader.Finish().value();
  std::vector<Item> items;
  for (const Parser parser : kParsers) {
    Parse(parser, read, limits.max_calls, [&](Item item) { items.push_back(std::move(item)); });
  }
  return items;
}

json::value Data(const Item& item) { return json::parse("{" + item.data + "}"); }

class Recordings : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(Shared() / "reports")) GTEST_SKIP() << "no real reports at " << Shared();
  }
};

TEST_F(Recordings, AnAnalysisOfAUrlAgrees) {
  const auto form = Recorded("result_is_batch").at("form").as_object();
  const auto results = json::parse(form.at("result").as_string()).as_array();
  const auto types = json::parse(form.at("result_type").as_string()).as_array();
  auto items = ItemsOf("cuckoo1_181f14aa844f.json.gz");
  items.push_back(DroppedFile("drop1.txt", "10c953af5427f2d5cf8a0054af9cd01d", ""));
  ASSERT_EQ(items.size(), results.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(items[i].result, results[i].as_string());
    EXPECT_EQ(Data(items[i]), json::parse(types[i].as_string()));
  }
}

/// All but the data of processes: there the original shows the last one's for each.
TEST_F(Recordings, AnAnalysisWithBehaviourAgreesBesideTheOriginalsDefect) {
  const auto recorded = Recorded("cuckoo1_3de266315477");
  std::map<std::string, std::vector<Item>> by_subtype;
  for (Item& item : ItemsOf("cuckoo1_3de266315477.json.gz"))
    by_subtype[item.subtype].push_back(std::move(item));
  by_subtype["file_added"] = {DroppedFile("drop1.txt", "10c953af5427f2d5cf8a0054af9cd01d", "")};
  for (const auto& [subtype, count] : recorded.at("counts").as_object()) {
    EXPECT_EQ(static_cast<std::int64_t>(by_subtype[std::string(subtype)].size()), count.as_int64()) << subtype;
  }
  EXPECT_EQ(by_subtype.size(), recorded.at("counts").as_object().size());
  std::map<std::string, std::size_t> seen;
  for (const auto& value : recorded.at("first").as_array()) {
    const auto& first = value.as_object();
    const std::string subtype(first.at("subtype").as_string());
    const Item& item = by_subtype.at(subtype).at(seen[subtype]++);
    EXPECT_EQ(item.result, first.at("result").as_string());
    if (subtype == "process") continue;
    EXPECT_EQ(Data(item), json::parse(first.at("result_type").as_string())) << item.data;
  }
  EXPECT_EQ(Data(by_subtype["process"].back()), json::parse(R"({"first_seen": "2018-02-06 19:40:45,340",
      "parent_id": "252", "process_id": "1256"})"));
  EXPECT_EQ(Data(by_subtype["process"].front()), json::parse(R"({"first_seen": "2018-02-06 19:40:26,403",
      "parent_id": "1932", "process_id": "252"})"));
}

}  // namespace
}  // namespace brood::crits
