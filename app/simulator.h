// The well-known token of Apple's old simulator, which ours issues too (-depsim).
#pragma once

#include "model/account.h"

namespace muster::app {

Token simulator_token();

}  // namespace muster::app
