# SPDX-License-Identifier: Apache-2.0
# Reads captures by libpcap alone, so that the comparison with tshark tests the decoder and nothing of ours beside it.
picket_package(pcap libpcap)
target_link_libraries(${name} PRIVATE PkgConfig::pcap)
