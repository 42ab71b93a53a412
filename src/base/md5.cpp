#include "base/md5.hpp"

#include <openssl/evp.h>

#include <stdexcept>

#include "base/digest.hpp"

namespace brood {
namespace {

struct Free {
  void operator()(EVP_MD* algorithm) const { ::EVP_MD_free(algorithm); }
  void operator()(EVP_MD_CTX* context) const { ::EVP_MD_CTX_free(context); }
};

}  // namespace

struct Md5::State {
  std::unique_ptr<EVP_MD, Free> algorithm{::EVP_MD_fetch(nullptr, "MD5", nullptr)};
  std::unique_ptr<EVP_MD_CTX, Free> context{::EVP_MD_CTX_new()};
};

Md5::Md5() : state_(std::make_unique<State>()) {
  if (!state_->algorithm || ::EVP_DigestInit_ex(state_->context.get(), state_->algorithm.get(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL has no MD5");
  }
}
Md5::~Md5() = default;

void Md5::Update(std::string_view bytes) {
  ::EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size());
}

std::string Md5::FinishHex() {
  std::string digest(16, '\0');
  ::EVP_DigestFinal_ex(state_->context.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  return ToHex(digest);
}

}  // namespace brood
