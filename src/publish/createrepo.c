/* libcreaterepo_c by dlopen: see createrepo.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/createrepo.h"
#include "publish/error.h"

#include <dlfcn.h>
#include <rpm/rpmlog.h>

/* The Makefile asks the linker for the soname that these headers belong to. */
#ifndef CREATEREPO_SONAME
#error "CREATEREPO_SONAME: the soname of libcreaterepo_c"
#endif

#define LOG_DOMAIN "C_CREATEREPOLIB"

static gboolean fill(struct createrepo *functions, void *library)
{
#define FIND(name)                                         \
	functions->name = (__typeof__(&name))dlsym(library, #name); \
	if (functions->name == NULL)                       \
		return FALSE;
	CREATEREPO_FUNCTIONS(FIND)
#undef FIND
	return TRUE;
}

/* What the library has to say beside its errors. */
static void say_nothing(const char *domain, GLogLevelFlags level, const char *message, gpointer user)
{
	(void)domain, (void)level, (void)message, (void)user;
}

static gpointer load(gpointer why)
{
	static struct createrepo functions;
	void *library = dlopen(CREATEREPO_SONAME, RTLD_NOW | RTLD_LOCAL);

	if (library == NULL || !fill(&functions, library)) {
		*(char **)why = g_strdup(dlerror());
		return NULL;
	}
	rpmlogSetMask(RPMLOG_UPTO(RPMLOG_CRIT)); /* what we have to say goes by GError */
	g_log_set_handler(LOG_DOMAIN, G_LOG_LEVEL_MASK, say_nothing, NULL);
	functions.cr_package_parser_init();
	functions.cr_xml_dump_init();
	return &functions;
}

const struct createrepo *createrepo_load(GError **error)
{
	static GOnce once = G_ONCE_INIT;
	static char *why;
	const struct createrepo *functions = g_once(&once, load, &why);

	if (functions == NULL)
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_TOOL,
			    "publishing an .rpm needs %s: %s; install libcreaterepo-c0 (apt) or createrepo_c-libs (dnf)",
			    CREATEREPO_SONAME, why);
	return functions;
}
