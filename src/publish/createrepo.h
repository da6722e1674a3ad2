/* libcreaterepo_c, loaded when the first .rpm is described. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_CREATEREPO_H
#define PUBLISH_CREATEREPO_H

#include <createrepo_c/createrepo_c.h>

/*
 * It brings 50 other libraries with it, which take longer to load than most commands run; so abide is not linked to it.
 * The compiler checks calls through the table as it checks those of the functions.
 */
#define CREATEREPO_FUNCTIONS(ROW)               \
	ROW(cr_package_parser_init)             \
	ROW(cr_package_from_rpm_base)           \
	ROW(cr_package_free)                    \
	ROW(cr_Package_contains_forbidden_control_chars) \
	ROW(cr_xml_dump_init)                   \
	ROW(cr_repomd_new)                      \
	ROW(cr_repomd_free)                     \
	ROW(cr_repomd_record_new)               \
	ROW(cr_repomd_set_record)               \
	ROW(cr_repomd_set_revision)             \
	ROW(cr_xml_dump_repomd)

struct createrepo {
#define CREATEREPO_FIELD(name) __typeof__(&name) name;
	CREATEREPO_FUNCTIONS(CREATEREPO_FIELD)
#undef CREATEREPO_FIELD
};

/*
 * createrepo_load: the functions, ready for use; librpm is set up too.
 *
 * Static, loaded once in a process; thread-safe. NULL with a PUBLISH_ERROR_TOOL when the library is not installed.
 */
const struct createrepo *createrepo_load(GError **error);

#endif
