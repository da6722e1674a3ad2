/* The search for .dwo and .dwp files: see split.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/split.h"
#include "core/text.h"
#include "inspect/debugsections.h"
#include "inspect/dwp.h"
#include "inspect/unsplit.h"

#include <dwarf.h>
#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A .dwo or .dwp file, opened. */
struct part_file {
	Elf *elf;
	Dwarf *dwarf;		    /* of a .dwo */
	struct unsplit_parts whole; /* its sections */
	GPtrArray *joined;	    /* GByteArray *: sections of one name, put together */
	gsize ceiling;		    /* for how large such may become */
	GArray *units, *types;	    /* of a .dwp: its indexes */
	gboolean is_package;
};

/* What a skeleton unit says. */
struct skeleton {
	guint64 id, addr_base;
	const char *name, *folder; /* DW_AT_dwo_name, DW_AT_comp_dir; either may be NULL */
};

struct search {
	const char *const *files, *const *debug_dirs;
	gboolean big_endian;
	struct unsplit *image;
	GPtrArray *packages; /* struct part_file * */
	GHashTable *opened;  /* path -> struct part_file *, or NULL when there is none to be used */
	char *damaged;	     /* what is wrong with a file that was found */
	guint n_missing;
	char *first_missing;
};

static void part_file_free(gpointer data)
{
	struct part_file *f = data;

	if (f == NULL)
		return;
	g_clear_pointer(&f->units, g_array_unref);
	g_clear_pointer(&f->types, g_array_unref);
	g_clear_pointer(&f->joined, g_ptr_array_unref);
	dwarf_end(f->dwarf);
	elf_end(f->elf);
	g_free(f);
}
typedef struct part_file part_file;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(part_file, part_file_free)

static guint64 number_of(Dwarf_Die *die, guint name, guint gnu_name)
{
	Dwarf_Attribute attribute;
	Dwarf_Word value;

	if (dwarf_attr(die, name, &attribute) == NULL && dwarf_attr(die, gnu_name, &attribute) == NULL)
		return 0;
	return dwarf_formudata(&attribute, &value) == 0 ? value : 0;
}

static const char *text_of(Dwarf_Die *die, guint name, guint gnu_name)
{
	Dwarf_Attribute attribute;

	if (dwarf_attr(die, name, &attribute) == NULL && dwarf_attr(die, gnu_name, &attribute) == NULL)
		return NULL;
	return dwarf_formstring(&attribute);
}

/* The next skeleton unit behind UNIT. FALSE when there is no other. */
static gboolean next_skeleton(Dwarf *dwarf, Dwarf_CU **unit, struct skeleton *s)
{
	Dwarf_Die die;
	uint8_t type;

	while (dwarf_get_units(dwarf, *unit, unit, NULL, &type, &die, NULL) == 0) {
		if (type != DW_UT_skeleton || dwarf_cu_info(*unit, NULL, NULL, NULL, NULL, &s->id, NULL, NULL) != 0)
			continue;
		s->addr_base = number_of(&die, DW_AT_addr_base, DW_AT_GNU_addr_base);
		s->name = text_of(&die, DW_AT_dwo_name, DW_AT_GNU_dwo_name);
		s->folder = text_of(&die, DW_AT_comp_dir, DW_AT_comp_dir);
		return TRUE;
	}
	return FALSE;
}

gboolean split_is(Dwarf *dwarf)
{
	struct skeleton skeleton;
	Dwarf_CU *unit = NULL;

	return next_skeleton(dwarf, &unit, &skeleton);
}

/* ---- files ---- */

static struct bytes bytes_of(Elf_Scn *section)
{
	Elf_Data *data = elf_rawdata(section, NULL);

	return data && data->d_buf ? (struct bytes){data->d_buf, data->d_size} : (struct bytes){0};
}

/* Each type unit of a .dwo file stands in a section of its own. */
static void join(struct part_file *f, struct bytes *into, const struct bytes *bytes)
{
	GByteArray *both = NULL;

	if (into->data == NULL)
		*into = *bytes;
	if (into->data == bytes->data || into->size > f->ceiling || bytes->size > f->ceiling - into->size)
		return;
	for (guint i = 0; i < f->joined->len; i++)
		if (((GByteArray *)f->joined->pdata[i])->data == into->data)
			both = f->joined->pdata[i];
	if (both == NULL) {
		both = g_byte_array_append(g_byte_array_new(), into->data, (guint)into->size);
		g_ptr_array_add(f->joined, both);
	}
	g_byte_array_append(both, bytes->data, (guint)bytes->size);
	*into = (struct bytes){both->data, both->len};
}

