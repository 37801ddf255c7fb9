// Rows of a full list, prepared in advance: to measure a client, not the simulator.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace muster::sim {

class World;
struct Account;

class ReadyRows {
 public:
  /// Makes the rows of the account's whole list as the newest protocol version has them, for pages of `page`
  /// devices. No device of it may have left. They are right until something happens to one of its devices:
  /// then, clear().
  static ReadyRows make(const World& world, const Account& account, size_t page);
  void clear() { *this = ReadyRows(); }

  struct Block {
    std::string_view text;  ///< the rows, with a comma between two
    size_t rows = 0;        ///< 0: there is no such block, the rows must be made
  };
  /// What a page of `limit` devices from place `first` of the list on has in it.
  Block from(size_t first, size_t limit, int version) const;

 private:
  size_t page_ = 0;
  size_t listed_ = 0;
  std::vector<std::string> blocks_;
};

}  // namespace muster::sim
