// SPDX-License-Identifier: Apache-2.0
// Exponentially weighted mean and variance of a measure, one sample a window:
//   d = x - mean;  mean += a d;  var = (1 - a)(var + a d^2)
// (T. Finch, "Incremental calculation of weighted mean and variance", 2009, section 9). Engine thread.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>

namespace picket {

/// Plain data, lives in a row; all zero is a baseline that has learned nothing.
struct Baseline {
    double mean;
    double variance;
    uint64_t frozen_until_ns;
    uint32_t samples;
    uint32_t reserved;

    void learn(double x, double alpha) {
        if (samples == 0) {
            mean = x;
        } else {
            const double d = x - mean;
            mean += alpha * d;
            variance = (1 - alpha) * (variance + alpha * d * d);
        }
        samples += samples < UINT32_MAX ? 1 : 0;
    }

    /// learn(0) `times` times, in closed form: with q = 1 - a, the mean m becomes q^k m, and the variance v
    /// becomes q^k (v + m^2 (1 - q^k)).
    void learn_zeros(uint64_t times, double alpha) {
        if (times == 0) return;
        if (samples == 0) {
            samples = 1;
            --times;
        }
        const double q_k = std::pow(1 - alpha, static_cast<double>(times));
        variance = q_k * (variance + mean * mean * (1 - q_k));
        mean *= q_k;
        samples = static_cast<uint32_t>(std::min<uint64_t>(UINT32_MAX, uint64_t{samples} + times));
    }

    /// How many standard deviations `x` is from the mean; 0 before `warmup` samples. Bounded to ±1000, which
    /// is also what a departure from a constant is.
    [[nodiscard]] double z(double x, uint32_t warmup) const {
        if (samples < warmup || x == mean) return 0;
        return std::clamp((x - mean) / std::sqrt(variance), -1000.0, 1000.0);
    }
};
static_assert(sizeof(Baseline) == 32);

}  // namespace picket
