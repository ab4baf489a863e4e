// SPDX-License-Identifier: Apache-2.0
// What reading files and listening on interfaces have in common for the plugin.
#pragma once
#include <cstdint>
#include <string>

#include "picket/sdk/outcome.hpp"

namespace picket::capture {

class Capture {
  public:
    virtual ~Capture() = default;
    [[nodiscard]] virtual uint32_t shards() const = 0;                                            // [main]
    virtual sdk::Outcome next_batch(uint32_t shard, uint64_t timeout_ns, picket_batch& out) = 0;  // [source]
    virtual void wake() = 0;                                                                      // [any]
    [[nodiscard]] virtual std::string interface_name(uint32_t number) const = 0;                  // [any]
};

}  // namespace picket::capture
