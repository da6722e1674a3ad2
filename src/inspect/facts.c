/* Reading the facts of one ELF file: opens it, lets the readers fill them in, sorts. See facts.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/facts.h"
#include "inspect/code.h"
#include "inspect/debuginfo.h"
#include "inspect/entry.h"
#include "inspect/import_types.h"
#include "inspect/member_index.h"
#include "inspect/producer.h"
#include "inspect/properties.h"
#include "inspect/marks.h"
#include "inspect/reader.h"
#include "inspect/release_version.h"
#include "inspect/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(facts-error-quark, facts_error)

const char *facts_keep(struct facts *facts, const char *text)
{
	return text ? g_string_chunk_insert_const(facts->strings, text) : NULL;
}

static int compare_symbols(const void *a, const void *b)
{
	const struct facts_symbol *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : g_strcmp0(x->node, y->node);
}

static int compare_nodes(const void *a, const void *b)
{
	return strcmp(((const struct facts_node *)a)->name, ((const struct facts_node *)b)->name);
}

static int compare_needs(const void *a, const void *b)
{
	const struct facts_need *x = a, *y = b;
	int order = strcmp(x->library, y->library);

	return order != 0 ? order : strcmp(x->node, y->node);
}

static int compare_types(const void *a, const void *b)
{
	return strcmp(((const struct facts_type *)a)->name, ((const struct facts_type *)b)->name);
}

static void sort(void *base, guint n, gsize size, int (*compare)(const void *, const void *))
{
	if (n > 1)
		qsort(base, n, size, compare);
}

void facts_sort_types(struct facts *facts)
{
	sort(facts->types, facts->n_types, sizeof *facts->types, compare_types);
}

char *facts_hex(const guchar *bytes, gsize size)
{
	GString *hex = g_string_sized_new(size * 2);

	for (gsize i = 0; i < size; i++)
		g_string_append_printf(hex, "%02x", bytes[i]);
	return g_string_free(hex, FALSE);
}

int facts_open(const char *path, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	if (fd < 0) {
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_INPUT, "%s: cannot open: %s", path, g_strerror(errno));
		return -1;
	}
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_INPUT,
			    "%s: not a regular file; name a shared library or a program", path);
		close(fd);
		return -1;
	}
	return fd;
}

/* The section headers stand last in what linkers write, so a file that was cut lacks them. */
static gboolean check_whole(const struct facts *facts, Elf *elf, GError **error)
{
	GElf_Ehdr header;
	gsize size = 0;

	if (elf_rawfile(elf, &size) != NULL && gelf_getehdr(elf, &header) != NULL && header.e_shoff != 0 &&
	    (header.e_shoff > size || (gsize)header.e_shnum * header.e_shentsize > size - header.e_shoff)) {
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_CORRUPT,
			    "%s: truncated: its section headers are past the end of the file; copy it again", facts->path);
		return FALSE;
	}
	return TRUE;
}

static gboolean read_surface(struct facts *facts, Elf *elf, GError **error)
{
	if (elf != NULL && elf_kind(elf) == ELF_K_AR) {
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_INPUT,
			    "%s: a static archive; link it into a shared library first", facts->path);
		return FALSE;
	}
	if (elf == NULL || elf_kind(elf) != ELF_K_ELF) {
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_INPUT,
			    "%s: not an ELF file; name a shared library or a program", facts->path);
		return FALSE;
	}
	if (!check_whole(facts, elf, error) || !facts_read_dynamic(facts, elf, error) || !marks_read(facts, elf, error))
		return FALSE;
	entry_resolve(facts, elf);
	properties_read(facts, elf);
	sort(facts->exports, facts->n_exports, sizeof *facts->exports, compare_symbols);
	sort(facts->imports, facts->n_imports, sizeof *facts->imports, compare_symbols);
	sort(facts->nodes, facts->n_nodes, sizeof *facts->nodes, compare_nodes);
	sort(facts->needs, facts->n_needs, sizeof *facts->needs, compare_needs);
	return TRUE;
}

static void read_types(struct facts *facts, Elf *elf, const char *beside, const struct facts_sources *sources)
{
	g_autoptr(debuginfo) debug = debuginfo_open(facts, elf, beside, sources);
	const struct facts_headers *headers = sources ? sources->headers : NULL;

	facts->headers_known = headers != NULL;
	if (sources != NULL && sources->interface != NULL)
		facts_read_import_types(facts, debug->dwarf, sources->interface);
	else
		facts_read_types(facts, debug->dwarf, headers);
	if (headers != NULL)
		facts_headers_add_inlined(headers, facts);
	if (facts->evidence == FACTS_TYPES) {
		producer_read(facts, debug->dwarf);
		code_read(facts, elf);
	}
}

