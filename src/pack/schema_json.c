/* The JSON schema of a manifest: see schema_json.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/schema_json.h"
#include "pack/manifest_check.h"
#include "pack/manifest_schema.h"

#include <string.h>

struct description {
	const char *place;
	const char *text;
};

/* In the order of the tables; abide.yaml(5) says more. */
static const struct description descriptions[] = {
	{"name", "Name of the package; with library, of the project: the runtime package is named after the soname"},
	{"source", "Name of the source package, that all packages made of it share (default: name)"},
	{"arch", "all, or an architecture: amd64 arm64 386 arm7 ppc64le riscv64 s390x, or dpkg's or rpm's name of one"},
	{"version", "Version of the software"},
	{"epoch", "A number, for when the scheme of versions changed"},
	{"release", "The package's own revision: Debian's revision, rpm's release"},
	{"section", "Debian's section"},
	{"priority", "Debian's priority (default: optional)"},
	{"maintainer", "Who maintains the package: Name <mail@example.org>"},
	{"description", "First line: the summary; the others: the description"},
	{"vendor", "Who makes the software"},
	{"homepage", "Its web page"},
	{"license", "An SPDX expression"},
	{"mtime", "Time stamp of every file: 2024-01-31T12:00:00Z or seconds since 1970"},
	{"changelog", "A changelog file: Debian's format, or the YAML of goreleaser/chglog"},
	{"umask", "Taken from the modes of the sources, in octal; without it files have 0644 or 0755"},
	{"platform", "linux"},
	{"prerelease", "What sorts before the version: beta1 makes 1.0.0~beta1"},
	{"version_metadata", "What is put behind the version: git makes 1.0.0+git"},
	{"version_schema", "semver: v1.2.3-beta1+git is taken apart; none: the version is taken as it is"},
	{"disable_globbing", "Take * ? [ { in src for what they are"},
	{"depends", "Packages that this one needs: NAME, NAME (>= VERSION), A | B"},
	{"recommends", "Packages that are nearly always wanted with it"},
	{"suggests", "Packages that make it more useful"},
	{"conflicts", "Packages that cannot be installed beside it"},
	{"replaces", "Packages whose files it takes over (Replaces; Obsoletes in an .rpm)"},
	{"provides", "What it does the work of: NAME or NAME (= VERSION)"},
	{"base", "What the packages are for, as abide pack --base takes it (default: debian-12)"},
	{"strip", "Whether debug symbols go into a package of their own (default: true with a library, else false)"},
	{"contents", "Files, folders and links of the package"},
	{"contents[].src", "The file, folder or pattern; of a symlink, where it points"},
	{"contents[].dst", "Its path in the package; with a slash at the end, the folder that it keeps its name in"},
	{"contents[].type", "What becomes of it (default: file); ghost, doc, license and readme are for an .rpm only"},
	{"contents[].unversioned", "In a library's package: the next soname may not have this path, on purpose"},
	{"contents[].packager", "The only family that the entry is for"},
	{"contents[].file_info", "Owner, mode and time stamp"},
	{"contents[].file_info.owner", "Name of the owner (default: root)"},
	{"contents[].file_info.group", "Name of the group (default: root)"},
	{"contents[].file_info.mode", "Permission bits in octal, 0644"},
	{"contents[].file_info.mtime", "Time stamp: 2024-01-31T12:00:00Z or seconds since 1970"},
	{"contents[].expand", "nfpm's; ${NAME} is expanded in any case"},
	{"scripts", "Files that are run when the package is installed and removed"},
	{"scripts.preinstall", "Before it is unpacked"},
	{"scripts.postinstall", "After it was installed"},
	{"scripts.preremove", "Before it is removed"},
	{"scripts.postremove", "After it was removed"},
	{"deb", "What only a .deb has"},
	{"deb.arch", "The architecture in the .deb"},
	{"deb.compression", "xz (default), zstd, gzip or none, with a level if wanted: zstd:19"},
	{"deb.predepends", "Packages that must be there before it is unpacked"},
	{"deb.breaks", "Packages that do not work beside it: NAME (<< VERSION)"},
	{"deb.triggers", "Lines of the triggers file"},
	{"deb.triggers.interest", "Triggers that run its postinst"},
	{"deb.triggers.interest_await", "The same; who activates one waits for it"},
	{"deb.triggers.interest_noawait", "The same; nobody waits"},
	{"deb.triggers.activate", "Triggers that its installation activates"},
	{"deb.triggers.activate_await", "The same, and waits for them"},
	{"deb.triggers.activate_noawait", "The same, and does not wait"},
	{"deb.scripts", "Files of debconf"},
	{"deb.scripts.config", "debconf's config script"},
	{"deb.scripts.templates", "debconf's templates"},
	{"deb.fields", "More fields of the control file: NAME: VALUE"},
	{"rpm", "What only an .rpm has"},
	{"rpm.arch", "The architecture in the .rpm"},
	{"rpm.compression", "xz (default), zstd, gzip or none, with a level if wanted: zstd:19"},
	{"rpm.group", "The group"},
	{"rpm.summary", "The summary, instead of the description's first line"},
	{"rpm.packager", "The packager (default: maintainer)"},
	{"rpm.buildhost", "The build host (default: localhost)"},
	{"rpm.prefixes", "Folders that rpm --relocate may move"},
	{"rpm.scripts", "Scripts that only rpm has"},
	{"rpm.scripts.pretrans", "Before the whole transaction"},
	{"rpm.scripts.posttrans", "After the whole transaction"},
	{"rpm.scripts.verify", "When the package is verified"},
	{"rpm.signature", "Who signs"},
	{"rpm.signature.key_id", "The OpenPGP key of gpg's that signs each .rpm: an id, fingerprint or user id"},
	{"overrides", "What takes the place of the values above in one family"},
	{"overrides.deb", "In a .deb"},
	{"overrides.rpm", "In an .rpm"},
	{"apk", "nfpm's, for a family that abide does not write; not read"},
	{"archlinux", "nfpm's, for a family that abide does not write; not read"},
	{"ipk", "nfpm's, for a family that abide does not write; not read"},
	{"library", "A shared library: it becomes a runtime and a development package"},
	{"library.file", "The built library; it must have a soname"},
	{"library.headers", "Its public headers: files or folders"},
	{"library.pkgconfig", "A .pc file, or a template of one with @PREFIX@, @LIBDIR@, @INCLUDEDIR@ and @VERSION@"},
	{"library.abi", "The release before: its snapshot, or the library itself; empty for the first release"},
	{"library.history", "A folder with the ABI snapshots of all releases of this soname"},
	{"library.split", "Which packages are made: runtime, dev, debug (default: all)"},
	{"library.private", "For programs that know where it is: it is not offered to the system's loader"},
	{"library.held", "An old release kept beside the current one, below PREFIX/held/VERSION/lib"},
	{"library.waivers", "A file of findings that somebody has decided to live with"},
	{"library.layout", "vendor: a prefix of its own; system: where the distribution keeps libraries"},
	{"library.prefix", "Of the vendor layout (default: /opt/NAME)"},
	{"library.ldconfig", "The file for /etc/ld.so.conf.d in the vendor layout (default: one is made)"},
	{"library.dev", "What the development package has besides headers, links, the .pc file and the snapshot"},
	{"library.dev.description", "Its summary and description (default: made from the library's)"},
	{"library.dev.overrides", "What takes the place of these values in one family"},
};

