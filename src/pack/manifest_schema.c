/* What abide.yaml may hold: see manifest_schema.h. A new key is a new row. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/manifest_schema.h"

#define OPTIONAL CYAML_FLAG_OPTIONAL

#define STRING(key, type, member)                                                                                      \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER_NULL | OPTIONAL, type, member, 0, CYAML_UNLIMITED)
#define LIST(key, type, member)                                                                                        \
	CYAML_FIELD_SEQUENCE_COUNT(key, CYAML_FLAG_POINTER_NULL | OPTIONAL, type, member.items, member.n, &text, 0,    \
				   CYAML_UNLIMITED)
#define RELATIONS(type)                                                                                                \
	LIST("depends", type, relations[RELATION_DEPENDS]), LIST("recommends", type, relations[RELATION_RECOMMENDS]),  \
		LIST("suggests", type, relations[RELATION_SUGGESTS]),                                                  \
		LIST("conflicts", type, relations[RELATION_CONFLICTS]),                                                \
		LIST("replaces", type, relations[RELATION_REPLACES]),                                                  \
		LIST("provides", type, relations[RELATION_PROVIDES])

#define CONTENTS(type)                                                                                                 \
	CYAML_FIELD_SEQUENCE_COUNT("contents", CYAML_FLAG_POINTER_NULL | OPTIONAL, type, contents, n_contents,         \
				   &content_value, 0, CYAML_UNLIMITED)
/* A mapping whose keys are an array of the struct. */
#define SCRIPTS(name, type, rows)                                                                                      \
	{                                                                                                              \
		.key = (name), .data_offset = offsetof(type, scripts),                                                 \
		.value = {CYAML_VALUE_MAPPING(OPTIONAL, struct manifest_scripts, rows)},                               \
	}
/* A mapping whose keys are members of the struct that it is in. */
#define FLAT(name, type, rows)                                                                                         \
	{                                                                                                              \
		.key = (name), .data_offset = 0, .value = {CYAML_VALUE_MAPPING(OPTIONAL, type, rows)},                 \
	}
/* A mapping from families to what takes the place of something in them. */
#define FAMILIES(name, type, rows)                                                                                     \
	{                                                                                                              \
		.key = (name), .data_offset = offsetof(type, overrides),                                               \
		.value = {CYAML_VALUE_MAPPING(OPTIONAL, struct manifest_families, rows)},                              \
	}
/* nfpm's blocks for families that abide does not write: of no consequence here. */
#define OTHER_FAMILIES                                                                                                 \
	CYAML_FIELD_IGNORE("apk", OPTIONAL), CYAML_FIELD_IGNORE("archlinux", OPTIONAL),                                \
		CYAML_FIELD_IGNORE("ipk", OPTIONAL)

static const cyaml_schema_value_t text = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED),
};

static const cyaml_strval_t types[] = {
	{"file", MANIFEST_FILE},
	{"config", MANIFEST_CONFIG},
	{"config|noreplace", MANIFEST_CONFIG_NOREPLACE},
	{"config|missingok", MANIFEST_CONFIG_MISSINGOK},
	{"symlink", MANIFEST_SYMLINK},
	{"dir", MANIFEST_DIRECTORY},
	{"tree", MANIFEST_TREE},
	{"ghost", MANIFEST_GHOST},
	{"doc", MANIFEST_DOC},
	{"license", MANIFEST_LICENSE},
	{"licence", MANIFEST_LICENSE},
	{"readme", MANIFEST_README},
};

static const cyaml_strval_t packagers[] = {
	{"deb", MANIFEST_DEB},	       {"rpm", MANIFEST_RPM},	{"apk", MANIFEST_OTHER},
	{"archlinux", MANIFEST_OTHER}, {"ipk", MANIFEST_OTHER},
};

static const cyaml_strval_t version_schemas[] = {
	{"semver", MANIFEST_SEMVER},
	{"none", MANIFEST_AS_IS},
};

static const cyaml_strval_t layouts[] = {
	{"vendor", MANIFEST_VENDOR},
	{"system", MANIFEST_SYSTEM},
};

