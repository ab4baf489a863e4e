// SPDX-License-Identifier: Apache-2.0
// Direction of a flow record, seen from the local prefixes. Engine thread.
#pragma once
#include <string>
#include <vector>

#include "core/model/flow_record.hpp"
#include "core/model/prefix.hpp"

namespace picket {

class Classifier {
  public:
    explicit Classifier(const std::vector<Prefix>& local);

    /// What goes to a multicast or broadcast group stays in the local network: with a local or unspecified
    /// source it is internal (DHCP, mDNS), from elsewhere it is inbound.
    [[nodiscard]] Direction classify(const FlowRecord& record) const;

  private:
    PrefixMap<bool> local_;
};

/// RFC 1918, RFC 6598, RFC 4193 and link-local prefixes: what is local when nobody says.
std::vector<Prefix> private_prefixes();
/// The addresses of this machine's interfaces, as prefixes of full length; loopback excepted.
std::vector<Prefix> own_addresses();
/// Texts to prefixes; the first wrong one is the error.
Result<std::vector<Prefix>> parse_prefixes(const std::vector<std::string>& texts);

}  // namespace picket
