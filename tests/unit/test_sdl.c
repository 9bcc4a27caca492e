/* Mapping files of Data Loader: what they say, what is wrong in them and where, and that what is written is read again. */
#include "plan_fixture.h"

#include "core/plan/sdl.h"

/* Columns between '|'. */
static enum err_code map(struct plan_fixture *s, const char *header, struct slice text, bool sdl)
{
	fixture_clear(s);
	s->request = (struct mapping_request){ .object = s->object,
		                               .parents = s->parents,
		                               .parent_count = 1,
		                               .action = ACTION_INSERT,
		                               .columns = s->columns,
		                               .column_count = fixture_split(header, s->columns),
		                               .map_json = text,
		                               .map_is_sdl = sdl,
		                               .words = &s->words };
	return mapping_new(&s->mapping, &s->request, &s->e);
}

/* "column>field ..." of the payload, joined columns with a '+' between. */
static const char *told(struct plan_fixture *s)
{
	buf_clear(&s->payload);
	for (size_t i = 0; i < s->mapping->count; i++) {
		const struct mapped *to = &s->mapping->entries[i];

		buf_add_text(&s->payload, i ? " " : "");
		for (size_t k = 0; k < to->joined_count; k++) {
			buf_addf(&s->payload, "%s%.*s", k ? "+" : "", SLICE_ARGS(s->columns[to->joined[k]]));
		}
		if (to->column < 0)
			buf_addf(&s->payload, "\"%s\"", to->constant);
		else if (!to->joined)
			buf_addf(&s->payload, "%.*s", SLICE_ARGS(s->columns[to->column]));
		buf_addf(&s->payload, ">%s", to->name);
	}
	return buf_text(&s->payload);
}

#define BYTES(text) ((struct slice){ text, sizeof(text) - 1 })

static void says(struct plan_fixture *s, const char *header, struct slice text, const char *entries)
{
	if (map(s, header, text, true) != ERR_OK)
		fail_msg("%.*s: %s", SLICE_ARGS(text), s->e.text);
	assert_string_equal(told(s), entries);
}

static void columns_go_where_it_says_and_the_others_nowhere(void **state)
{
	says(*state, "A|Tel__c|C", BYTES("#Mapping values\n!Mon\n\nA=Name\r\nc = Code__c, Loose__c\r  # x\n"),
	     "A>Name C>Code__c C>Loose__c");
	says(*state, "A|Name", BYTES("A=Tel__c\nName="), "A>Tel__c");
	says(*state, "A|B|C", BYTES("A Name\nB:Code__c\nC\t=\tLoose__c"), "A>Name B>Code__c C>Loose__c");
}

static void a_lookup_of_several_objects_is_written_as_data_loader_does(void **state)
{
	struct plan_fixture *s = *state;
	struct object *event = object_from_file("Event"), *contact = object_from_file("Contact");
	const struct object *parents[] = { contact };
	struct slice columns[] = { slice_of("Guest") };
	struct mapping_request r = {
		.object = event, .parents = parents, .parent_count = 1, .columns = columns, .column_count = 1
	};
	struct buf text;

	r.map_json = slice_of("Guest=Who\\:Contact-Email\n");
	r.map_is_sdl = true;
	assert_int_equal(mapping_new(&s->mapping, &r, &s->e), ERR_OK);
	assert_string_equal(s->mapping->entries[0].name, "Contact:Who.Email");
	buf_init(&text, 1 << 16);
	assert_int_equal(mapping_write_sdl(s->mapping, &r, &text, &s->e), ERR_OK);
	assert_non_null(strstr(buf_text(&text), "Guest=Who\\:Contact-Email\n"));
	buf_release(&text);
	mapping_free(s->mapping);
	s->mapping = NULL;
	object_free(event);
	object_free(contact);
}

