/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Version of everything built from this tree: the module, the tools and,
 * through CMakeLists.txt and debian/rules, the packages.
 */
#ifndef IOASID_VERSION_H
#define IOASID_VERSION_H

#define IOASID_MODULE_VERSION	"0.1.0"

#endif /* IOASID_VERSION_H */
