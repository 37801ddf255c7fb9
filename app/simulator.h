// The well-known token of Apple's discontinued simulator, which depsim also uses (-depsim).
#pragma once

#include "model/account.h"

namespace muster::app {

Token simulator_token();

}  // namespace muster::app
