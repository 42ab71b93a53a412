#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace brood {

/// MD5 fed piece by piece: a name that older systems give files, no protection. Not thread-safe.
class Md5 {
 public:
  Md5();
  ~Md5();
  Md5(const Md5&) = delete;
  Md5& operator=(const Md5&) = delete;

  void Update(std::string_view bytes);
  /// The digest in lower-case hex; once.
  [[nodiscard]] std::string FinishHex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace brood
