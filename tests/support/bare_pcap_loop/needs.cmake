# SPDX-License-Identifier: Apache-2.0
picket_package(pcap libpcap)
target_link_libraries(${name} PRIVATE PkgConfig::pcap)
