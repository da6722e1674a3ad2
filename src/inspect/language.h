/* Whether public headers are C or C++, and what compiles them. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_LANGUAGE_H
#define INSPECT_LANGUAGE_H

#include <glib.h>

/* Before the path of a header or folder: it is C++, whatever it is called. */
#define LANGUAGE_CXX_MARK "c++:"

/* language_is_header: is this a name of a header: *.h, *.hh, *.hpp, *.hxx, *.h++, *.H? */
gboolean language_is_header(const char *name);

/* language_path: PATH without the mark. */
const char *language_path(const char *path);

/* language_is_cxx: is one of PATHS, a NULL-terminated array, marked, or one of FILES (char *) named as only C++ is? */
gboolean language_is_cxx(const char *const *paths, const GPtrArray *files);

/* language_compiler: the command of the compiler: $CXX or c++, $CC or cc. Static, or owned by the environment. */
const char *language_compiler(gboolean cxx);

#endif
