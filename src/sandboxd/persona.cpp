#include "sandboxd/persona.hpp"

#include <fmt/format.h>

#include "sandboxd/answers_json.hpp"

namespace brood::sandboxd {
namespace {

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#039;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

/// 1.2's framework, bottle.
std::string BottlePage(int status, std::string_view message, const http::ServerRequest& request) {
  const std::string_view host = http::Find(request.headers, "Host").value_or("");
  constexpr std::string_view kPage = R"(
    <!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">
    <html>
        <head>
            <title>Error: {0} {1}</title>
            <style type="text/css">
              html {{background-color: #eee; font-family: sans;}}
              body {{background-color: #fff; border: 1px solid #ddd;
                    padding: 15px; margin: 15px;}}
              pre {{background-color: #eee; border: 1px solid #ddd; padding: 5px;}}
            </style>
        </head>
        <body>
            <h1>Error: {0} {1}</h1>
            <p>Sorry, the requested URL <tt>&#039;http://{2}{3}&#039;</tt>
               caused an error:</p>
            <pre>{4}</pre>
        </body>
    </html>
)";
  return fmt::format(kPage, status, http::ReasonPhrase(status), Escaped(host), Escaped(request.path),
                     Escaped(message));
}

std::string_view FlaskSentence(int status) {
  switch (status) {
    case 400:
      return "The browser (or proxy) sent a request that this server could not understand.";
    case 404:
      return "The requested URL was not found on the server. If you entered the URL manually please check your "
             "spelling and try again.";
    case 405:
      return "The method is not allowed for the requested URL.";
    default:
      return "The server encountered an internal error and was unable to complete your request. Either the "
             "server "
             "is overloaded or there is an error in the application.";
  }
}

/// 2.0.7's framework, Flask on Werkzeug.
std::string FlaskPage(int status) {
  return fmt::format(
      "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\">\n<title>{0} "
      "{1}</title>\n<h1>{1}</h1>\n<p>{2}</p>\n",
      status, http::ReasonPhrase(status), FlaskSentence(status));
}

std::string BottleSentence(int status, const http::ServerRequest& request) {
  if (status == 404) return fmt::format("Not found: '{}'", request.path);
  return std::string(status == 405 ? "Method not allowed." : http::ReasonPhrase(status));
}

}  // namespace

http::ServerResponse JsonAnswer(Persona persona, std::string body) {
  const bool is_bottle = persona == Persona::kCuckoo1;
  return http::Respond(200, std::move(body),
                       is_bottle ? "application/json; charset=UTF-8" : "application/json");
}

http::ServerResponse Refusal(Persona persona, int status, std::string_view message,
                             const http::ServerRequest& request) {
  if (persona == Persona::kCuckoo1) {
    return http::Respond(status, BottlePage(status, message, request), "text/html; charset=UTF-8");
  }
  return http::Respond(status, MessageAnswer(persona, message), "application/json");
}

http::ServerResponse ErrorPage(Persona persona, int status, const http::ServerRequest& request) {
  if (persona == Persona::kCuckoo1) return Refusal(persona, status, BottleSentence(status, request), request);
  return http::Respond(status, FlaskPage(status), "text/html");
}

void AddHeaders(Persona persona, http::ServerResponse& response) {
  if (persona == Persona::kBrood) {
    response.headers.emplace_back("Server", "brood sandbox");
    return;
  }
  // 1.2 sets them with its own answers only, not with the framework's pages.
  if (persona == Persona::kCuckoo1 && response.status != 200) {
    response.headers.emplace_back("Server", "WSGIServer/0.1 Python/2.7.18");
    return;
  }
  response.headers.insert(response.headers.end(), {{"Server", "Machete Server"},
                                                   {"X-Content-Type-Options", "nosniff"},
                                                   {"X-Frame-Options", "DENY"},
                                                   {"X-XSS-Protection", "1; mode=block"},
                                                   {"Pragma", "no-cache"},
                                                   {"Cache-Control", "no-cache"},
                                                   {"Expires", "0"}});
}

void SetManners(Persona persona, http::ServerSettings& settings) {
  if (persona == Persona::kBrood) return;
  settings.protocol = http::Protocol::kHttp10;
  settings.concurrency = http::Concurrency::kOneConnection;
  settings.threads = 1;
  settings.backlog = persona == Persona::kCuckoo1 ? 5 : 128;  // the kernel takes one more
  settings.expect =
      persona == Persona::kCuckoo1 ? http::ExpectManner::kSilent : http::ExpectManner::kContinueUnseen;
}

}  // namespace brood::sandboxd