static const cyaml_strval_t switches[] = {
	{"true", MANIFEST_ON},
	{"false", MANIFEST_OFF},
};

static const cyaml_strval_t splits[] = {
	{"runtime", MANIFEST_RUNTIME},
	{"dev", MANIFEST_DEVELOPMENT},
	{"debug", MANIFEST_DEBUG},
};

static const cyaml_schema_field_t file_info[] = {
	STRING("owner", struct manifest_file_info, owner),
	STRING("group", struct manifest_file_info, group),
	STRING("mode", struct manifest_file_info, mode),
	STRING("mtime", struct manifest_file_info, mtime),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t content[] = {
	STRING("src", struct manifest_content, src),
	CYAML_FIELD_STRING_PTR("dst", CYAML_FLAG_POINTER, struct manifest_content, dst, 0, CYAML_UNLIMITED),
	CYAML_FIELD_ENUM("type", OPTIONAL | CYAML_FLAG_STRICT, struct manifest_content, type, types,
			 G_N_ELEMENTS(types)),
	CYAML_FIELD_ENUM("packager", OPTIONAL | CYAML_FLAG_STRICT, struct manifest_content, packager, packagers,
			 G_N_ELEMENTS(packagers)),
	CYAML_FIELD_BOOL("unversioned", OPTIONAL, struct manifest_content, unversioned),
	CYAML_FIELD_MAPPING("file_info", OPTIONAL, struct manifest_content, file_info, file_info),
	CYAML_FIELD_BOOL("expand", OPTIONAL, struct manifest_content, expand),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t content_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct manifest_content, content),
};

struct manifest_scripts {
	char *scripts[PACKAGE_SCRIPTS];
};

