/* The main header of an .rpm, tag by tag: see rpm.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/rpm.h"

#include <rpm/rpmfiles.h>
#include <rpm/rpmpgp.h>
#include <rpm/rpmtag.h>
#include <string.h>
#include <sys/stat.h>

/* The oldest rpm that reads everything in this header; not the version of the librpm that wrote it. */
#define FORMAT_RPM_VERSION "4.14.0"

static void put_string(Header h, rpmTagVal tag, const char *value)
{
	if (value != NULL && *value != '\0')
		headerPutString(h, tag, value);
}

static void put_int(Header h, rpmTagVal tag, guint32 value)
{
	headerPutUint32(h, tag, &value, 1);
}

static void put_identity(Header h, const struct package *p)
{
	const char *locale = "C";
	g_autofree char *source =
		g_strdup_printf("%s-%s-%s.src.rpm", p->source, p->version, rpmpkg_release(p));
	const char *description = p->description == NULL || *p->description == '\0' ? p->summary : p->description;

	headerPutStringArray(h, RPMTAG_HEADERI18NTABLE, &locale, 1);
	put_string(h, RPMTAG_NAME, p->name);
	put_string(h, RPMTAG_VERSION, p->version);
	put_string(h, RPMTAG_RELEASE, rpmpkg_release(p));
	if (p->epoch != NULL)
		put_int(h, RPMTAG_EPOCH, (guint32)g_ascii_strtoull(p->epoch, NULL, 10));
	headerAddI18NString(h, RPMTAG_SUMMARY, p->summary, "C");
	headerAddI18NString(h, RPMTAG_DESCRIPTION, description, "C");
	put_int(h, RPMTAG_BUILDTIME, (guint32)p->mtime);
	put_string(h, RPMTAG_BUILDHOST, "localhost");
	put_string(h, RPMTAG_VENDOR, p->vendor);
	put_string(h, RPMTAG_LICENSE, p->license == NULL ? "Unspecified" : p->license);
	put_string(h, RPMTAG_PACKAGER, p->maintainer);
	headerAddI18NString(h, RPMTAG_GROUP, "Unspecified", "C");
	put_string(h, RPMTAG_URL, p->homepage);
	put_string(h, RPMTAG_OS, "linux");
	put_string(h, RPMTAG_ARCH, p->arch->rpm);
	put_string(h, RPMTAG_SOURCERPM, source);
	put_string(h, RPMTAG_RPMVERSION, FORMAT_RPM_VERSION);
	put_string(h, RPMTAG_ENCODING, "utf-8");
}

/* rpm shows the first line of a changelog as the release's own. */
static void put_changelog(Header h, const struct package *p)
{
	g_autofree char *evr = rpmpkg_evr(p);
	g_autofree char *name = g_strdup_printf("%s - %s", p->maintainer, evr);
	g_autofree char *text = g_strdup_printf("- %s %s", p->source, p->version);
	const char *names[] = {name}, *texts[] = {text};
	guint32 time = (guint32)p->mtime;

	headerPutUint32(h, RPMTAG_CHANGELOGTIME, &time, 1);
	headerPutStringArray(h, RPMTAG_CHANGELOGNAME, names, 1);
	headerPutStringArray(h, RPMTAG_CHANGELOGTEXT, texts, 1);
}