static void escapes_and_lines_that_go_on_are_javas(void **state)
{
	says(*state, "Last Name|a:b=c|d\\e|#f",
	     BYTES("Last\\ Name=Na\\\n   me\na\\:b\\=c=Code__c\nd\\\\e=Loose__c\n\\#f=Tel__c"),
	     "Last Name>Name a:b=c>Code__c d\\e>Loose__c #f>Tel__c");
	says(*state, "Größe|😀", BYTES("Gr\\u00f6\\u00DFe=Name\n\\uD83D\\uDE00=Code__c"),
	     "Größe>Name 😀>Code__c");
	says(*state, "Größe", BYTES("\xef\xbb\xbfGröße=Name"), "Größe>Name");
	says(*state, "Größe",
	     BYTES("Gr\xf6\xdf"
	           "e=Name"),
	     "Größe>Name");
	/* an even number of backslashes ends the line */
	says(*state, "A\\|B", BYTES("A\\\\=Name\nB=Code__c\\"), "A\\>Name B>Code__c");
}

static void a_lookup_by_external_id_is_found(void **state)
{
	says(*state, "A|B", BYTES("A=Account__r\\:Id\nB=Parent__r:Sample__c-Ext__c"),
	     "A>Account__r.Id B>Parent__r.Ext__c");
}

static void constants_stand_in_quotes_and_beat_columns(void **state)
{
	says(*state, "A|B", BYTES("A=Name, Code__c\nB=Tel__c\n\"two\\ words\"=Code__c\n\"x\"=TEL__C, Loose__c"),
	     "A>Name \"two words\">Code__c \"x\">Tel__c \"x\">Loose__c");
	/* braces mean nothing there */
	says(*state, "A", BYTES("A=Name\n\"{run}\"=Code__c"), "A>Name \"{{run}\">Code__c");
}

static void several_columns_are_joined_for_texts_only(void **state)
{
	says(*state, "A|B|C", BYTES("A,B=Notes__c\nC=Name"), "A+B>Notes__c C>Name");
	says(*state, "A|Name|C", BYTES("A,\\ Name=Count__c\nC=Tel__c"), "A>Count__c C>Tel__c");
	/* one column with a comma in its name */
	says(*state, "Last, First|A", BYTES("Last,\\ First=Name\nA=Tel__c"), "Last, First>Name A>Tel__c");
}

static void what_is_wrong_is_told_with_its_line(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "# x\nA=Nome",
		  "the mapping's line 2 sends column \"A\" to Nome of Sample__c: no field of this name" },
		{ "A=Name\nGone=Code__c",
		  "the mapping's line 2 names column \"Gone\", which the file does not have" },
		{ "A=Name\n\nA=Code__c", "the mapping's line 3 names column \"A\" twice" },
		{ "A=Name\nB=Na\\\nme", "the mapping's line 2 sends two columns to Name" },
		{ "\n\n=Name", "the mapping's line 3 names no column" },
		{ "\"x\"=Nome", "the mapping's line 1 gives a constant to Nome of Sample__c" },
		{ "\"x\"=Name\n\"y\"=Name", "the mapping's line 2 gives Name two values" },
		{ "\"\"=Name", "the mapping's line 1 has an empty constant" },
		{ "\"two words\"=Name", "the mapping's line 1 has a constant without its second quote" },
		{ "A=Name\nB=\\u12", "the mapping's line 2 has \\u without" },
		{ "\\u12g4=Name", "the mapping's line 1 has \\u without" },
		{ "\\u0000=Name", "the mapping's line 1 has \\u without" },
		{ "\\ud83d=Name", "the mapping's line 1 has \\u without" },
		{ "\\udc00=Name", "the mapping's line 1 has \\u without" },
		{ "A=Owner:Email", "the mapping's line 1 sends column \"A\" to Owner:Email of Sample__c" },
	};
	struct plan_fixture *s = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(map(s, "A|B", slice_of(cases[i].text), true), ERR_USAGE);
		if (!strstr(s->e.text, cases[i].says))
			fail_msg("%s: %s", cases[i].text, s->e.text);
	}
	assert_int_equal(map(s, "A|B",
	                     BYTES("\xff\xfe"
	                           "A\0=\0"),
	                     true),
	                 ERR_USAGE);
	assert_non_null(strstr(s->e.text, "NUL"));
}

