// A server that says to its first client what a test tells it, byte by byte, and then nothing more: the
// connection stays open.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <thread>

namespace muster::test {

class RawAnswer {
 public:
  explicit RawAnswer(std::string bytes)
      : acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}),
        port_(acceptor_.local_endpoint().port()),
        thread_([this, bytes = std::move(bytes)] { answer(bytes); }) {}
  ~RawAnswer() { thread_.join(); }
  RawAnswer(const RawAnswer&) = delete;
  RawAnswer& operator=(const RawAnswer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

 private:
  void answer(const std::string& bytes) {
    boost::system::error_code error;
    acceptor_.accept(client_, error);
    std::string request;
    if (!error) boost::asio::read_until(client_, boost::asio::dynamic_buffer(request), "\r\n\r\n", error);
    if (!error) boost::asio::write(client_, boost::asio::buffer(bytes), error);
  }

  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::ip::tcp::socket client_{io_};
  const unsigned short port_;
  std::thread thread_;
};

}  // namespace muster::test
