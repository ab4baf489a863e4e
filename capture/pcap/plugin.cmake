# SPDX-License-Identifier: Apache-2.0
picket_package(libpcap libpcap)
target_link_libraries(${plugin} PUBLIC PkgConfig::libpcap)
