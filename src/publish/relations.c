/* Reading the relations of packages: see relations.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/relations.h"

#include <string.h>

/* Longer names and versions than this no package has. */
#define MOST_NAME 512

/* A piece of a record. */
struct slice {
	const char *at, *end;
};

/* A walk over the names of one side of one record. */
struct walk {
	relations_fn fn;
	gpointer user;
	guint group;
	char name[MOST_NAME], version[MOST_NAME];
};

gboolean relations_hold(version_compare_fn compare, const char *version, enum relation_op op, const char *wanted)
{
	int order = op == RELATION_ANY ? 0 : compare(version, wanted);

	switch (op) {
	case RELATION_LESS:
		return order < 0;
	case RELATION_LESS_EQUAL:
		return order <= 0;
	case RELATION_EQUAL:
		return order == 0;
	case RELATION_GREATER_EQUAL:
		return order >= 0;
	case RELATION_GREATER:
		return order > 0;
	default:
		return TRUE;
	}
}

static gboolean copy(char to[MOST_NAME], const char *from, gsize size)
{
	if (size == 0 || size >= MOST_NAME)
		return FALSE;
	memcpy(to, from, size);
	to[size] = '\0';
	return TRUE;
}

static void hand_over(struct walk *w, enum relation_op op)
{
	const struct relations_name name = {w->name, op, op == RELATION_ANY ? NULL : w->version, w->group};

	w->fn(&name, w->user);
}

/* The longest spelling first. Of rpm's flags, which are words, see rpm_ops. */
static enum relation_op deb_op(struct slice *s)
{
	static const struct {
		const char text[3];
		enum relation_op op;
	} ops[] = {
		{"<<", RELATION_LESS},	{"<=", RELATION_LESS_EQUAL}, {">>", RELATION_GREATER}, {">=", RELATION_GREATER_EQUAL},
		{"=", RELATION_EQUAL},	{"<", RELATION_LESS_EQUAL},  {">", RELATION_GREATER_EQUAL},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(ops); i++) {
		gsize n = strlen(ops[i].text);
		if ((gsize)(s->end - s->at) >= n && memcmp(s->at, ops[i].text, n) == 0) {
			s->at += n;
			return ops[i].op;
		}
	}
	return RELATION_ANY;
}

static void skip_blanks(struct slice *s)
{
	while (s->at < s->end && g_ascii_isspace(*s->at))
		s->at++;
}

static gsize run_until(const struct slice *s, const char *stops)
{
	const char *p = s->at;

	while (p < s->end && strchr(stops, *p) == NULL)
		p++;
	return (gsize)(p - s->at);
}

/* "libfoo1:any (>= 1.0) [amd64] <!nocheck>": what follows the version is for sources only. */
static void deb_name(struct walk *w, struct slice s)
{
	enum relation_op op = RELATION_ANY;

	skip_blanks(&s);
	gsize n = run_until(&s, " \t\n([<:");
	if (!copy(w->name, s.at, n))
		return;
	s.at += n;
	s.at += run_until(&s, "([<");
	if (s.at < s.end && *s.at == '(') {
		s.at++;
		skip_blanks(&s);
		op = deb_op(&s);
		skip_blanks(&s);
		if (op == RELATION_ANY || !copy(w->version, s.at, run_until(&s, " \t\n)")))
			return;
	}
	hand_over(w, op);
}

/* Alternatives between bars, groups between commas. */
static void deb_value(struct walk *w, struct slice s)
{
	while (s.at < s.end) {
		gsize n = run_until(&s, ",|");
		deb_name(w, (struct slice){s.at, s.at + n});
		s.at += n;
		if (s.at < s.end && *s.at++ == ',')
			w->group++;
	}
	w->group++;
}

static gboolean is_field(const struct slice *line, const char *name)
{
	gsize n = strlen(name);

	return (gsize)(line->end - line->at) > n && line->at[n] == ':' && g_ascii_strncasecmp(line->at, name, n) == 0;
}

/* A field ends before the next line that does not begin with a blank. */
static struct slice next_field(struct slice *rest)
{
	struct slice field = {rest->at, rest->end};