static const cyaml_schema_field_t scripts[] = {
	STRING("preinstall", struct manifest_scripts, scripts[PACKAGE_PREINSTALL]),
	STRING("postinstall", struct manifest_scripts, scripts[PACKAGE_POSTINSTALL]),
	STRING("preremove", struct manifest_scripts, scripts[PACKAGE_PREREMOVE]),
	STRING("postremove", struct manifest_scripts, scripts[PACKAGE_POSTREMOVE]),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t family[] = {
	RELATIONS(struct manifest_overrides),
	CONTENTS(struct manifest_overrides),
	SCRIPTS("scripts", struct manifest_overrides, scripts),
	STRING("umask", struct manifest_overrides, umask),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t development_family[] = {
	RELATIONS(struct manifest_overrides),
	CONTENTS(struct manifest_overrides),
	CYAML_FIELD_END,
};

struct manifest_families {
	struct manifest_overrides families[PACKAGE_FAMILIES];
};

static const cyaml_schema_field_t overrides[] = {
	CYAML_FIELD_MAPPING("deb", OPTIONAL, struct manifest_families, families[PACKAGE_DEB], family),
	CYAML_FIELD_MAPPING("rpm", OPTIONAL, struct manifest_families, families[PACKAGE_RPM], family),
	OTHER_FAMILIES,
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t development_overrides[] = {
	CYAML_FIELD_MAPPING("deb", OPTIONAL, struct manifest_families, families[PACKAGE_DEB], development_family),
	CYAML_FIELD_MAPPING("rpm", OPTIONAL, struct manifest_families, families[PACKAGE_RPM], development_family),
	OTHER_FAMILIES,
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t development[] = {
	STRING("description", struct manifest_development, description),
	RELATIONS(struct manifest_development),
	CONTENTS(struct manifest_development),
	FAMILIES("overrides", struct manifest_development, development_overrides),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t triggers[] = {
	LIST("interest", struct manifest_deb, triggers[PACKAGE_INTEREST]),
	LIST("interest_await", struct manifest_deb, triggers[PACKAGE_INTEREST_AWAIT]),
	LIST("interest_noawait", struct manifest_deb, triggers[PACKAGE_INTEREST_NOAWAIT]),
	LIST("activate", struct manifest_deb, triggers[PACKAGE_ACTIVATE]),
	LIST("activate_await", struct manifest_deb, triggers[PACKAGE_ACTIVATE_AWAIT]),
	LIST("activate_noawait", struct manifest_deb, triggers[PACKAGE_ACTIVATE_NOAWAIT]),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t deb_scripts[] = {
	STRING("config", struct manifest_deb, config),
	STRING("templates", struct manifest_deb, templates),
	CYAML_FIELD_IGNORE("rules", OPTIONAL),
	CYAML_FIELD_END,
};

/* `fields` is read by manifest.c: its keys are anybody's. */
static const cyaml_schema_field_t deb[] = {
	STRING("arch", struct manifest_deb, arch),
	STRING("compression", struct manifest_deb, compression),
	LIST("predepends", struct manifest_deb, predepends),
	LIST("breaks", struct manifest_deb, breaks),
	FLAT("triggers", struct manifest_deb, triggers),
	FLAT("scripts", struct manifest_deb, deb_scripts),
	CYAML_FIELD_IGNORE("fields", OPTIONAL),
	CYAML_FIELD_IGNORE("signature", OPTIONAL),
	CYAML_FIELD_IGNORE("arch_variant", OPTIONAL),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t rpm_scripts[] = {
	STRING("pretrans", struct manifest_scripts, scripts[PACKAGE_PRETRANS]),
	STRING("posttrans", struct manifest_scripts, scripts[PACKAGE_POSTTRANS]),
	STRING("verify", struct manifest_scripts, scripts[PACKAGE_VERIFY]),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t rpm_signature[] = {
	STRING("key_id", struct manifest_rpm, signature.key_id),
	CYAML_FIELD_IGNORE("key_file", OPTIONAL),
	CYAML_FIELD_IGNORE("key_passphrase", OPTIONAL),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t rpm[] = {
	STRING("arch", struct manifest_rpm, arch),
	STRING("compression", struct manifest_rpm, compression),
	STRING("group", struct manifest_rpm, group),
	STRING("summary", struct manifest_rpm, summary),
	STRING("packager", struct manifest_rpm, packager),
	STRING("buildhost", struct manifest_rpm, buildhost),
	LIST("prefixes", struct manifest_rpm, prefixes),
	SCRIPTS("scripts", struct manifest_rpm, rpm_scripts),
	FLAT("signature", struct manifest_rpm, rpm_signature),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t library[] = {
	CYAML_FIELD_STRING_PTR("file", CYAML_FLAG_POINTER, struct manifest_library, file, 0, CYAML_UNLIMITED),
	LIST("headers", struct manifest_library, headers),
	STRING("pkgconfig", struct manifest_library, pkgconfig),
	STRING("abi", struct manifest_library, abi),
	STRING("history", struct manifest_library, history),
	STRING("waivers", struct manifest_library, waivers),
	CYAML_FIELD_ENUM("layout", OPTIONAL | CYAML_FLAG_STRICT, struct manifest_library, layout, layouts,
			 G_N_ELEMENTS(layouts)),
	CYAML_FIELD_FLAGS("split", OPTIONAL | CYAML_FLAG_STRICT, struct manifest_library, split, splits,
			  G_N_ELEMENTS(splits)),
	CYAML_FIELD_BOOL("private", OPTIONAL, struct manifest_library, is_private),
	CYAML_FIELD_BOOL("held", OPTIONAL, struct manifest_library, held),
	STRING("prefix", struct manifest_library, prefix),
	STRING("ldconfig", struct manifest_library, ldconfig),
	CYAML_FIELD_MAPPING_PTR("dev", CYAML_FLAG_POINTER | OPTIONAL, struct manifest_library, dev, development),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t top[] = {
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct manifest, name, 0, CYAML_UNLIMITED),
	STRING("source", struct manifest, source),
	STRING("arch", struct manifest, arch),
	CYAML_FIELD_STRING_PTR("version", CYAML_FLAG_POINTER, struct manifest, version, 0, CYAML_UNLIMITED),
	STRING("epoch", struct manifest, epoch),
	STRING("release", struct manifest, release),
	STRING("section", struct manifest, section),
	STRING("priority", struct manifest, priority),
	CYAML_FIELD_STRING_PTR("maintainer", CYAML_FLAG_POINTER, struct manifest, maintainer, 0, CYAML_UNLIMITED),
	CYAML_FIELD_STRING_PTR("description", CYAML_FLAG_POINTER, struct manifest, description, 0, CYAML_UNLIMITED),
	STRING("vendor", struct manifest, vendor),
	STRING("homepage", struct manifest, homepage),
	STRING("license", struct manifest, license),
	STRING("mtime", struct manifest, mtime),
	STRING("changelog", struct manifest, changelog),
	STRING("umask", struct manifest, umask),
	STRING("platform", struct manifest, platform),
	STRING("prerelease", struct manifest, prerelease),
	STRING("version_metadata", struct manifest, version_metadata),
	CYAML_FIELD_ENUM("version_schema", OPTIONAL | CYAML_FLAG_STRICT, struct manifest, version_schema,
			 version_schemas, G_N_ELEMENTS(version_schemas)),
	CYAML_FIELD_BOOL("disable_globbing", OPTIONAL, struct manifest, disable_globbing),
	RELATIONS(struct manifest),
	LIST("base", struct manifest, base),
	CYAML_FIELD_ENUM("strip", OPTIONAL | CYAML_FLAG_STRICT, struct manifest, strip, switches,
			 G_N_ELEMENTS(switches)),
	CONTENTS(struct manifest),
	SCRIPTS("scripts", struct manifest, scripts),
	CYAML_FIELD_MAPPING("deb", OPTIONAL, struct manifest, deb, deb),
	CYAML_FIELD_MAPPING("rpm", OPTIONAL, struct manifest, rpm, rpm),
	OTHER_FAMILIES,
	FAMILIES("overrides", struct manifest, overrides),
	CYAML_FIELD_MAPPING_PTR("library", CYAML_FLAG_POINTER | OPTIONAL, struct manifest, library, library),
	CYAML_FIELD_END,
};

const cyaml_schema_value_t manifest_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct manifest, top),
};

/* ---- the walk over loaded data ---- */

static gboolean visit_value(struct manifest *m, const cyaml_schema_value_t *schema, char *at, guint count,
			    const char *key, manifest_visitor visit, GError **error);

static gboolean visit_fields(struct manifest *m, const cyaml_schema_field_t *field, char *base, const char *key,
			     manifest_visitor visit, GError **error)
{
	for (; field->key != NULL; field++) {
		g_autofree char *inner = *key == '\0' ? g_strdup(field->key) : g_strconcat(key, ".", field->key, NULL);
		guint count = field->value.type == CYAML_SEQUENCE ? *(guint *)(void *)(base + field->count_offset) : 0;
		if (!visit_value(m, &field->value, base + field->data_offset, count, inner, visit, error))
			return FALSE;
	}
	return TRUE;
}

/* `at` is where the value lies in its parent: the value itself, or the pointer to it. */
static gboolean visit_value(struct manifest *m, const cyaml_schema_value_t *schema, char *at, guint count,
			    const char *key, manifest_visitor visit, GError **error)
{
	char *value = (schema->flags & CYAML_FLAG_POINTER) != 0 ? *(char **)(void *)at : at;

	if (value == NULL)
		return TRUE;
	if (schema->type == CYAML_STRING)
		return visit(m, key, (char **)(void *)at, error);
	if (schema->type == CYAML_MAPPING)
		return visit_fields(m, schema->mapping.fields, value, key, visit, error);
	if (schema->type != CYAML_SEQUENCE)
		return TRUE;
	const cyaml_schema_value_t *entry = schema->sequence.entry;
	gsize step = (entry->flags & CYAML_FLAG_POINTER) != 0 ? sizeof(char *) : entry->data_size;
	for (guint i = 0; i < count; i++) {
		g_autofree char *inner = g_strdup_printf("%s[%u]", key, i);
		if (!visit_value(m, entry, value + i * step, 0, inner, visit, error))
			return FALSE;
	}
	return TRUE;
}

gboolean manifest_each_string(struct manifest *manifest, manifest_visitor visit, GError **error)
{
	return visit_fields(manifest, top, (char *)manifest, "", visit, error);
}
