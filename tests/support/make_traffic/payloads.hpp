// SPDX-License-Identifier: Apache-2.0
// How the payloads of well-known services begin, so that a second dissector has nothing to complain about.
// Any thread.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace picket::traffic {

/// A UDP service that answers more than it was asked.
struct Reflector {
    std::string_view name;
    uint16_t port;
    std::string_view request;
    uint16_t answer_size;
};

/// The services of the scenarios `amplification` and `reflection`.
extern const std::array<Reflector, 9> reflectors;

namespace payload {
extern const std::string_view dns_query;
extern const std::string_view dns_answer;
extern const std::string_view http_request;
extern const std::string_view http_answer;
extern const std::string_view ntp_request;
extern const std::string_view ntp_answer;
extern const std::string_view quic;
extern const std::string_view smtp;
extern const std::string_view ssh_ignore;
extern const std::string_view tls;
extern const std::string_view stratum_subscribe;
extern const std::string_view stratum_authorize;
extern const std::string_view stratum_accepted;
extern const std::string_view stratum_job;
extern const std::string_view stratum_submit;
}  // namespace payload

}  // namespace picket::traffic
