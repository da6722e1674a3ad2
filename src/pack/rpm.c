/* .rpm: lead, signature header, main header and a compressed newc cpio archive, as rpm 4.14 to 6 read them. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/debug.h"
#include "pack/rpm.h"
#include "core/digest.h"

#include <errno.h>
#include <limits.h>
#include <rpm/rpmlib.h>
#include <rpm/rpmtag.h>
#include <rpm/rpmtd.h>
#include <string.h>
#include <unistd.h>

/* Room in the signature header for a signature to come, as rpmbuild leaves it: signing is then done in place. */
#define RESERVED_SPACE 4128
#define COPY_SIZE (64 * 1024)
#define LEAD_SIZE 96

static const guint8 header_magic[8] = {0x8e, 0xad, 0xe8, 0x01};

static gboolean failed(GError **error)
{
	g_set_error(error, PACK_ERROR, PACK_ERROR_WRITE, "cannot write: %s", g_strerror(errno));
	return FALSE;
}

static gboolean write_at(int fd, const void *data, gsize size, off_t *at, GError **error)
{
	const char *p = data;

	while (size > 0) {
		ssize_t n = pwrite(fd, p, size, *at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return failed(error);
		p += n;
		size -= (gsize)n;
		*at += n;
	}
	return TRUE;
}

/* A header as it lies in a file: magic, counts, index, data. Takes the header over. */
static GBytes *header_bytes(Header h)
{
	unsigned int size = 0;
	g_autofree void *blob = headerExport(h, &size);
	GByteArray *out = g_byte_array_new();

	g_byte_array_append(out, header_magic, sizeof header_magic);
	g_byte_array_append(out, blob, size);
	headerFree(h);
	return g_byte_array_free_to_bytes(out);
}

/* The 96 bytes that rpm's first format began with; only its magic numbers are still read. */
static void add_lead(GByteArray *front, const struct package *package)
{
	guint8 lead[LEAD_SIZE] = {0xed, 0xab, 0xee, 0xdb, 3, 0, 0, 0};
	g_autofree char *evr = rpmpkg_evr(package), *name = g_strconcat(package->name, "-", evr, NULL);

	lead[8] = (guint8)(package->arch->lead >> 8);
	lead[9] = (guint8)package->arch->lead;
	g_strlcpy((char *)lead + 10, name, 66);
	lead[77] = 1; /* Linux */
	lead[79] = 5; /* the signature is a header */
	g_byte_array_append(front, lead, sizeof lead);
}

/*
 * One value of the signature header. Its tags share numbers with those of the main header but not their types, so the
 * functions that check types cannot be used.
 */
static gboolean put(Header h, rpmTagVal tag, rpmTagType type, const void *data, gsize count)
{
	struct rpmtd_s td = {.tag = tag, .type = type, .count = (rpm_count_t)count, .data = (void *)data};

	return headerPut(h, &td, HEADERPUT_DEFAULT) == 1;
}

static gboolean put_size(Header h, rpmTagVal tag, rpmTagVal long_tag, guint64 size, gboolean wide)
{
	guint32 narrow = (guint32)size;
	uint64_t whole = size;

	return wide ? put(h, long_tag, RPM_INT64_TYPE, &whole, 1) : put(h, tag, RPM_INT32_TYPE, &narrow, 1);
}

static gboolean refused(GError **error)
{
	g_set_error_literal(error, PACK_ERROR, PACK_ERROR_WRITE, "librpm refuses a value of the header");
	return FALSE;
}

/* The MD5 digest of header and payload, which rpm before 4.14 checks and tools still show as the package's id. */
static gboolean legacy_md5(GBytes *header, int fd, off_t at, guint8 md5[16], GError **error)
{
	g_autoptr(digest) d = digest_new(DIGEST_MD5);
	char buffer[COPY_SIZE];
	ssize_t n;

	digest_update(d, g_bytes_get_data(header, NULL), g_bytes_get_size(header));
	while ((n = pread(fd, buffer, COPY_SIZE, at)) != 0) {
		if (n < 0 && errno != EINTR)
			return failed(error);
		if (n > 0) {
			digest_update(d, buffer, (gsize)n);
			at += n;
		}
	}
	g_autofree char *hex = digest_hex(d);
	for (int i = 0; i < 16; i++)
		md5[i] = (guint8)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
	return TRUE;
}

/* What an .rpm says of its payload, and whether in numbers of 64 bits. */
struct summary {
	const struct payload_compressor *compressor;
	payload_sums sums;
	guint8 md5[16];
	gboolean wide;
};

/* Whether sizes could need more than 32 bits: told before any is known, so that they take the same room ever after. */
static gboolean could_be_wide(const struct package *package)
{
	guint64 most = (guint64)package->files->len * 2 * PATH_MAX;

	for (guint i = 0; i < package->files->len; i++)
		most += ((const struct package_file *)package->files->pdata[i])->size;
	return most > G_MAXUINT32 - G_MAXUINT32 / 16;
}

static gboolean add_signature(GByteArray *front, GBytes *header, const struct summary *s, GError **error)
{
	static const guint8 zeros[RESERVED_SPACE] = {0};
	gsize size;
	const void *data = g_bytes_get_data(header, &size);
	g_autofree char *sha1 = digest_of(DIGEST_SHA1, data, size), *sha256 = digest_of(DIGEST_SHA256, data, size);
	Header h = headerNew();

	if (!put(h, RPMSIGTAG_SHA1, RPM_STRING_TYPE, sha1, 1) ||
	    !put(h, RPMSIGTAG_SHA256, RPM_STRING_TYPE, sha256, 1) ||
	    !put_size(h, RPMSIGTAG_SIZE, RPMSIGTAG_LONGSIZE, size + s->sums.size, s->wide) ||
	    !put(h, RPMSIGTAG_MD5, RPM_BIN_TYPE, s->md5, sizeof s->md5) ||
	    !put_size(h, RPMSIGTAG_PAYLOADSIZE, RPMSIGTAG_LONGARCHIVESIZE, s->sums.raw_size, s->wide) ||
	    !put(h, RPMSIGTAG_RESERVEDSPACE, RPM_BIN_TYPE, zeros, sizeof zeros)) {
		headerFree(h);
		return refused(error);
	}
	g_autoptr(GBytes) bytes = header_bytes(headerReload(h, RPMTAG_HEADERSIGNATURES));
	gsize length = g_bytes_get_size(bytes);
	g_byte_array_append(front, g_bytes_get_data(bytes, NULL), (guint)length);
	g_byte_array_append(front, zeros, (guint)((8 - length % 8) % 8));
	return TRUE;
}

static GBytes *main_header(const struct package *package, const struct summary *s, GError **error)
{
	Header h = rpmpkg_header(package, s->compressor, &s->sums);

	if (h != NULL)
		return header_bytes(h);
	refused(error);
	return NULL;
}

/* Everything before the payload; it has the same length whatever the summary says. */
static GByteArray *front_of(const struct package *package, GBytes *header, const struct summary *s, GError **error)
{
	g_autoptr(GByteArray) front = g_byte_array_new();

	add_lead(front, package);
	if (!add_signature(front, header, s, error))
		return NULL;
	g_byte_array_append(front, g_bytes_get_data(header, NULL), (guint)g_bytes_get_size(header));
	return g_steal_pointer(&front);
}

static gboolean measure_front(const struct package *package, const struct summary *s, off_t *size, GError **error)
{
	static char digest[] = "0000000000000000000000000000000000000000000000000000000000000000";
	struct summary blank = {s->compressor, {.sha256 = digest, .raw_sha256 = digest}, {0}, s->wide};
	g_autoptr(GBytes) header = main_header(package, &blank, error);
	g_autoptr(GByteArray) front = header == NULL ? NULL : front_of(package, header, &blank, error);

	*size = front == NULL ? 0 : (off_t)front->len;
	return front != NULL;
}

static gboolean write_payload(const struct package *package, int fd, struct summary *s, GError **error)
{
	g_autoptr(payload) p = payload_new(PAYLOAD_CPIO, s->compressor, package->threads, fd, error);
	gboolean good = p != NULL;

	for (guint i = 0; good && i < package->files->len; i++) {
		const struct package_file *f = package->files->pdata[i];
		good = (f->flags & PACKAGE_GHOST) != 0 || payload_add(p, f, package->mtime, error);
	}
	return good && payload_finish(p, &s->sums, error);
}

static gboolean write_front(const struct package *package, int fd, struct summary *s, off_t room, GError **error)
{
	g_autoptr(GBytes) header = main_header(package, s, error);

	if (header == NULL || !legacy_md5(header, fd, room, s->md5, error))
		return FALSE;
	g_autoptr(GByteArray) front = front_of(package, header, s, error);
	off_t at = 0;
	if (front == NULL)
		return FALSE;
	g_return_val_if_fail((off_t)front->len == room, refused(error));
	return write_at(fd, front->data, front->len, &at, error);
}

/*
 * The headers hold digests of the payload that follows them, so their place is left free until it is written. xz, as in a
 * .deb: every rpm reads it, and for libraries it is smaller and made faster than zstd 19, Fedora's choice, which only
 * unpacks faster.
 */
static gboolean rpmpkg_write(const struct package *package, int fd, GError **error)
{
	struct payload_compressor compressor = payload_xz;
	if (package->compression != NULL && !payload_choose(package->compression, &compressor, error))
		return FALSE;
	struct summary s = {.compressor = &compressor, .wide = could_be_wide(package)};
	off_t room;
	gboolean good = measure_front(package, &s, &room, error);

	if (good && lseek(fd, room, SEEK_SET) < 0)
		good = failed(error);
	good = good && write_payload(package, fd, &s, error) && write_front(package, fd, &s, room, error);
	payload_sums_clear(&s.sums);
	return good;
}

static gboolean check_relations(const struct package *package, GError **error)
{
	for (int kind = 0; kind < RELATION_KINDS; kind++)
		for (guint i = 0; i < package->relations[kind]->len; i++)
			if (!relation_check_rpm(package->relations[kind]->pdata[i], error))
				return FALSE;
	return TRUE;
}

static gboolean rpmpkg_check(const struct package *package, GError **error)
{
	if (!names_check_rpm(package->name, error) || !names_check_rpm(package->source, error) ||
	    !names_check_rpm_version(package->version, FALSE, error) ||
	    !names_check_rpm_version(rpmpkg_release(package), FALSE, error) || !check_relations(package, error))
		return FALSE;
	for (guint i = 0; i < package->files->len; i++) {
		const struct package_file *f = package->files->pdata[i];
		if (f->size > G_MAXUINT32) {
			g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT,
				    "%s: 4 GiB or more, which the payload of an .rpm cannot hold", f->path);
			return FALSE;
		}
	}
	return TRUE;
}

