/* .rpm: lead, signature header, main header and a compressed newc cpio archive, as rpm 4.14 to 6 read them. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/debug.h"
#include "pack/rpm.h"
#include "core/digest.h"

#include <errno.h>
#include <rpm/rpmlib.h>
#include <rpm/rpmtag.h>
#include <rpm/rpmtd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Room in the signature header for a signature to come, as rpmbuild leaves it: signing is then done in place. */
#define RESERVED_SPACE 4128
#define COPY_SIZE (256 * 1024)

static const guint8 header_magic[8] = {0x8e, 0xad, 0xe8, 0x01};

static gboolean failed(GError **error)
{
	g_set_error(error, PACK_ERROR, PACK_ERROR_WRITE, "cannot write: %s", g_strerror(errno));
	return FALSE;
}

static gboolean write_all(int fd, const void *data, gsize size, GError **error)
{
	const char *p = data;

	while (size > 0) {
		ssize_t n = write(fd, p, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return failed(error);
		p += n;
		size -= (gsize)n;
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
static gboolean write_lead(const struct package *package, int fd, GError **error)
{
	guint8 lead[96] = {0xed, 0xab, 0xee, 0xdb, 3, 0, 0, 0};
	g_autofree char *evr = rpmpkg_evr(package), *name = g_strconcat(package->name, "-", evr, NULL);

	lead[8] = (guint8)(package->arch->lead >> 8);
	lead[9] = (guint8)package->arch->lead;
	g_strlcpy((char *)lead + 10, name, 66);
	lead[77] = 1; /* Linux */
	lead[79] = 5; /* the signature is a header */
	return write_all(fd, lead, sizeof lead, error);
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

static gboolean put_size(Header h, rpmTagVal tag, rpmTagVal long_tag, guint64 size)
{
	guint32 narrow = (guint32)size;
	uint64_t wide = size;

	return size <= G_MAXUINT32 ? put(h, tag, RPM_INT32_TYPE, &narrow, 1)
				   : put(h, long_tag, RPM_INT64_TYPE, &wide, 1);
}

static gboolean refused(GError **error)
{
	g_set_error_literal(error, PACK_ERROR, PACK_ERROR_WRITE, "librpm refuses a value of the header");
	return FALSE;
}

/* The MD5 digest of header and payload, which rpm before 4.14 checks and tools still show as the package's id. */
static gboolean legacy_md5(GBytes *header, int payload, guint8 md5[16], GError **error)
{
	g_autoptr(digest) d = digest_new(DIGEST_MD5);
	g_autofree char *buffer = g_malloc(COPY_SIZE);
	off_t at = 0;
	ssize_t n;

	digest_update(d, g_bytes_get_data(header, NULL), g_bytes_get_size(header));
	while ((n = pread(payload, buffer, COPY_SIZE, at)) != 0) {
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

static gboolean write_signature(int fd, GBytes *header, int payload, const struct payload_sums *sums, GError **error)
{
	static const guint8 zeros[RESERVED_SPACE] = {0};
	gsize size;
	const void *data = g_bytes_get_data(header, &size);
	g_autofree char *sha1 = digest_of(DIGEST_SHA1, data, size), *sha256 = digest_of(DIGEST_SHA256, data, size);
	guint8 md5[16];

	if (!legacy_md5(header, payload, md5, error))
		return FALSE;
	Header h = headerNew();
	if (!put(h, RPMSIGTAG_SHA1, RPM_STRING_TYPE, sha1, 1) ||
	    !put(h, RPMSIGTAG_SHA256, RPM_STRING_TYPE, sha256, 1) ||
	    !put_size(h, RPMSIGTAG_SIZE, RPMSIGTAG_LONGSIZE, size + sums->size) ||
	    !put(h, RPMSIGTAG_MD5, RPM_BIN_TYPE, md5, sizeof md5) ||
	    !put_size(h, RPMSIGTAG_PAYLOADSIZE, RPMSIGTAG_LONGARCHIVESIZE, sums->raw_size) ||
	    !put(h, RPMSIGTAG_RESERVEDSPACE, RPM_BIN_TYPE, zeros, sizeof zeros)) {
		headerFree(h);
		return refused(error);
	}
	g_autoptr(GBytes) bytes = header_bytes(headerReload(h, RPMTAG_HEADERSIGNATURES));
	gsize length = g_bytes_get_size(bytes);
	return write_all(fd, g_bytes_get_data(bytes, NULL), length, error) &&
	       write_all(fd, zeros, (8 - length % 8) % 8, error);
}

static gboolean copy_payload(int from, int to, GError **error)
{
	g_autofree char *buffer = g_malloc(COPY_SIZE);
	off_t at = 0;
	ssize_t n;

	while ((n = pread(from, buffer, COPY_SIZE, at)) != 0) {
		if (n < 0 && errno != EINTR)
			return failed(error);
		if (n > 0 && !write_all(to, buffer, (gsize)n, error))
			return FALSE;
		at += n > 0 ? n : 0;
	}
	return TRUE;
}

static gboolean write_payload(const struct package *package, const struct payload_compressor *compressor, int fd,
			      struct payload_sums *sums, GError **error)
{
	g_autoptr(payload) p = payload_new(PAYLOAD_CPIO, compressor, fd, error);
	gboolean good = p != NULL;

	for (guint i = 0; good && i < package->files->len; i++) {
		const struct package_file *f = package->files->pdata[i];
		good = (f->flags & PACKAGE_GHOST) != 0 || payload_add(p, f, package->mtime, error);
	}
	return good && payload_finish(p, sums, error);
}

/*
 * The headers hold digests of the payload that follows them, so it is spooled in an unnamed temporary file. xz, as in a
 * .deb: every rpm reads it, and for libraries it is smaller and made faster than zstd 19, Fedora's choice, which only
 * unpacks faster.
 */
static gboolean rpmpkg_write(const struct package *package, int fd, GError **error)
{
	g_auto(payload_sums) sums = {0};
	struct payload_compressor compressor = payload_xz;
	if (package->compression != NULL && !payload_choose(package->compression, &compressor, error))
		return FALSE;
	FILE *spool = tmpfile();

	if (spool == NULL)
		return failed(error);
	gboolean good = write_payload(package, &compressor, fileno(spool), &sums, error);
	Header h = good ? rpmpkg_header(package, &compressor, &sums) : NULL;
	if (good && h == NULL)
		good = refused(error);
	if (good) {
		g_autoptr(GBytes) header = header_bytes(h);
		good = write_lead(package, fd, error) && write_signature(fd, header, fileno(spool), &sums, error) &&
		       write_all(fd, g_bytes_get_data(header, NULL), g_bytes_get_size(header), error) &&
		       copy_payload(fileno(spool), fd, error);
	}
	fclose(spool);
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
	if (!names_check_rpm(package->name, error) || !names_check_rpm_version(package->version, FALSE, error) ||
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
