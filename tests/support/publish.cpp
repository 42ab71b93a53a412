// Puts its standard input into a queue as one message, whatever the bytes: publish DATABASE QUEUE.
#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>

#include "broker/sqlite/sqlite_broker.hpp"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string body(std::istreambuf_iterator<char>(std::cin), {});
  brood::sqlite::Writer writer(argv[1]);
  brood::broker::sqlite::SqliteBroker broker(writer);
  const brood::broker::Outgoing message{argv[2], body, {}};
  const auto published = broker.Publish(std::span(&message, 1));
  if (!published) std::fprintf(stderr, "%s\n", published.error().what.c_str());
  return published ? 0 : 1;
}
