#include "sandboxd/json_text.hpp"

#include <boost/json.hpp>

namespace brood::sandboxd {
namespace {

namespace json = boost::json;

class Indenter {
 public:
  explicit Indenter(std::size_t width) : width_(width) {}

  std::string Take(const json::value& value) {
    Write(value);
    return std::move(out_);
  }

 private:
  void Write(const json::value& value) {
    if (value.is_object() && !value.get_object().empty()) {
      WriteAll('{', '}', value.get_object(), [this](const json::key_value_pair& pair) {
        out_ += json::serialize(pair.key());
        out_ += ": ";
        Write(pair.value());
      });
    } else if (value.is_array() && !value.get_array().empty()) {
      WriteAll('[', ']', value.get_array(), [this](const json::value& item) { Write(item); });
    } else {
      out_ += json::serialize(value);
    }
  }

  template <class Range, class WriteItem>
  void WriteAll(char open, char close, const Range& range, const WriteItem& write_item) {
    out_ += open;
    depth_ += width_;
    const char* separator = "\n";
    for (const auto& item : range) {
      out_ += separator;
      out_.append(depth_, ' ');
      write_item(item);
      separator = ", \n";
    }
    depth_ -= width_;
    out_ += '\n';
    out_.append(depth_, ' ');
    out_ += close;
  }

  const std::size_t width_;
  std::size_t depth_ = 0;
  std::string out_;
};

}  // namespace

std::string ToText(Persona persona, const json::value& value) {
  switch (persona) {
    case Persona::kCuckoo2:
      return Indenter(2).Take(value) + '\n';
    case Persona::kCuckoo1:
      return Indenter(4).Take(value);
    default:
      return json::serialize(value) + '\n';
  }
}

}  // namespace brood::sandboxd