/* Blocks that have keys of the manifest's top once more. */
static const char *const again[] = {"overrides.deb.", "overrides.rpm.", "overrides.", "library.dev."};

const char *schema_describe(const char *place)
{
	for (gsize i = 0; i < G_N_ELEMENTS(descriptions); i++)
		if (g_str_equal(descriptions[i].place, place))
			return descriptions[i].text;
	for (gsize i = 0; i < G_N_ELEMENTS(again); i++)
		if (g_str_has_prefix(place, again[i]))
			return schema_describe(place + strlen(again[i]));
	return NULL;
}

static const char *refusal_of(const char *place)
{
	for (const struct manifest_refusal *r = manifest_refusals; r->key != NULL; r++)
		if (g_str_equal(r->key, place))
			return r->why;
	return NULL;
}

static void put(JsonObject *object, const char *name, const char *text)
{
	json_object_set_string_member(object, name, text);
}

/* A name, or an array of names ending with NULL, as `type` takes them. */
static void put_types(JsonObject *object, const char *const *types)
{
	JsonArray *array = json_array_new();

	for (; *types != NULL; types++)
		json_array_add_string_element(array, *types);
	json_object_set_array_member(object, "type", array);
}

/* Texts may be written as anything that YAML reads off one line: version: 1.10, mode: 0644. */
static void put_text_types(JsonObject *object, gboolean empty)
{
	static const char *const types[] = {"string", "number", "boolean", "null", NULL};
	static const char *const without_null[] = {"string", "number", "boolean", NULL};

	put_types(object, empty ? types : without_null);
}

