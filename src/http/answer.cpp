#include "http/answer.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <stdexcept>

#include "base/text.hpp"

namespace brood::http {
namespace {

constexpr std::size_t kFilePiece = 256 * 1024;

bool IsControl(char c) { return static_cast<unsigned char>(c) < ' ' && c != '\t'; }

void AppendHeader(std::string& head, std::string_view name, std::string_view value) {
  head += name;
  head += ": ";
  const std::size_t begin = head.size();
  head += value;
  std::replace_if(head.begin() + static_cast<std::ptrdiff_t>(begin), head.end(), IsControl, ' ');
  head += "\r\n";
}

bool IsServersOwn(std::string_view name) {
  return EqualsIgnoringCase(name, "Content-Length") || EqualsIgnoringCase(name, "Connection") ||
         EqualsIgnoringCase(name, "Transfer-Encoding") || EqualsIgnoringCase(name, "Date");
}

/// "Thu, 26 Nov 2026 21:00:00 GMT", written once a second.
const std::string& DateNow() {
  thread_local std::time_t written = -1;
  thread_local std::string date;
  const std::time_t now = std::time(nullptr);
  if (now != written) date = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(now));
  written = now;
  return date;
}

bool HasNoBody(int status) { return status < 200 || status == 204 || status == 304; }

}  // namespace

std::string AnswerHead(const ServerResponse& response, std::uint64_t length, Protocol protocol,
                       ConnectionHeader connection) {
  std::string head;
  head.reserve(256);
  fmt::format_to(std::back_inserter(head), "HTTP/1.{} {} {}\r\nDate: {}\r\n",
                 protocol == Protocol::kHttp10 ? 0 : 1, response.status, ReasonPhrase(response.status),
                 DateNow());
  for (const auto& [name, value] : response.headers) {
    if (!IsServersOwn(name)) AppendHeader(head, name, value);
  }
  if (!HasNoBody(response.status)) {
    if (!Find(response.headers, "Content-Type"))
      AppendHeader(head, "Content-Type", "text/plain; charset=utf-8");
    AppendHeader(head, "Content-Length", std::to_string(length));
  }
  if (connection == ConnectionHeader::kClose) AppendHeader(head, "Connection", "close");
  if (connection == ConnectionHeader::kKeepAlive) AppendHeader(head, "Connection", "keep-alive");
  return head += "\r\n";
}

AnswerBody::AnswerBody(const ServerResponse& response) {
  if (HasNoBody(response.status)) return;
  if (response.file.empty()) {
    memory_ = response.shared_body ? std::string_view(*response.shared_body) : std::string_view(response.body);
    size_ = memory_.size();
    return;
  }
  file_.open(response.file, std::ios::binary);
  std::error_code error;
  size_ = std::filesystem::file_size(response.file, error);
  if (!file_ || error)
    throw std::runtime_error("the file to answer with cannot be read: " + response.file.string());
}

std::string_view AnswerBody::Next(std::size_t max) {
  if (!file_.is_open()) {
    const std::string_view piece = memory_.substr(0, max);
    memory_.remove_prefix(piece.size());
    return piece;
  }
  buffer_.resize(kFilePiece);
  file_.read(buffer_.data(), static_cast<std::streamsize>(std::min(max, buffer_.size())));
  return {buffer_.data(), static_cast<std::size_t>(file_.gcount())};
}

ServerResponse Respond(int status, std::string body, std::string_view content_type) {
  ServerResponse response;
  response.status = status;
  response.headers.emplace_back("Content-Type", content_type);
  response.body = std::move(body);
  return response;
}

}  // namespace brood::http