static void take_section(struct part_file *f, const char *name, const struct bytes *bytes, gboolean big_endian)
{
	struct {
		const char *name;
		struct bytes *into;
	} known[] = {
		{".debug_info.dwo", &f->whole.info},
		{".debug_types.dwo", &f->whole.types},
		{".debug_abbrev.dwo", &f->whole.abbrev},
		{".debug_str.dwo", &f->whole.str},
		{".debug_str_offsets.dwo", &f->whole.str_offsets},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
		if (strcmp(name, known[i].name) == 0)
			join(f, known[i].into, bytes);
	if (strcmp(name, ".debug_cu_index") == 0 && f->units == NULL)
		f->units = dwp_read_index(bytes, big_endian);
	else if (strcmp(name, ".debug_tu_index") == 0 && f->types == NULL)
		f->types = dwp_read_index(bytes, big_endian);
}

/* Compressed sections are read as libdw reads them, when it has opened the file. */
static gboolean read_sections(struct part_file *f, gboolean big_endian)
{
	Elf_Scn *section = NULL;
	GElf_Ehdr ehdr;
	GElf_Shdr shdr;
	size_t names = 0;
	g_autofree char *why = NULL;

	if (gelf_getehdr(f->elf, &ehdr) == NULL || (ehdr.e_ident[EI_DATA] == ELFDATA2MSB) != big_endian ||
	    elf_getshdrstrndx(f->elf, &names) != 0)
		return FALSE;
	f->dwarf = debugsections_begin(f->elf, &why);
	while ((section = elf_nextscn(f->elf, section)) != NULL) {
		const char *name = gelf_getshdr(section, &shdr) ? elf_strptr(f->elf, names, shdr.sh_name) : NULL;
		struct bytes bytes = shdr.sh_type != SHT_NOBITS && name ? bytes_of(section) : (struct bytes){0};
		if (bytes.data != NULL)
			take_section(f, name, &bytes, big_endian);
	}
	return f->whole.info.data != NULL || f->whole.types.data != NULL;
}

static void complain(struct search *s, const char *path, const char *what)
{
	g_autofree char *shown = text_one_line(path);

	if (s->damaged == NULL)
		s->damaged = g_strdup_printf("%s %s", shown, what);
}

/* Mapped, so that thousands of .dwo files need no descriptors. */
static Elf *map_file(const char *path, gsize *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	Elf *elf = NULL;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
		elf_cntl(elf, ELF_C_FDREAD);
		*size = (gsize)st.st_size;
	}
	if (fd >= 0)
		close(fd);
	return elf;
}

static struct part_file *open_file(struct search *s, const char *path)
{
	gsize size = 0;
	Elf *elf = map_file(path, &size);

	if (elf == NULL)
		return NULL;
	g_autoptr(part_file) f = g_new0(struct part_file, 1);
	f->elf = elf;
	f->joined = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
	f->ceiling = MIN(size, G_MAXINT32 / 8) * 8;
	if (elf_kind(f->elf) != ELF_K_ELF || !read_sections(f, s->big_endian)) {
		complain(s, path, "is not split debug information of this machine");
		return NULL;
	}
	const struct unsplit_parts *w = &f->whole;
	unsplit_allow(s->image, w->info.size + w->types.size + w->abbrev.size + w->str_offsets.size + w->str.size);
	return g_steal_pointer(&f);
}

/* Opens each path once. Takes PATH over. */
static struct part_file *get_file(struct search *s, char *path)
{
	g_autofree char *owned = path;
	gpointer known = NULL;

	if (g_hash_table_lookup_extended(s->opened, path, NULL, &known))
		return known;
	struct part_file *f = open_file(s, path);
	g_hash_table_insert(s->opened, g_steal_pointer(&owned), f);
	return f;
}

/* ---- .dwp ---- */

