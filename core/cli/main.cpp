// SPDX-License-Identifier: Apache-2.0
// Placeholder entry until the command line is in place.
int main() { return 0; }