/* BESIDE: the path of the file on disk, or NULL. */
static struct facts *read_open_file(int fd, const char *shown, const char *beside, gboolean surface_only,
				    const struct facts_sources *sources, GError **error)
{
	g_autoptr(facts) facts = g_new0(struct facts, 1);

	facts->strings = g_string_chunk_new(4096);
	facts->path = facts_keep(facts, shown);
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	gboolean good = read_surface(facts, elf, error);
	if (good && beside != NULL) {
		g_autofree char *version = release_version_of_file(beside, facts->soname);
		facts->version = facts_keep(facts, version);
	}
	if (good && !surface_only)
		read_types(facts, elf, beside, sources);
	elf_end(elf);
	return good ? g_steal_pointer(&facts) : NULL;
}

struct facts *facts_read_surface_fd(int fd, const char *shown, GError **error)
{
	return read_open_file(fd, shown, NULL, TRUE, NULL, error);
}

struct facts *facts_read_surface(const char *path, GError **error)
{
	int fd = facts_open(path, error);

	if (fd < 0)
		return NULL;
	struct facts *facts = read_open_file(fd, path, path, TRUE, NULL, error);
	close(fd);
	return facts;
}

struct facts *facts_read_fd(int fd, const char *shown, const struct facts_sources *sources, GError **error)
{
	return read_open_file(fd, shown, NULL, FALSE, sources, error);
}

struct facts *facts_read(const char *path, const struct facts_sources *sources, GError **error)
{
	if (snapshot_is(path))
		return snapshot_read(path, error);
	int fd = facts_open(path, error);
	if (fd < 0)
		return NULL;
	struct facts *facts = read_open_file(fd, path, path, FALSE, sources, error);
	close(fd);
	return facts;
}

void facts_class_free(struct facts_class *class)
{
	if (class == NULL)
		return;
	g_free(class->bases);
	g_free(class->virtuals);
	g_free(class);
}

void facts_free(struct facts *facts)
{
	if (facts == NULL)
		return;
	for (guint i = 0; i < facts->n_types; i++) {
		g_free(facts->types[i].members);
		g_free(facts->types[i].enumerators);
		facts_class_free(facts->types[i].class);
		member_index_free(facts->types[i].index);
	}
	g_free(facts->types);
	g_free(facts->inlined);
	g_free(facts->exports);
	g_free(facts->imports);
	g_free(facts->nodes);
	g_free(facts->needs);
	g_free(facts->marks);
	g_free(facts->needed);
	g_free(facts->properties);
	if (facts->strings != NULL)
		g_string_chunk_free(facts->strings);
	g_free(facts);
}

gboolean facts_is_elf(const char *path)
{
	char magic[SELFMAG];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return FALSE;
	ssize_t n = read(fd, magic, sizeof magic);
	close(fd);
	return n == SELFMAG && memcmp(magic, ELFMAG, SELFMAG) == 0;
}

guint facts_first_export(const struct facts *facts, const char *name)
{
	guint low = 0, high = facts->n_exports;

	while (low < high) {
		guint middle = low + (high - low) / 2;
		if (strcmp(facts->exports[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct facts_symbol *facts_find_export(const struct facts *facts, const char *name)
{
	for (guint i = facts_first_export(facts, name);
	     i < facts->n_exports && strcmp(facts->exports[i].name, name) == 0; i++)
		if (facts->exports[i].is_default)
			return &facts->exports[i];
	return NULL;
}

gboolean facts_has_export(const struct facts *facts, const char *name, const char *node)
{
	for (guint i = facts_first_export(facts, name);
	     i < facts->n_exports && strcmp(facts->exports[i].name, name) == 0; i++)
		if (g_strcmp0(facts->exports[i].node, node) == 0)
			return TRUE;
	return FALSE;
}

const char *facts_machine_name(guint16 machine)
{
	static const struct {
		guint16 machine;
		const char *name;
	} names[] = {
		{EM_X86_64, "x86-64"}, {EM_386, "80386"},     {EM_AARCH64, "AArch64"},  {EM_ARM, "ARM"},
		{EM_RISCV, "RISC-V"},  {EM_PPC64, "PowerPC64"}, {EM_S390, "S/390"},     {EM_MIPS, "MIPS"},
		{EM_PPC, "PowerPC"},   {EM_SPARCV9, "SPARC v9"}, {EM_LOONGARCH, "LoongArch"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (names[i].machine == machine)
			return names[i].name;
	return "an unknown machine";
}

const char *facts_symbol_kind_name(enum facts_symbol_kind kind)
{
	static const char *const names[] = {
		[FACTS_FUNCTION] = "function", [FACTS_OBJECT] = "object", [FACTS_TLS] = "thread-local object",
		[FACTS_IFUNC] = "indirect function", [FACTS_UNTYPED] = "untyped symbol",
	};

	return names[kind];
}