static void add_package(struct search *s, char *path)
{
	struct part_file *f = get_file(s, path);

	if (f == NULL || f->is_package)
		return;
	f->is_package = TRUE;
	if (f->units != NULL)
		g_ptr_array_add(s->packages, f);
	else
		complain(s, path, "has no index of units that can be read");
}

/* The names that the package of FILE may have: LIB.dwp, and with and without the .debug of a separate file. */
static void look_for_packages(struct search *s, const char *folder, const char *file)
{
	g_autofree char *base = g_path_get_basename(file);
	g_autofree char *stem = g_str_has_suffix(base, ".debug") ? g_strndup(base, strlen(base) - 6) : g_strdup(base);

	add_package(s, g_strconcat(folder, "/", stem, ".dwp", NULL));
	add_package(s, g_strconcat(folder, "/", stem, ".debug.dwp", NULL));
}

static void open_packages(struct search *s)
{
	for (const char *const *file = s->files; *file != NULL; file++) {
		g_autofree char *folder = g_path_get_dirname(*file);
		look_for_packages(s, folder, *file);
		for (const char *const *dir = s->debug_dirs; dir != NULL && *dir != NULL; dir++)
			look_for_packages(s, *dir, *file);
	}
}

static struct bytes part(const struct bytes *section, const struct dwp_row *row, enum dwp_section kind)
{
	return bytes_slice(section, row->parts[kind].offset, row->parts[kind].size);
}

static struct unsplit_parts parts_of(const struct part_file *f, const struct dwp_row *row)
{
	return (struct unsplit_parts){
		.info = part(&f->whole.info, row, DWP_INFO),
		.types = part(&f->whole.types, row, DWP_TYPES),
		.abbrev = part(&f->whole.abbrev, row, DWP_ABBREV),
		.str_offsets = part(&f->whole.str_offsets, row, DWP_STR_OFFSETS),
		.str = f->whole.str,
	};
}

/* Adds the unit out of the package that has it. FALSE when none has. */
static gboolean add_packed(struct search *s, const struct skeleton *skeleton, gboolean *good)
{
	for (guint i = 0; i < s->packages->len; i++) {
		const struct part_file *f = s->packages->pdata[i];
		const struct dwp_row *row = dwp_find(f->units, skeleton->id);
		if (row == NULL)
			continue;
		struct unsplit_parts parts = parts_of(f, row);
		*good = parts.info.data != NULL && unsplit_add(s->image, &parts, skeleton->id, skeleton->addr_base);
		return TRUE;
	}
	return FALSE;
}

static gboolean add_packed_types(struct search *s)
{
	for (guint i = 0; i < s->packages->len; i++) {
		const struct part_file *f = s->packages->pdata[i];
		for (guint n = 0; f->types != NULL && n < f->types->len; n++) {
			struct unsplit_parts parts = parts_of(f, &g_array_index(f->types, struct dwp_row, n));
			if (!unsplit_add(s->image, &parts, 0, 0))
				return FALSE;
		}
	}
	return TRUE;
}

/* ---- .dwo ---- */

/* DWARF 4 has the id in an attribute, which libdw reads; in DWARF 5 libdw sees one section of several only. */
static gboolean has_unit(const struct search *s, const struct part_file *f, guint64 id)
{
	Dwarf *dwarf = f->dwarf;
	Dwarf_CU *unit = NULL;
	uint64_t found;
	uint8_t type;

	if (unsplit_has(s->image, &f->whole, id))
		return TRUE;
	while (dwarf != NULL && dwarf_get_units(dwarf, unit, &unit, NULL, &type, NULL, NULL) == 0)
		if (type == DW_UT_split_compile &&
		    dwarf_cu_info(unit, NULL, NULL, NULL, NULL, &found, NULL, NULL) == 0 && found == id)
			return TRUE;
	return FALSE;
}

static struct part_file *try_dwo(struct search *s, const struct skeleton *skeleton, char *path)
{
	g_autofree char *shown = g_strdup(path);
	struct part_file *f = get_file(s, path);

	if (f == NULL || f->is_package || has_unit(s, f, skeleton->id))
		return f && !f->is_package ? f : NULL;
	complain(s, shown, "belongs to another build: its dwo_id is another");
	return NULL;
}

