/* The search for separate debug information: see debuginfo.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/debuginfo.h"
#include "core/text.h"
#include "inspect/container.h"
#include "inspect/debugsections.h"
#include "inspect/reader.h"
#include "inspect/split.h"

#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SYSTEM_FOLDER "/usr/lib/debug"

/* What is looked for: a file with this build-id, or one of this name and checksum. */
struct search {
	const struct facts_sources *sources;
	const char *build_id; /* NULL when the file has none */
	const char *beside;   /* the path of the file that refers to it, NULL when that is no path */
	const char *name;     /* the file name in .gnu_debuglink, without folders; NULL when there is none */
	guint32 crc;          /* of the whole file of that name */
	char *found;          /* the path that was taken */
	char *refused;        /* the last file that was there and could not be taken, and why */
};

static struct debuginfo *take_elf(Elf *elf, int fd)
{
	struct debuginfo *d = g_new0(struct debuginfo, 1);

	d->fd = fd;
	d->elf = elf;
	return d;
}

void debuginfo_free(struct debuginfo *debuginfo)
{
	if (debuginfo == NULL)
		return;
	dwarf_end(debuginfo->dwarf);
	debuginfo_free(debuginfo->alternate);
	elf_end(debuginfo->elf);
	debuginfo_free(debuginfo->whole);
	g_free(debuginfo->image);
	if (debuginfo->fd >= 0)
		close(debuginfo->fd);
	g_free(debuginfo);
}

/* The CRC-32 of ISO 3309, as .gnu_debuglink has it, four bits at a time. */
static guint32 crc_of(const guchar *data, gsize size)
{
	guint32 table[16], crc = 0xffffffff;

	for (guint32 i = 0; i < G_N_ELEMENTS(table); i++) {
		table[i] = i;
		for (int bit = 0; bit < 4; bit++)
			table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xedb88320 : 0);
	}
	for (gsize i = 0; i < size; i++) {
		crc = crc >> 4 ^ table[(crc ^ data[i]) & 15];
		crc = crc >> 4 ^ table[(crc ^ data[i] >> 4) & 15];
	}
	return ~crc;
}

