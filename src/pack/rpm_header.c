/* The main header of an .rpm, tag by tag: see rpm.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/changelog.h"
#include "pack/rpm.h"

#include <rpm/rpmfiles.h>
#include <rpm/rpmpgp.h>
#include <rpm/rpmtag.h>
#include <string.h>
#include <sys/stat.h>

/* The oldest rpm that reads everything in this header; not the version of the librpm that wrote it. */
#define FORMAT_RPM_VERSION "4.14.0"

/* A header being filled: librpm refuses a value whose type is not the tag's, which must not go unseen. */
struct builder {
	Header header;
	gboolean good;
};

/* Appends to a tag that holds an array; such values may be "". */
static void add_string(struct builder *b, rpmTagVal tag, const char *value)
{
	b->good = headerPutString(b->header, tag, value) && b->good;
}

static void put_string(struct builder *b, rpmTagVal tag, const char *value)
{
	if (value != NULL && *value != '\0')
		add_string(b, tag, value);
}

static void put_text(struct builder *b, rpmTagVal tag, const char *value)
{
	b->good = headerAddI18NString(b->header, tag, value, "C") && b->good;
}

static void put_int(struct builder *b, rpmTagVal tag, guint32 value)
{
	b->good = headerPutUint32(b->header, tag, &value, 1) && b->good;
}

static void put_short(struct builder *b, rpmTagVal tag, guint16 value)
{
	b->good = headerPutUint16(b->header, tag, &value, 1) && b->good;
}

static void put_long(struct builder *b, rpmTagVal tag, uint64_t value)
{
	b->good = headerPutUint64(b->header, tag, &value, 1) && b->good;
}

static void put_identity(struct builder *b, const struct package *p)
{
	g_autofree char *source = g_strdup_printf("%s-%s-%s.src.rpm", p->source, p->version, rpmpkg_release(p));
	const char *description = p->description == NULL || *p->description == '\0' ? p->summary : p->description;

	add_string(b, RPMTAG_HEADERI18NTABLE, "C");
	put_string(b, RPMTAG_NAME, p->name);
	put_string(b, RPMTAG_VERSION, p->version);
	put_string(b, RPMTAG_RELEASE, rpmpkg_release(p));
	if (p->epoch != NULL)
		put_int(b, RPMTAG_EPOCH, (guint32)g_ascii_strtoull(p->epoch, NULL, 10));
	put_text(b, RPMTAG_SUMMARY, p->summary);
	put_text(b, RPMTAG_DESCRIPTION, description);
	put_int(b, RPMTAG_BUILDTIME, (guint32)p->mtime);
	put_string(b, RPMTAG_BUILDHOST, p->rpm.buildhost == NULL ? "localhost" : p->rpm.buildhost);
	put_string(b, RPMTAG_VENDOR, p->vendor);
	put_string(b, RPMTAG_LICENSE, p->license == NULL ? "Unspecified" : p->license);
	put_string(b, RPMTAG_PACKAGER, p->rpm.packager == NULL ? p->maintainer : p->rpm.packager);
	put_text(b, RPMTAG_GROUP, p->rpm.group == NULL ? "Unspecified" : p->rpm.group);
	for (gsize i = 0; p->rpm.prefixes != NULL && p->rpm.prefixes[i] != NULL; i++)
		add_string(b, RPMTAG_PREFIXES, p->rpm.prefixes[i]);
	put_string(b, RPMTAG_URL, p->homepage);
	put_string(b, RPMTAG_OS, "linux");
	put_string(b, RPMTAG_ARCH, p->arch->rpm);
	put_string(b, RPMTAG_SOURCERPM, source);
	put_string(b, RPMTAG_RPMVERSION, FORMAT_RPM_VERSION);
	put_string(b, RPMTAG_ENCODING, "utf-8");
}

static void put_entry(struct builder *b, const struct package *p, const struct changelog_entry *e)
{
	g_autofree char *version = changelog_version(e, p->version, rpmpkg_release(p));
	g_autofree char *name = g_strdup_printf("%s - %s", e->who, version);
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < e->changes->len; i++) {
		g_auto(GStrv) lines = g_strsplit(e->changes->pdata[i], "\n", -1);
		g_autofree char *change = g_strjoinv("\n  ", lines);
		g_string_append_printf(text, "%s- %s", i > 0 ? "\n" : "", change);
	}
	put_int(b, RPMTAG_CHANGELOGTIME, (guint32)e->time);
	add_string(b, RPMTAG_CHANGELOGNAME, name);
	add_string(b, RPMTAG_CHANGELOGTEXT, text->str);
}

