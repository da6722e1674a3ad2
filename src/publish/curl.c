/* libcurl by dlopen: see curl.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/curl.h"
#include "publish/error.h"

#include <dlfcn.h>

/* The Makefile asks the linker for the soname that these headers belong to. */
#ifndef CURL_SONAME
#error "CURL_SONAME: the soname of libcurl"
#endif

static gboolean fill(struct curl *functions, void *library)
{
#define FIND(name)                                                                                                     \
	functions->name = (__typeof__(&name))dlsym(library, #name);                                                    \
	if (functions->name == NULL)                                                                                   \
		return FALSE;
	CURL_FUNCTIONS(FIND)
#undef FIND
	return TRUE;
}

static gpointer load(gpointer why)
{
	static struct curl functions;
	void *library = dlopen(CURL_SONAME, RTLD_NOW | RTLD_LOCAL);

	if (library == NULL || !fill(&functions, library)) {
		*(char **)why = g_strdup(dlerror());
		return NULL;
	}
	if (functions.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		*(char **)why = g_strdup("it cannot be set up");
		return NULL;
	}
	return &functions;
}

const struct curl *curl_load(GError **error)
{
	static GOnce once = G_ONCE_INIT;
	static char *why;
	const struct curl *functions = g_once(&once, load, &why);

	if (functions == NULL)
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_TOOL,
			    "reading a URL needs %s: %s; install libcurl4 (apt) or libcurl (dnf)", CURL_SONAME, why);
	return functions;
}
