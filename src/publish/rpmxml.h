/* dnf's descriptions of a package in XML. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_RPMXML_H
#define PUBLISH_RPMXML_H

#include <createrepo_c/package.h>
#include <glib.h>

/*
 * The package elements of primary.xml, filelists.xml and other.xml, byte for byte those of libcreaterepo_c's cr_xml_dump,
 * without the newline at the end: a test compares the two. cr_xml_dump makes a tree of libxml2 for each and takes ten
 * times as long, which was a fifth of what the first publication of many .rpms took. Text that is not UTF-8 is taken for
 * Latin-1, as there, but whole, and in attributes, too: cr_xml_dump leaves out some letters and writes what is no XML.
 *
 * P is complete: its checksum, location, sizes and times are set. Caller frees. Thread-safe.
 */
char *rpmxml_primary(const cr_Package *p);
char *rpmxml_filelists(const cr_Package *p);
char *rpmxml_other(const cr_Package *p);

/* What the elements of filelists.xml and other.xml begin with. */
struct rpmxml_identity {
	const char *sha256, *name, *arch, *epoch, *version, *release;
};

/* rpmxml_head: append the beginning of such an element, up to where it says something of its own. */
void rpmxml_head(GString *to, const struct rpmxml_identity *id);

/* rpmxml_body: the rest of one, inside it. */
const char *rpmxml_body(const char *element);

#endif
