/* The kept answers without a file, for tests. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_CACHE_PRIVATE_H
#define PIN_CACHE_PRIVATE_H

#include "pin/cache.h"

/* cache_parse: the contents of a file that the tool with this id wrote; NULL when it is damaged or another's. */
cache *cache_parse(GBytes *file, const guint8 tool[CACHE_KEY_SIZE]);

/* cache_bytes: the file as it would be written. Caller unrefs. */
GByteArray *cache_bytes(const cache *c);

/* cache_count: how many answers there are. */
guint cache_count(const cache *c);

#endif