/* A name with ".." in it leads out of the folders that were given; there only its last part is taken. */
static struct part_file *try_debug_dirs(struct search *s, const struct skeleton *skeleton)
{
	g_autofree char *base = g_path_get_basename(skeleton->name);
	gboolean inside = strstr(skeleton->name, "..") == NULL;
	struct part_file *f = NULL;

	for (const char *const *dir = s->debug_dirs; dir != NULL && *dir != NULL && f == NULL; dir++) {
		if (inside)
			f = try_dwo(s, skeleton, g_build_filename(*dir, skeleton->name, NULL));
		if (f == NULL)
			f = try_dwo(s, skeleton, g_build_filename(*dir, base, NULL));
	}
	return f;
}

static struct part_file *find_dwo(struct search *s, const struct skeleton *skeleton)
{
	if (skeleton->name == NULL || *skeleton->name == '\0')
		return NULL;
	g_autofree char *folder = *s->files ? g_path_get_dirname(*s->files) : NULL;
	gboolean absolute = g_path_is_absolute(skeleton->name);
	struct part_file *f = NULL;

	if (absolute || skeleton->folder != NULL)
		f = try_dwo(s, skeleton, g_build_filename(absolute ? "/" : skeleton->folder, skeleton->name, NULL));
	if (f == NULL && folder != NULL && !absolute)
		f = try_dwo(s, skeleton, g_build_filename(folder, skeleton->name, NULL));
	return f ? f : try_debug_dirs(s, skeleton);
}

static void miss(struct search *s, const struct skeleton *skeleton)
{
	if (s->n_missing++ > 0)
		return;
	g_autofree char *name = text_one_line(skeleton->name ? skeleton->name : "(no name)");
	g_autofree char *folder = text_one_line(skeleton->folder ? skeleton->folder : "");
	gboolean relative = *name != '/' && *folder != '\0';

	s->first_missing = g_strdup_printf("%s%s%s (dwo_id %016" G_GINT64_MODIFIER "x)", relative ? folder : "",
					   relative ? "/" : "", name, skeleton->id);
}

/* ---- all of it ---- */

/* FALSE when something is damaged. */
static gboolean add_units(struct search *s, Dwarf *dwarf)
{
	struct skeleton skeleton;
	Dwarf_CU *unit = NULL;

	while (next_skeleton(dwarf, &unit, &skeleton)) {
		gboolean good = TRUE;
		if (!add_packed(s, &skeleton, &good)) {
			const struct part_file *f = find_dwo(s, &skeleton);
			if (f == NULL)
				miss(s, &skeleton);
			else
				good = unsplit_add(s->image, &f->whole, skeleton.id, skeleton.addr_base);
		}
		if (!good) {
			s->damaged = s->damaged ? s->damaged : g_strdup("a unit contradicts its own tables");
			return FALSE;
		}
	}
	return add_packed_types(s);
}

static char *missing(const struct search *s)
{
	GString *text = g_string_new(NULL);

	if (s->n_missing == 0)
		g_string_append(text, "its split debug information is damaged");
	else
		g_string_append_printf(text, "its split part %s is missing", s->first_missing);
	if (s->n_missing > 1)
		g_string_append_printf(text, ", and %u more", s->n_missing - 1);
	if (s->damaged != NULL)
		g_string_append_printf(text, "; %s", s->damaged);
	g_string_append(text, "; give the folder of the .dwo or .dwp files of this build with --debug-dir");
	return g_string_free(text, FALSE);
}

char *split_join(Dwarf *dwarf, Elf *elf, const char *const *files, const char *const *debug_dirs, gsize *size,
		 char **needed)
{
	g_autoptr(unsplit) image = unsplit_new(elf);
	g_autoptr(GPtrArray) packages = g_ptr_array_new();
	g_autoptr(GHashTable) opened = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, part_file_free);
	GElf_Ehdr ehdr;
	struct search s = {.files = files,
			   .debug_dirs = debug_dirs,
			   .image = image,
			   .packages = packages,
			   .opened = opened,
			   .big_endian = gelf_getehdr(elf, &ehdr) != NULL && ehdr.e_ident[EI_DATA] == ELFDATA2MSB};

	open_packages(&s);
	gboolean good = add_units(&s, dwarf) && s.n_missing == 0;
	if (!good)
		*needed = missing(&s);
	g_free(s.damaged);
	g_free(s.first_missing);
	return good ? unsplit_finish(image, size) : NULL;
}
