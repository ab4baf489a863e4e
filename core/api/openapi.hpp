// SPDX-License-Identifier: Apache-2.0
// etc/openapi.yaml, which the build puts into the program. Any thread.
#pragma once
#include <string_view>

namespace picket {

std::string_view openapi_yaml();

}  // namespace picket
