#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <csignal>
#include <memory>
#include <thread>

#include "base/file.hpp"
#include "http/curl/curl_client.hpp"
#include "http/raw_server.hpp"

namespace brood::http::curl {
namespace {

template <auto kFree>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};

/// A key and a certificate of its own for 127.0.0.1.
struct Identity {
  Identity() : key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")), certificate(X509_new()) {
    X509* const x = certificate.get();
    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x), 3600);
    X509_set_pubkey(x, key.get());
    X509_NAME* const name = X509_get_subject_name(x);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1,
                               0);
    X509_set_issuer_name(x, name);
    const std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>> host(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1"));
    X509_add_ext(x, host.get(), -1);
    X509_sign(x, key.get(), EVP_sha256());
  }

  std::string Pem() const {
    const std::unique_ptr<BIO, Freed<BIO_free_all>> out(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(out.get(), certificate.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
  }

  std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>> key;
  std::unique_ptr<X509, Freed<X509_free>> certificate;
};

/// Answers one request a connection over TLS, with a certificate that no one has signed but itself.
class TlsServer {
 public:
  TlsServer() : context_(SSL_CTX_new(TLS_server_method())), server_([this](RawConnection& c) { Serve(c); }) {
    SSL_CTX_use_certificate(context_.get(), identity.certificate.get());
    SSL_CTX_use_PrivateKey(context_.get(), identity.key.get());
    std::signal(SIGPIPE, SIG_IGN);  // as the program does: OpenSSL's writes raise it
  }

  std::string Url() const { return "https" + server_.Url("/").substr(4); }

  Identity identity;

 private:
  void Serve(RawConnection& connection) {
    const std::unique_ptr<SSL, Freed<SSL_free>> tls(SSL_new(context_.get()));
    SSL_set_fd(tls.get(), connection.Descriptor());
    if (SSL_accept(tls.get()) != 1) return;
    std::array<char, 4096> request{};
    if (SSL_read(tls.get(), request.data(), request.size()) <= 0) return;
    constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    SSL_write(tls.get(), kAnswer.data(), static_cast<int>(kAnswer.size()));
    SSL_shutdown(tls.get());
  }

  std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>> context_;
  RawServer server_;
};

TEST(CurlClientTls, TrustsNoUnknownCertificate) {
  const TlsServer server;
  CurlClient client;
  const auto response = client.Send({.url = server.Url()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Errc::kTls) << response.error().what;
  EXPECT_EQ(response.error().reached, Reached::kNo);
}

TEST(CurlClientTls, TrustsTheCaFileItIsGiven) {
  const TlsServer server;
  const TempDir dir;
  ASSERT_TRUE(WriteFileDurably(dir / "ca.pem", server.identity.Pem()));
  CurlClient client({.ca_file = (dir / "ca.pem").string()});
  const auto response = client.Send({.url = server.Url()});
  ASSERT_TRUE(response) << response.error().what;
  EXPECT_EQ(response->body, "ok");
}

TEST(CurlClientTls, TrustsAnyoneOnlyWhenTheCheckIsOff) {
  const TlsServer server;
  CurlClient client({.verify = TlsCheck::kOff});
  const auto response = client.Send({.url = server.Url()});
  ASSERT_TRUE(response) << response.error().what;
}

TEST(CurlClientTls, ChecksTheHostsName) {
  const TlsServer server;
  const TempDir dir;
  ASSERT_TRUE(WriteFileDurably(dir / "ca.pem", server.identity.Pem()));
  CurlClient client({.ca_file = (dir / "ca.pem").string()});
  std::string url = server.Url();
  url.replace(url.find("127.0.0.1"), 9, "localhost");
  const auto response = client.Send({.url = url});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Errc::kTls) << response.error().what;
}

TEST(CurlClientTls, NamesAMissingCaFileAsTls) {
  const TlsServer server;
  CurlClient client({.ca_file = "/nowhere/ca.pem"});
  const auto response = client.Send({.url = server.Url()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Errc::kTls) << response.error().what;
}

TEST(CurlClientTls, FailsAsTlsAgainstAPlainServer) {
  RawServer plain([](RawConnection& connection) {
    connection.ReadBytes(1);
    connection.Send("HTTP/1.1 400 Bad Request\r\n\r\n");
  });
  CurlClient client;
  const auto response = client.Send({.url = "https" + plain.Url("/").substr(4)});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Errc::kTls) << response.error().what;
}

}  // namespace
}  // namespace brood::http::curl
