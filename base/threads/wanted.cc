#include "base/threads/wanted.h"

#include <utility>

namespace muster {
namespace {

thread_local const Wanted* innermost = nullptr;

}  // namespace

Wanted::Wanted(std::stop_token server, std::stop_token client)
    : server_(std::move(server)), client_(std::move(client)), outer_(std::exchange(innermost, this)) {}

Wanted::~Wanted() { innermost = outer_; }

const Wanted* Wanted::here() { return innermost; }
void Wanted::adopt(const Wanted* of_other) { innermost = of_other; }

bool Wanted::still(bool writing) {
  for (const Wanted* work = innermost; work; work = work->outer_)
    if (work->server_.stop_requested() || (!writing && work->client_.stop_requested())) return false;
  return true;
}

}  // namespace muster
