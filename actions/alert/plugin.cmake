# SPDX-License-Identifier: Apache-2.0
picket_package(libsystemd libsystemd)
target_link_libraries(${plugin} PUBLIC PkgConfig::libsystemd)
