/* libcurl, loaded when the first URL is read. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_CURL_H
#define PUBLISH_CURL_H

#define CURL_DISABLE_TYPECHECK /* its macros take the functions' names, not a table's */
#include <curl/curl.h>
#include <glib.h>

/*
 * It brings 25 other libraries with it, which take longer to load than most commands run; so abide is not linked to it.
 * The compiler checks calls through the table as it checks those of the functions.
 */
#define CURL_FUNCTIONS(ROW)                                                                                            \
	ROW(curl_global_init)                                                                                          \
	ROW(curl_easy_init)                                                                                            \
	ROW(curl_easy_setopt)                                                                                          \
	ROW(curl_easy_getinfo)                                                                                         \
	ROW(curl_easy_cleanup)                                                                                         \
	ROW(curl_easy_reset)                                                                                           \
	ROW(curl_easy_strerror)                                                                                        \
	ROW(curl_multi_init)                                                                                           \
	ROW(curl_multi_setopt)                                                                                         \
	ROW(curl_multi_add_handle)                                                                                     \
	ROW(curl_multi_remove_handle)                                                                                  \
	ROW(curl_multi_perform)                                                                                        \
	ROW(curl_multi_poll)                                                                                           \
	ROW(curl_multi_info_read)                                                                                      \
	ROW(curl_multi_cleanup)

struct curl {
#define CURL_FIELD(name) __typeof__(&name) name;
	CURL_FUNCTIONS(CURL_FIELD)
#undef CURL_FIELD
};

/*
 * curl_load: the functions, ready for use.
 *
 * Static, loaded once in a process; thread-safe. NULL with a PUBLISH_ERROR_TOOL when the library is not installed.
 */
const struct curl *curl_load(GError **error);

#endif