static void refuse(struct search *s, const char *path, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void refuse(struct search *s, const char *path, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_autofree char *why = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_free(s->refused);
	s->refused = g_strdup_printf("%s %s", path, why);
}

/* Is what was opened the file that is looked for? BY_NAME: only its name says so, so far. */
static gboolean is_wanted(struct search *s, const char *path, Elf *elf, gboolean by_name)
{
	const void *bits = NULL;
	gssize id_size = dwelf_elf_gnu_build_id(elf, &bits);
	g_autofree char *id = id_size > 0 ? facts_hex(bits, (gsize)id_size) : NULL;
	gsize size = 0;

	if (s->build_id != NULL && id != NULL && strcmp(id, s->build_id) != 0) {
		refuse(s, path, "belongs to build-id %s, not to %s", id, s->build_id);
		return FALSE;
	}
	if (!by_name && id == NULL) {
		refuse(s, path, "has no build-id");
		return FALSE;
	}
	const char *data = by_name ? elf_rawfile(elf, &size) : NULL;
	if (by_name && (data == NULL || crc_of((const guchar *)data, size) != s->crc)) {
		refuse(s, path, "has another CRC-32 than .gnu_debuglink says");
		return FALSE;
	}
	return TRUE;
}

/* Takes FD over. */
static struct debuginfo *try_fd(struct search *s, const char *path, int fd, gboolean by_name)
{
	g_autoptr(debuginfo) d = take_elf(elf_begin(fd, ELF_C_READ_MMAP, NULL), fd);

	if (d->elf == NULL || elf_kind(d->elf) != ELF_K_ELF) {
		refuse(s, path, "is not an ELF file");
		return NULL;
	}
	if (!is_wanted(s, path, d->elf, by_name))
		return NULL;
	g_autofree char *why = NULL;
	d->dwarf = debugsections_begin(d->elf, &why);
	if (d->dwarf == NULL) {
		refuse(s, path, "has no debug information either%s%s", why ? ": " : "", why ? why : "");
		return NULL;
	}
	s->found = g_strdup(path);
	return g_steal_pointer(&d);
}

/* Takes PATH over. */
static struct debuginfo *try_path(struct search *s, char *path, gboolean by_name)
{
	g_autofree char *owned = path;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return try_fd(s, path, fd, by_name);
	if (fd >= 0)
		close(fd);
	return NULL;
}

static struct debuginfo *try_packages(struct search *s)
{
	const GPtrArray *packages = s->sources->debug_packages;

	for (guint i = 0; packages != NULL && s->build_id != NULL && i < packages->len; i++) {
		const struct container *c = packages->pdata[i];
		const struct container_file *f = container_find(c, s->build_id);
		int fd = f ? fcntl(f->fd, F_DUPFD_CLOEXEC, 0) : -1;
		g_autofree char *shown = f ? g_strdup_printf("%s: %s", c->path, f->path) : NULL;
		struct debuginfo *d = fd >= 0 ? try_fd(s, shown, fd, FALSE) : NULL;
		if (d != NULL)
			return d;
		if (f == NULL)
			refuse(s, c->path, "is of another build: it has nothing for build-id %s", s->build_id);
	}
	return NULL;
}

/* A build-id becomes the path of a file: it must be long enough to be split, and is hexadecimal by construction. */
static struct debuginfo *try_build_id(struct search *s, const char *folder)
{
	if (s->build_id == NULL || strlen(s->build_id) < 3)
		return NULL;
	g_autofree char *tail = g_strdup_printf(".build-id/%.2s/%s.debug", s->build_id, s->build_id + 2);
	g_autofree char *flat = g_strconcat(s->build_id + 2, ".debug", NULL);
	struct debuginfo *d = try_path(s, g_build_filename(folder, tail, NULL), FALSE);

	if (d == NULL && strcmp(folder, SYSTEM_FOLDER) != 0)
		d = try_path(s, g_build_filename(folder, SYSTEM_FOLDER, tail, NULL), FALSE);
	return d ? d : try_path(s, g_build_filename(folder, flat, NULL), FALSE);
}

static struct debuginfo *try_name(struct search *s, const char *folder)
{
	g_autofree char *real = s->beside ? realpath(s->beside, NULL) : NULL;
	g_autofree char *dir = real ? g_path_get_dirname(real) : NULL;
	struct debuginfo *d = dir ? try_path(s, g_build_filename(folder, dir, s->name, NULL), TRUE) : NULL;

	if (d == NULL && dir != NULL && strcmp(folder, SYSTEM_FOLDER) != 0)
		d = try_path(s, g_build_filename(folder, SYSTEM_FOLDER, dir, s->name, NULL), TRUE);
	return d ? d : try_path(s, g_build_filename(folder, s->name, NULL), TRUE);
}

static struct debuginfo *try_beside(struct search *s)
{
	g_autofree char *dir = s->beside ? g_path_get_dirname(s->beside) : NULL;
	struct debuginfo *d = dir ? try_path(s, g_build_filename(dir, s->name, NULL), TRUE) : NULL;

	return d || dir == NULL ? d : try_path(s, g_build_filename(dir, ".debug", s->name, NULL), TRUE);
}

static struct debuginfo *look(struct search *s)
{
	static const char *const none[] = {NULL};
	const char *const *dirs = s->sources->debug_dirs ? s->sources->debug_dirs : none;
	struct debuginfo *d = try_packages(s);

	for (const char *const *dir = dirs; d == NULL && *dir != NULL; dir++)
		d = try_build_id(s, *dir);
	if (d == NULL)
		d = try_build_id(s, SYSTEM_FOLDER);
	if (d != NULL || s->name == NULL)
		return d;
	d = try_beside(s);
	for (const char *const *dir = dirs; d == NULL && *dir != NULL; dir++)
		d = try_name(s, *dir);
	return d ? d : try_name(s, SYSTEM_FOLDER);
}

/* What dwz moved out of D. FALSE when it is nowhere; NEEDED then says what is missing (caller frees). */
static gboolean open_alternate(struct debuginfo *d, const struct facts_sources *sources, char **needed)
{
	const char *name = NULL;
	const void *bits = NULL;
	gssize size = dwelf_dwarf_gnu_debugaltlink(d->dwarf, &name, &bits);

	if (size <= 0 || dwarf_getalt(d->dwarf) != NULL)
		return TRUE;
	g_autofree char *id = facts_hex(bits, (gsize)size);
	g_autofree char *base = g_path_get_basename(name);
	struct search s = {.sources = sources, .build_id = id};
	for (const char *const *dir = sources->debug_dirs; dir != NULL && *dir != NULL && d->alternate == NULL; dir++)
		d->alternate = try_path(&s, g_build_filename(*dir, base, NULL), FALSE);
	if (d->alternate == NULL)
		d->alternate = look(&s);
	if (d->alternate != NULL) {
		dwarf_setalt(d->dwarf, d->alternate->dwarf);
	} else {
		g_autofree char *shown = text_one_line(name);
		*needed = g_strdup_printf("its shared part %s (build-id %s), which dwz made, is missing%s%s", shown, id,
					  s.refused ? "; " : "", s.refused ? s.refused : "");
	}
	g_free(s.found);
	g_free(s.refused);
	return d->alternate != NULL;
}

/*
 * Takes in what -gsplit-dwarf left in other files: OPENED, whose sections are ELF's, becomes an image of the whole. FALSE when
 * some of it is nowhere; NEEDED then says what is missing (caller frees).
 */
static gboolean join_split(struct debuginfo **opened, Elf *elf, const struct search *s, char **needed)
{
	const char *files[] = {s->beside, s->found, NULL};
	g_autoptr(debuginfo) joined = take_elf(NULL, -1);
	gsize size = 0;

	if ((*opened)->dwarf == NULL || !split_is((*opened)->dwarf))
		return TRUE;
	joined->image = split_join((*opened)->dwarf, elf, files + (s->beside == NULL), s->sources->debug_dirs, &size, needed);
	if (joined->image == NULL)
		return FALSE;
	joined->elf = elf_memory(joined->image, size);
	joined->dwarf = dwarf_begin_elf(joined->elf, DWARF_C_READ, NULL);
	joined->whole = *opened;
	*opened = g_steal_pointer(&joined);
	return TRUE;
}

/* For people: what was looked for in vain, and how to get it. */
static char *missing(const struct search *s, const char *needed, const char *unread)
{
	GString *text = g_string_new(needed ? needed : s->refused ? s->refused : unread);

	if (s->build_id == NULL && s->name == NULL && text->len == 0)
		return g_string_free(text, TRUE);
	if (text->len == 0 && s->build_id != NULL)
		g_string_append_printf(text, "no debug file for build-id %s", s->build_id);
	else if (text->len == 0)
		g_string_append_printf(text, "no debug file %s", s->name);
	g_string_append(text, "; install the -dbgsym or -debuginfo package of this build, or give it with --debug-package "
			      "or --debug-dir");
	return g_string_free(text, FALSE);
}

/* The name in .gnu_debuglink comes from outside: one with folders in it is not followed. */
static void read_link(struct search *s, Elf *elf)
{
	GElf_Word crc = 0;
	const char *name = dwelf_elf_gnu_debuglink(elf, &crc);

	if (name == NULL || *name == '\0' || strchr(name, '/') != NULL || strcmp(name, "..") == 0)
		return;
	s->name = name;
	s->crc = crc;
}

struct debuginfo *debuginfo_open(struct facts *facts, Elf *elf, const char *beside, const struct facts_sources *sources)
{
	static const struct facts_sources nothing = {0};
	struct search s = {.sources = sources ? sources : &nothing, .build_id = facts->build_id, .beside = beside};
	g_autoptr(debuginfo) own = take_elf(NULL, -1), separate = NULL;
	g_autofree char *needed = NULL, *advice = NULL, *unread = NULL;

	own->dwarf = debugsections_begin(elf, &unread);
	if (own->dwarf == NULL) {
		read_link(&s, elf);
		separate = look(&s);
	}
	struct debuginfo **chosen = separate ? &separate : &own;
	gboolean whole = join_split(chosen, separate ? separate->elf : elf, &s, &advice);
	if (!whole || ((*chosen)->dwarf != NULL && !open_alternate(*chosen, s.sources, &needed)))
		g_clear_pointer(&(*chosen)->dwarf, dwarf_end);
	if ((*chosen)->dwarf != NULL)
		facts->debug_file = facts_keep(facts, s.found);
	if (whole && (*chosen)->dwarf == NULL)
		advice = missing(&s, needed, unread);
	facts->debug_missing = facts_keep(facts, advice);
	g_free(s.found);
	g_free(s.refused);
	return g_steal_pointer(chosen);
}