static char *rpmpkg_file_name(const struct package *package)
{
	return g_strdup_printf("%s-%s-%s.%s.rpm", package->name, package->version, rpmpkg_release(package),
			       package->arch->rpm);
}

/* With the architecture in brackets: a 32-bit development package must not be served by a 64-bit runtime. */
static struct relation *rpmpkg_exactly(const struct package *package)
{
	g_autofree char *evr = rpmpkg_evr(package);
	g_autofree char *name = package->arch->isa == NULL
					? g_strdup(package->name)
					: g_strdup_printf("%s(%s)", package->name, package->arch->isa);

	return relation_new(name, RELATION_EQUAL, evr);
}

static char *rpmpkg_libdir(const struct names_arch *arch)
{
	return g_strdup(arch->bits == 64 ? "/usr/lib64" : "/usr/lib");
}

const struct package_format rpmpkg_format = {
	.name = "rpm",
	.family = PACKAGE_RPM,
	.devel_suffix = "-devel",
	.debug = &rpmpkg_debug,
	.library_mode = 0755,
	.version = rpmpkg_evr,
	.exactly = rpmpkg_exactly,
	.libdir = rpmpkg_libdir,
	.file_name = rpmpkg_file_name,
	.resolve = rpmpkg_resolve,
	.provide = rpmpkg_provide,
	.check = rpmpkg_check,
	.write = rpmpkg_write,
	.sign = rpmpkg_sign,
};
