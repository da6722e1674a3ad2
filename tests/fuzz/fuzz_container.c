/* Fuzzes the reading of packages and of the libraries and debug files in them: src/inspect. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/container.h"
#include "inspect/facts.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The same bytes are the package and its debug package. */
static void read_package(const char *path)
{
	g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) packages = g_ptr_array_new_with_free_func((GDestroyNotify)container_free);
	g_autoptr(container) c = container_libraries(path, NULL);

	for (guint i = 0; c != NULL && i < c->files->len; i++) {
		const struct container_file *f = c->files->pdata[i];
		if (f->build_id != NULL)
			g_hash_table_add(wanted, f->build_id);
	}
	struct container *debug = container_debug(path, wanted, NULL);
	if (debug != NULL)
		g_ptr_array_add(packages, debug);
	for (guint i = 0; c != NULL && i < c->files->len; i++) {
		const struct container_file *f = c->files->pdata[i];
		facts_free(facts_read_fd(f->fd, f->path, &(struct facts_sources){.debug_packages = packages}, NULL));
	}
}

static gboolean every_elf(const char *path, const struct facts *surface, gpointer user)
{
	(void)surface, (void)user;
	return *path != '\0';
}

static gboolean every_other(const char *path, gpointer user)
{
	(void)user;
	return *path != '\0';
}

static void pick(const char *path)
{
	const struct container_choice all = {every_elf, every_other, NULL};

	container_free(container_pick(path, &all, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);

	if (fd >= 0 && write(fd, data, size) == (ssize_t)size) {
		read_package(path);
		pick(path);
	}
	if (fd >= 0)
		close(fd);
	return 0;
}
