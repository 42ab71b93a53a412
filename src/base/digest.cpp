#include "base/digest.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace brood {
namespace {

// Fetching an algorithm costs more than hashing a small file: once a process.
const EVP_MD* Algorithm(const char* name) {
  const EVP_MD* md = EVP_MD_fetch(nullptr, name, nullptr);
  if (md == nullptr) throw std::runtime_error(std::string("OpenSSL has no ") + name);
  return md;
}

class Hasher {
 public:
  explicit Hasher(const EVP_MD* md) : context_(EVP_MD_CTX_new()), md_(md) {
    if (context_ == nullptr) throw std::bad_alloc();
    Start();
  }
  ~Hasher() { EVP_MD_CTX_free(context_); }
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  void Update(std::string_view bytes) { EVP_DigestUpdate(context_, bytes.data(), bytes.size()); }

  std::string FinishHex() {
    std::array<char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EVP_DigestFinal_ex(context_, reinterpret_cast<unsigned char*>(digest.data()), &length);
    Start();
    return ToHex({digest.data(), length});
  }

 private:
  void Start() {
    if (EVP_DigestInit_ex2(context_, md_, nullptr) != 1)
      throw std::runtime_error("OpenSSL cannot start a digest");
  }

  EVP_MD_CTX* context_;
  const EVP_MD* md_;
};

const EVP_MD* Sha256Algorithm() {
  static const EVP_MD* md = Algorithm("SHA256");
  return md;
}

}  // namespace

struct Sha256::State {
  Hasher hasher{Sha256Algorithm()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::Update(std::string_view bytes) { state_->hasher.Update(bytes); }
std::string Sha256::FinishHex() { return state_->hasher.FinishHex(); }

std::string Sha256Hex(std::string_view bytes) {
  Hasher hasher(Sha256Algorithm());
  hasher.Update(bytes);
  return hasher.FinishHex();
}

Digests DigestAll(std::string_view bytes) {
  static const EVP_MD* const md5 = Algorithm("MD5");
  static const EVP_MD* const sha1 = Algorithm("SHA1");
  static const EVP_MD* const sha512 = Algorithm("SHA512");
  const auto digest = [&](const EVP_MD* md) {
    Hasher hasher(md);
    hasher.Update(bytes);
    return hasher.FinishHex();
  };
  return {digest(md5), digest(sha1), digest(Sha256Algorithm()), digest(sha512)};
}

std::string ToHex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string RandomHex(std::size_t bytes) {
  std::string raw(bytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(raw.data()), static_cast<int>(bytes)) != 1) {
    throw std::runtime_error("the operating system gives no random bytes");
  }
  return ToHex(raw);
}

bool IsHex(std::string_view text, std::size_t length) {
  return text.size() == length && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace brood