static void put_deps(Header h, rpmTagVal name, rpmTagVal flags, rpmTagVal version, GPtrArray *deps)
{
	for (guint i = 0; i < deps->len; i++) {
		const struct rpmpkg_dep *d = deps->pdata[i];
		headerPutString(h, name, d->name);
		headerPutUint32(h, flags, &d->flags, 1);
		headerPutString(h, version, d->version);
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

static void put_relations(Header h, const struct package *p)
{
	put_deps(h, RPMTAG_PROVIDENAME, RPMTAG_PROVIDEFLAGS, RPMTAG_PROVIDEVERSION, rpmpkg_provides(p));
	put_deps(h, RPMTAG_REQUIRENAME, RPMTAG_REQUIREFLAGS, RPMTAG_REQUIREVERSION, rpmpkg_requires(p));
	put_deps(h, RPMTAG_RECOMMENDNAME, RPMTAG_RECOMMENDFLAGS, RPMTAG_RECOMMENDVERSION,
		 stated(p, RELATION_RECOMMENDS));
	put_deps(h, RPMTAG_SUGGESTNAME, RPMTAG_SUGGESTFLAGS, RPMTAG_SUGGESTVERSION, stated(p, RELATION_SUGGESTS));
	put_deps(h, RPMTAG_CONFLICTNAME, RPMTAG_CONFLICTFLAGS, RPMTAG_CONFLICTVERSION, stated(p, RELATION_CONFLICTS));
	put_deps(h, RPMTAG_OBSOLETENAME, RPMTAG_OBSOLETEFLAGS, RPMTAG_OBSOLETEVERSION, stated(p, RELATION_REPLACES));
}

static void put_scripts(Header h, const struct package *p)
{
	for (int i = 0; i < PACKAGE_SCRIPTS; i++) {
		g_autofree char *body = NULL, *program = NULL;
		if (!rpmpkg_script(p, rpmpkg_scriptlets[i].script, &body, &program))
			continue;
		put_string(h, rpmpkg_scriptlets[i].body, body);
		put_string(h, rpmpkg_scriptlets[i].program, program);
	}
}

static guint32 file_flags(const struct package_file *f)
{
	return ((f->flags & PACKAGE_CONFIG) != 0 ? RPMFILE_CONFIG : 0) |
	       ((f->flags & PACKAGE_NOREPLACE) != 0 ? RPMFILE_NOREPLACE : 0) |
	       ((f->flags & PACKAGE_DOC) != 0 ? RPMFILE_DOC : 0);
}

/* rpm's colour of a file: 1 for 32-bit, 2 for 64-bit ELF, so that multilib installations can choose between two. */
static guint32 file_color(const struct package_file *f)
{
	return f->facts == NULL ? 0 : f->facts->bits == 64 ? 2 : 1;
}

static void put_file(Header h, const struct package *p, const struct package_file *f, guint32 number)
{
	static const mode_t types[] = {
		[PACKAGE_FILE] = S_IFREG, [PACKAGE_DIRECTORY] = S_IFDIR, [PACKAGE_SYMLINK] = S_IFLNK};
	guint16 mode = (guint16)(types[f->type] | f->mode), rdev = 0;

	put_int(h, RPMTAG_FILESIZES, (guint32)f->size);
	headerPutUint16(h, RPMTAG_FILEMODES, &mode, 1);
	headerPutUint16(h, RPMTAG_FILERDEVS, &rdev, 1);
	put_int(h, RPMTAG_FILEMTIMES, (guint32)(f->mtime >= 0 ? f->mtime : p->mtime));
	headerPutString(h, RPMTAG_FILEDIGESTS, f->sha256 == NULL ? "" : f->sha256);
	headerPutString(h, RPMTAG_FILELINKTOS, f->target == NULL ? "" : f->target);
	put_int(h, RPMTAG_FILEFLAGS, file_flags(f));
	headerPutString(h, RPMTAG_FILEUSERNAME, f->owner);
	headerPutString(h, RPMTAG_FILEGROUPNAME, f->group);
	put_int(h, RPMTAG_FILEVERIFYFLAGS, G_MAXUINT32);
	put_int(h, RPMTAG_FILEDEVICES, 1);
	put_int(h, RPMTAG_FILEINODES, number + 1);
	headerPutString(h, RPMTAG_FILELANGS, "");
	put_int(h, RPMTAG_FILECOLORS, file_color(f));
}

/* A path is stored as a base name and the number of its folder. */
static void put_names(Header h, const struct package *p)
{
	g_autoptr(GHashTable) folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < p->files->len; i++) {
		const struct package_file *f = p->files->pdata[i];
		const char *base = strrchr(f->path, '/') + 1;
		g_autofree char *folder = g_strndup(f->path, (gsize)(base - f->path));
		gpointer number;

		if (!g_hash_table_lookup_extended(folders, folder, NULL, &number)) {
			number = GUINT_TO_POINTER(g_hash_table_size(folders));
			headerPutString(h, RPMTAG_DIRNAMES, folder);
			g_hash_table_insert(folders, g_steal_pointer(&folder), number);
		}
		put_int(h, RPMTAG_DIRINDEXES, GPOINTER_TO_UINT(number));
		headerPutString(h, RPMTAG_BASENAMES, base);
	}
}

static void put_files(Header h, const struct package *p)
{
	guint64 total = 0;

	for (guint i = 0; i < p->files->len; i++) {
		const struct package_file *f = p->files->pdata[i];
		put_file(h, p, f, i);
		total += f->size;
	}
	put_names(h, p);
	if (p->files->len > 0)
		put_int(h, RPMTAG_FILEDIGESTALGO, PGPHASHALGO_SHA256);
	if (total <= G_MAXUINT32)
		put_int(h, RPMTAG_SIZE, (guint32)total);
	else
		headerPutUint64(h, RPMTAG_LONGSIZE, &(uint64_t){total}, 1);
}

static void put_payload(Header h, const struct payload_compressor *compressor, const struct payload_sums *sums)
{
	put_string(h, RPMTAG_PAYLOADFORMAT, "cpio");
	put_string(h, RPMTAG_PAYLOADCOMPRESSOR, compressor->name);
	put_string(h, RPMTAG_PAYLOADFLAGS, compressor->level);
	headerPutStringArray(h, RPMTAG_PAYLOADDIGEST, (const char *[]){sums->sha256}, 1);
	put_int(h, RPMTAG_PAYLOADDIGESTALGO, PGPHASHALGO_SHA256);
	headerPutStringArray(h, RPMTAG_PAYLOADDIGESTALT, (const char *[]){sums->raw_sha256}, 1);
}

Header rpmpkg_header(const struct package *package, const struct payload_compressor *compressor,
		     const struct payload_sums *sums)
{
	Header h = headerNew();

	put_identity(h, package);
	put_changelog(h, package);
	put_relations(h, package);
	put_scripts(h, package);
	put_files(h, package);
	put_payload(h, compressor, sums);
	return headerReload(h, RPMTAG_HEADERIMMUTABLE);
}