	while (rest->at < rest->end) {
		const char *newline = memchr(rest->at, '\n', (gsize)(rest->end - rest->at));
		rest->at = newline ? newline + 1 : rest->end;
		if (rest->at == rest->end || (*rest->at != ' ' && *rest->at != '\t'))
			break;
	}
	field.end = rest->at;
	return field;
}

void relations_of_deb(const char *record, gsize size, enum relations_side side, relations_fn fn, gpointer user)
{
	static const char *const fields[][2] = {
		[RELATIONS_NEEDS] = {"Depends", "Pre-Depends"},
		[RELATIONS_PROVIDES] = {"Provides", "Provides"},
	};
	struct walk w = {.fn = fn, .user = user};
	struct slice rest = {record, record + size};

	while (rest.at < rest.end) {
		struct slice field = next_field(&rest);
		if (!is_field(&field, fields[side][0]) && !is_field(&field, fields[side][1]))
			continue;
		field.at += run_until(&field, ":") + 1;
		deb_value(&w, field);
	}
}

/* ---- rpm ---- */

static const char *find(const struct slice *s, const char *text)
{
	return memmem(s->at, (gsize)(s->end - s->at), text, strlen(text));
}

/* The five entities of XML, in place: the result is never longer. */
static void unescape(char *text)
{
	static const struct {
		const char *entity;
		char character;
	} entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
	char *to = text;

	while (*text != '\0') {
		gsize i = 0;
		while (i < G_N_ELEMENTS(entities) && !g_str_has_prefix(text, entities[i].entity))
			i++;
		if (i < G_N_ELEMENTS(entities)) {
			*to++ = entities[i].character;
			text += strlen(entities[i].entity);
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
}

/* The attributes of one <rpm:entry>, where they stand; empty ones are not there. */
struct attributes {
	struct slice name, flags, epoch, version, release_;
};

static struct slice *attribute_named(struct attributes *a, const char *name, gsize size)
{
	static const struct {
		const char *name;
		gsize offset;
	} rows[] = {
		{"name", G_STRUCT_OFFSET(struct attributes, name)},   {"flags", G_STRUCT_OFFSET(struct attributes, flags)},
		{"epoch", G_STRUCT_OFFSET(struct attributes, epoch)}, {"ver", G_STRUCT_OFFSET(struct attributes, version)},
		{"rel", G_STRUCT_OFFSET(struct attributes, release_)},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (strncmp(rows[i].name, name, size) == 0 && rows[i].name[size] == '\0')
			return G_STRUCT_MEMBER_P(a, rows[i].offset);
	return NULL;
}

/* Reads the attributes of an element and moves S behind its end. They are written NAME="VALUE", as libxml2 does. */
static struct attributes read_attributes(struct slice *s)
{
	struct attributes a = {0};

	while (s->at < s->end) {
		skip_blanks(s);
		gsize n = 0;
		while (s->at + n < s->end && g_ascii_isalpha(s->at[n]))
			n++;
		const char *quote = s->at + n + 1, *end;
		if (n == 0 || s->end - s->at < (gssize)n + 2 || s->at[n] != '=' || *quote != '"' ||
		    (end = memchr(quote + 1, '"', (gsize)(s->end - quote - 1))) == NULL)
			break;
		struct slice *value = attribute_named(&a, s->at, n);
		if (value != NULL)
			*value = (struct slice){quote + 1, end};
		s->at = end + 1;
	}
	return a;
}

/* Copies a value as it is meant; FALSE when it is not there, or too long. */
static gboolean take_value(const struct slice *s, char to[MOST_NAME])
{
	if (s->at == NULL || !copy(to, s->at, (gsize)(s->end - s->at)))
		return FALSE;
	if (strchr(to, '&') != NULL)
		unescape(to);
	return TRUE;
}

static enum relation_op rpm_op(const struct slice *flags)
{
	static const char ops[][3] = {
		[RELATION_LESS] = "LT",		 [RELATION_LESS_EQUAL] = "LE", [RELATION_EQUAL] = "EQ",
		[RELATION_GREATER_EQUAL] = "GE", [RELATION_GREATER] = "GT",
	};

	for (gsize op = RELATION_LESS; flags->end - flags->at == 2 && op <= RELATION_GREATER; op++)
		if (memcmp(flags->at, ops[op], 2) == 0)
			return (enum relation_op)op;
	return RELATION_ANY;
}

static gboolean rpm_version(const struct attributes *a, char to[MOST_NAME])
{
	char epoch[MOST_NAME], version[MOST_NAME], release_[MOST_NAME];
	gboolean has_epoch = take_value(&a->epoch, epoch), has_release = take_value(&a->release_, release_);

	if (!take_value(&a->version, version) ||
	    (has_epoch ? strlen(epoch) : 1) + strlen(version) + (has_release ? strlen(release_) : 0) + 3 > MOST_NAME)
		return FALSE;
	to = stpcpy(stpcpy(stpcpy(to, has_epoch ? epoch : "0"), ":"), version);
	if (has_release)
		strcpy(stpcpy(to, "-"), release_);
	return TRUE;
}

static gboolean is_word_of_rich(const char *word)
{
	static const char *const words[] = {"and", "or", "if", "else", "unless", "with", "without", NULL};

	return g_strv_contains(words, word) || strchr("<>=", *word) != NULL;
}

/* "(libfoo1 >= 1 or libfoo-compat)": its packages; a version stands behind an operator. */
static void rich_names(struct walk *w, const char *text)
{
	g_auto(GStrv) words = g_strsplit_set(text, " ()", -1);

	for (gsize i = 0; words[i] != NULL; i++)
		if (*words[i] != '\0' && !is_word_of_rich(words[i]) && copy(w->name, words[i], strlen(words[i])) &&
		    (i == 0 || *words[i - 1] == '\0' || strchr("<>=", *words[i - 1]) == NULL))
			hand_over(w, RELATION_ANY);
}

/* "libfoo.so.1(FOO_1.0)(64bit)" to its soname, "libfoo1(x86-64)" to its name; TRUE for a soname. */
static gboolean cut_brackets(char *name)
{
	char *bracket = strchr(name, '('), *so = strstr(name, ".so");
	gboolean soname = so != NULL && (bracket == NULL || so < bracket);

	if (bracket != NULL && (soname || g_str_has_suffix(bracket, "-32)") || g_str_has_suffix(bracket, "-64)")))
		*bracket = '\0';
	return soname;
}

static void rpm_element(struct walk *w, const struct attributes *a)
{
	if (!take_value(&a->name, w->name))
		return;
	if (*w->name == '(') {
		g_autofree char *text = g_strdup(w->name);
		rich_names(w, text);
	} else {
		enum relation_op op = cut_brackets(w->name) ? RELATION_ANY : rpm_op(&a->flags);
		if (op != RELATION_ANY && !rpm_version(a, w->version))
			op = RELATION_ANY;
		if (*w->name != '\0')
			hand_over(w, op);
	}
	w->group++;
}

void relations_of_rpm(const char *record, gsize size, enum relations_side side, relations_fn fn, gpointer user)
{
	static const char *const sections[][2] = {
		[RELATIONS_NEEDS] = {"<rpm:requires>", "</rpm:requires>"},
		[RELATIONS_PROVIDES] = {"<rpm:provides>", "</rpm:provides>"},
	};
	static const char element[] = "<rpm:entry ";
	struct walk w = {.fn = fn, .user = user};
	struct slice s = {record, record + size};
	const char *begin = find(&s, sections[side][0]), *end;

	if (begin == NULL)
		return;
	s.at = begin + strlen(sections[side][0]);
	end = find(&s, sections[side][1]);
	s.end = end != NULL ? end : s.at;
	while ((begin = memchr(s.at, '<', (gsize)(s.end - s.at))) != NULL) {
		s.at = begin + 1;
		if ((gsize)(s.end - begin) < sizeof element || memcmp(begin, element, sizeof element - 1) != 0)
			continue;
		s.at = begin + sizeof element - 1;
		struct attributes a = read_attributes(&s);
		rpm_element(&w, &a);
	}
}
