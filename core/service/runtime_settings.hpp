// SPDX-License-Identifier: Apache-2.0
// Settings that people made while it ran, as one more layer of the configuration: the same checks, the same
// messages, and "set at run time" as their origin. Main thread, and that of a reload.
#pragma once
#include <functional>
#include <vector>

#include "core/config/config.hpp"
#include "core/model/result.hpp"
#include "core/service/setup.hpp"
#include "core/store/store.hpp"

namespace picket {

/// One line for each, in their order.
ConfigText layer_of(const StoredSettings& settings);
/// What `load` makes of the configuration with the settings over it. Settings that are wrong by now (of a
/// policy that is gone, say) are left out, and the problems with them are in `left_out`.
Setup load_with(const std::function<Setup(const StoredSettings&)>& load, StoredSettings& settings,
                std::vector<Error>& left_out);

}  // namespace picket