/* Writes the mapping at hand as an .sdl, and reads that again. */
static void is_kept(struct plan_fixture *s, const char *header)
{
	struct buf text, before, after;

	buf_init(&text, 1 << 20);
	buf_init(&before, 1 << 20);
	buf_init(&after, 1 << 20);
	mapping_write(s->mapping, &s->request, false, &before);
	if (mapping_write_sdl(s->mapping, &s->request, &text, &s->e) != ERR_OK ||
	    map(s, header, buf_slice(&text), true) != ERR_OK)
		fail_msg("%s%s", buf_text(&text), s->e.text);
	mapping_write(s->mapping, &s->request, false, &after);
	assert_string_equal(buf_text(&after), buf_text(&before));
	buf_release(&text);
	buf_release(&before);
	buf_release(&after);
}

static void what_is_written_is_read_again(void **state)
{
	static const char header[] = "Name|a: b=c|Größe 😀|d\\e|#f!|x\ty|Last, First|Parent:Ext__c|g|h|i";
	static const char json[] =
		"{\"longshore_mapping\":1,\"columns\":{\"a: b=c\":\"Code__c\",\"Größe "
		"😀\":[\"Tel__c\",\"Count__c\"],"
		"\"d\\\\e\":\"Loose__c\",\"#f!\":null,\"x\\ty\":\"Site__c\",\"Last, First\":\"Fixed__c\","
		"\"Parent:Ext__c\":\"Parent__r.Ext__c\"},"
		"\"joined\":[{\"columns\":[\"g\",\"h\"],\"with\":\", \",\"to\":[\"Notes__c\",\"Mail__c\"]}],"
		"\"constants\":{\"Ext__c\":\"  a=b: {{x}} \\\\é\\n\",\"Twin_A__c\":\"v\",\"Twin_B__c\":\"v\"}}";
	struct plan_fixture *s = *state;

	if (map(s, header, slice_of(json), false) != ERR_OK)
		fail_msg("%s", s->e.text);
	assert_int_equal(s->mapping->count, 13);
	is_kept(s, header);
}

static void what_it_cannot_say_is_refused(void **state)
{
	static const struct {
		const char *json, *says;
	} cases[] = {
		{ "\"null_mark\":\"-\"", "how cells are read" },
		{ "\"columns\":{\"A\":{\"to\":\"Name\",\"trim\":true}}",
		  "how the cells of column \"A\" are read" },
		{ "\"constants\":{\"Name\":\"{run}\"}", "fill in the constant for Name" },
		{ "\"joined\":[{\"columns\":[\"A\",\"B\"],\"to\":\"Name\"}]", "column \"A\" is joined" },
		{ "\"joined\":[{\"columns\":[\"A\",\"B\"],\"with\":\", \",\"to\":\"Count__c\"}]",
		  "column \"A\" is joined" },
		{ "\"joined\":[{\"columns\":[\"A\",\"x,y\"],\"with\":\", \",\"to\":\"Name\"}]", "has a comma" },
		{ "\"joined\":[{\"columns\":[\"x\",\"y\"],\"with\":\", \",\"to\":\"Name\"}]",
		  "column \"x\" is joined" },
		{ "\"columns\":{\"\\\"q\\\"\":\"Name\"}", "would be a constant" },
	};
	struct plan_fixture *s = *state;
	struct buf text;

	buf_init(&text, 1 << 20);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char json[256];
		const char *header = strstr(cases[i].json, "\\\"q") ? "A|\"q\"" : "A|B|x|y|x,y";

		snprintf(json, sizeof json, "{\"longshore_mapping\":1,%s}", cases[i].json);
		if (map(s, header, slice_of(json), false) != ERR_OK)
			fail_msg("%s: %s", json, s->e.text);
		assert_int_equal(mapping_write_sdl(s->mapping, &s->request, &text, &s->e), ERR_USAGE);
		if (!strstr(s->e.text, cases[i].says))
			fail_msg("%s: %s", json, s->e.text);
	}
	buf_release(&text);
}

#define T(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(columns_go_where_it_says_and_the_others_nowhere),
		T(a_lookup_of_several_objects_is_written_as_data_loader_does),
		T(escapes_and_lines_that_go_on_are_javas),
		T(a_lookup_by_external_id_is_found),
		T(constants_stand_in_quotes_and_beat_columns),
		T(several_columns_are_joined_for_texts_only),
		T(what_is_wrong_is_told_with_its_line),
		T(what_is_written_is_read_again),
		T(what_it_cannot_say_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