/* rpm shows the first line of a changelog as the release's own. */
static void put_changelog(struct builder *b, const struct package *p)
{
	for (guint i = 0; p->changelog != NULL && i < p->changelog->entries->len; i++)
		put_entry(b, p, p->changelog->entries->pdata[i]);
	if (p->changelog != NULL)
		return;
	g_autofree char *evr = rpmpkg_evr(p);
	g_autofree char *name = g_strdup_printf("%s - %s", p->maintainer, evr);
	g_autofree char *text = g_strdup_printf("- %s %s", p->source, p->version);

	put_int(b, RPMTAG_CHANGELOGTIME, (guint32)p->mtime);
	add_string(b, RPMTAG_CHANGELOGNAME, name);
	add_string(b, RPMTAG_CHANGELOGTEXT, text);
}

static void put_deps(struct builder *b, rpmTagVal name, rpmTagVal flags, rpmTagVal version, GPtrArray *deps)
{
	for (guint i = 0; i < deps->len; i++) {
		const struct rpmpkg_dep *d = deps->pdata[i];
		add_string(b, name, d->name);
		put_int(b, flags, d->flags);
		add_string(b, version, d->version);
	}
	g_ptr_array_unref(deps);
}

static GPtrArray *stated(const struct package *p, enum relation_kind kind)
{
	GPtrArray *deps = rpmpkg_deps_new();

	rpmpkg_relations(deps, p, kind);
	rpmpkg_deps_sort(deps);
	return deps;
}

static void put_relations(struct builder *b, const struct package *p)
{
	put_deps(b, RPMTAG_PROVIDENAME, RPMTAG_PROVIDEFLAGS, RPMTAG_PROVIDEVERSION, rpmpkg_provides(p));
	put_deps(b, RPMTAG_REQUIRENAME, RPMTAG_REQUIREFLAGS, RPMTAG_REQUIREVERSION, rpmpkg_requires(p));
	put_deps(b, RPMTAG_RECOMMENDNAME, RPMTAG_RECOMMENDFLAGS, RPMTAG_RECOMMENDVERSION,
		 stated(p, RELATION_RECOMMENDS));
	put_deps(b, RPMTAG_SUGGESTNAME, RPMTAG_SUGGESTFLAGS, RPMTAG_SUGGESTVERSION, stated(p, RELATION_SUGGESTS));
	put_deps(b, RPMTAG_CONFLICTNAME, RPMTAG_CONFLICTFLAGS, RPMTAG_CONFLICTVERSION, stated(p, RELATION_CONFLICTS));
	put_deps(b, RPMTAG_OBSOLETENAME, RPMTAG_OBSOLETEFLAGS, RPMTAG_OBSOLETEVERSION, stated(p, RELATION_REPLACES));
}

static void put_scripts(struct builder *b, const struct package *p)
{
	for (int i = 0; i < PACKAGE_SCRIPTS; i++) {
		g_autofree char *body = NULL, *program = NULL;
		if (!rpmpkg_script(p, rpmpkg_scriptlets[i].script, &body, &program))
			continue;
		put_string(b, rpmpkg_scriptlets[i].body, body);
		put_string(b, rpmpkg_scriptlets[i].program, program);
	}
}

static guint32 file_flags(const struct package_file *f)
{
	return ((f->flags & PACKAGE_CONFIG) != 0 ? RPMFILE_CONFIG : 0) |
	       ((f->flags & PACKAGE_NOREPLACE) != 0 ? RPMFILE_NOREPLACE : 0) |
	       ((f->flags & PACKAGE_DOC) != 0 ? RPMFILE_DOC : 0) |
	       ((f->flags & PACKAGE_MISSINGOK) != 0 ? RPMFILE_MISSINGOK : 0) |
	       ((f->flags & PACKAGE_GHOST) != 0 ? RPMFILE_GHOST : 0) |
	       ((f->flags & PACKAGE_LICENSE) != 0 ? RPMFILE_LICENSE : 0) |
	       ((f->flags & PACKAGE_README) != 0 ? RPMFILE_README : 0);
}

/* What rpm -V looks at: of a ghost not what only its contents would say. */
static guint32 verify_flags(const struct package_file *f)
{
	const guint32 contents = RPMVERIFY_FILEDIGEST | RPMVERIFY_FILESIZE | RPMVERIFY_LINKTO | RPMVERIFY_MTIME;

	return (f->flags & PACKAGE_GHOST) != 0 ? G_MAXUINT32 & ~contents : G_MAXUINT32;
}