/* A word of an enumeration; true and false are the truth values for whoever reads YAML by its own rules. */
static void add_word(JsonArray *array, const char *word)
{
	if (g_str_equal(word, "true") || g_str_equal(word, "false"))
		json_array_add_boolean_element(array, g_str_equal(word, "true"));
	else
		json_array_add_string_element(array, word);
}

static void put_enum(JsonObject *object, const cyaml_schema_value_t *schema)
{
	JsonArray *array = json_array_new();

	for (guint i = 0; i < schema->enumeration.count; i++)
		add_word(array, schema->enumeration.strings[i].str);
	json_object_set_array_member(object, "enum", array);
}

/* A set of words. */
static void put_flags(JsonObject *object, const cyaml_schema_value_t *schema)
{
	JsonObject *items = json_object_new();

	put(object, "type", "array");
	put_enum(items, schema);
	json_object_set_object_member(object, "items", items);
}

static void put_bool(JsonObject *object)
{
	static const char *const words[] = {"yes", "no", "on", "off"};
	JsonArray *array = json_array_new();

	json_array_add_boolean_element(array, TRUE);
	json_array_add_boolean_element(array, FALSE);
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		json_array_add_string_element(array, words[i]);
	json_object_set_array_member(object, "enum", array);
}

static JsonObject *value_schema(const cyaml_schema_value_t *schema, const char *place);

static void put_mapping(JsonObject *object, const cyaml_schema_field_t *fields, const char *place)
{
	JsonObject *properties = json_object_new();
	JsonArray *required = json_array_new();

	for (const cyaml_schema_field_t *f = fields; f->key != NULL; f++) {
		g_autofree char *inner = *place == '\0' ? g_strdup(f->key) : g_strconcat(place, ".", f->key, NULL);
		json_object_set_object_member(properties, f->key, value_schema(&f->value, inner));
		if ((f->value.flags & CYAML_FLAG_OPTIONAL) == 0)
			json_array_add_string_element(required, f->key);
	}
	put(object, "type", "object");
	json_object_set_object_member(object, "properties", properties);
	json_object_set_array_member(object, "required", required);
	json_object_set_boolean_member(object, "additionalProperties", FALSE);
}

static void put_sequence(JsonObject *object, const cyaml_schema_value_t *schema, const char *place, gboolean empty)
{
	static const char *const types[] = {"array", "null", NULL};
	g_autofree char *inner = g_strconcat(place, "[]", NULL);

	put_types(object, empty ? types : (const char *const[]){"array", NULL});
	json_object_set_object_member(object, "items", value_schema(schema->sequence.entry, inner));
}

/* What the tables leave open: what is refused, deb.fields, and the blocks of other families. */
static void put_open(JsonObject *object, const char *place)
{
	JsonObject *values = json_object_new();

	if (refusal_of(place) != NULL) {
		json_object_set_object_member(object, "not", values);
		return;
	}
	if (!g_str_equal(place, "deb.fields")) {
		json_object_unref(values);
		return;
	}
	put_text_types(values, FALSE);
	put(object, "type", "object");
	json_object_set_object_member(object, "additionalProperties", values);
}

static JsonObject *value_schema(const cyaml_schema_value_t *schema, const char *place)
{
	JsonObject *object = json_object_new();
	gboolean empty = (schema->flags & CYAML_FLAG_POINTER_NULL) == CYAML_FLAG_POINTER_NULL;
	const char *text = refusal_of(place) != NULL ? refusal_of(place) : schema_describe(place);

	if (text != NULL)
		put(object, "description", text);
	switch (schema->type) {
	case CYAML_STRING:
		put_text_types(object, empty);
		break;
	case CYAML_FLAGS:
		put_flags(object, schema);
		break;
	case CYAML_ENUM:
		put_enum(object, schema);
		break;
	case CYAML_BOOL:
		put_bool(object);
		break;
	case CYAML_MAPPING:
		put_mapping(object, schema->mapping.fields, place);
		break;
	case CYAML_SEQUENCE:
		put_sequence(object, schema, place, empty);
		break;
	default:
		put_open(object, place);
	}
	return object;
}

JsonNode *schema_json(void)
{
	JsonNode *node = json_node_new(JSON_NODE_OBJECT);
	JsonObject *object = json_object_new();

	put(object, "$schema", "https://json-schema.org/draft/2020-12/schema");
	put(object, "title", "abide.yaml: what abide pack packs");
	put_mapping(object, manifest_schema.mapping.fields, "");
	json_node_take_object(node, object);
	return node;
}