/* rpm's colour of a file: 1 for 32-bit, 2 for 64-bit ELF, so that multilib installations can choose between two. */
static guint32 file_color(const struct package_file *f)
{
	return f->facts == NULL ? 0 : f->facts->bits == 64 ? 2 : 1;
}

static void put_file(struct builder *b, const struct package *p, const struct package_file *f, guint32 number)
{
	static const mode_t types[] = {
		[PACKAGE_FILE] = S_IFREG, [PACKAGE_DIRECTORY] = S_IFDIR, [PACKAGE_SYMLINK] = S_IFLNK};

	put_int(b, RPMTAG_FILESIZES, (guint32)f->size);
	put_short(b, RPMTAG_FILEMODES, (guint16)(types[f->type] | f->mode));
	put_short(b, RPMTAG_FILERDEVS, 0);
	put_int(b, RPMTAG_FILEMTIMES, (guint32)(f->mtime >= 0 ? f->mtime : p->mtime));
	add_string(b, RPMTAG_FILEDIGESTS, f->sha256 == NULL || (f->flags & PACKAGE_GHOST) != 0 ? "" : f->sha256);
	add_string(b, RPMTAG_FILELINKTOS, f->target == NULL ? "" : f->target);
	put_int(b, RPMTAG_FILEFLAGS, file_flags(f));
	add_string(b, RPMTAG_FILEUSERNAME, f->owner);
	add_string(b, RPMTAG_FILEGROUPNAME, f->group);
	put_int(b, RPMTAG_FILEVERIFYFLAGS, verify_flags(f));
	put_int(b, RPMTAG_FILEDEVICES, 1);
	put_int(b, RPMTAG_FILEINODES, number + 1);
	add_string(b, RPMTAG_FILELANGS, "");
	put_int(b, RPMTAG_FILECOLORS, file_color(f));
}

/* A path is stored as a base name and the number of its folder. */
static void put_names(struct builder *b, const struct package *p)
{
	g_autoptr(GHashTable) folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < p->files->len; i++) {
		const struct package_file *f = p->files->pdata[i];
		const char *base = strrchr(f->path, '/') + 1;
		g_autofree char *folder = g_strndup(f->path, (gsize)(base - f->path));
		gpointer number;

		if (!g_hash_table_lookup_extended(folders, folder, NULL, &number)) {
			number = GUINT_TO_POINTER(g_hash_table_size(folders));
			add_string(b, RPMTAG_DIRNAMES, folder);
			g_hash_table_insert(folders, g_steal_pointer(&folder), number);
		}
		put_int(b, RPMTAG_DIRINDEXES, GPOINTER_TO_UINT(number));
		add_string(b, RPMTAG_BASENAMES, base);
	}
}

static void put_files(struct builder *b, const struct package *p)
{
	guint64 total = 0;

	for (guint i = 0; i < p->files->len; i++) {
		const struct package_file *f = p->files->pdata[i];
		put_file(b, p, f, i);
		total += f->size;
	}
	put_names(b, p);
	if (p->files->len > 0)
		put_int(b, RPMTAG_FILEDIGESTALGO, PGPHASHALGO_SHA256);
	if (total <= G_MAXUINT32)
		put_int(b, RPMTAG_SIZE, (guint32)total);
	else
		put_long(b, RPMTAG_LONGSIZE, total);
}

static void put_payload(struct builder *b, const struct payload_compressor *compressor, const struct payload_sums *sums)
{
	put_string(b, RPMTAG_PAYLOADFORMAT, "cpio");
	if (compressor->level != NULL)
		put_string(b, RPMTAG_PAYLOADCOMPRESSOR, compressor->name);
	put_string(b, RPMTAG_PAYLOADFLAGS, compressor->level);
	add_string(b, RPMTAG_PAYLOADDIGEST, sums->sha256);
	put_int(b, RPMTAG_PAYLOADDIGESTALGO, PGPHASHALGO_SHA256);
	add_string(b, RPMTAG_PAYLOADDIGESTALT, sums->raw_sha256);
}

Header rpmpkg_header(const struct package *package, const struct payload_compressor *compressor,
		     const struct payload_sums *sums)
{
	struct builder b = {headerNew(), TRUE};

	put_identity(&b, package);
	put_changelog(&b, package);
	put_relations(&b, package);
	put_scripts(&b, package);
	put_files(&b, package);
	put_payload(&b, compressor, sums);
	if (b.good)
		return headerReload(b.header, RPMTAG_HEADERIMMUTABLE);
	headerFree(b.header);
	return NULL;
}
