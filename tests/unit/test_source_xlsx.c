/* Sheets of workbooks as numbered records: files that other programs wrote, each kind of cell, and what breaks. */
#include "source_fixture.h"
#include "workbook_fixture.h"

#include <zlib.h>

#include "base/csv.h"

enum { MOST = 1 << 26 };

static struct source *open_with(const char *file, const char *sheet)
{
	struct source_options options = { .folder = folder };
	struct source *source = NULL;
	struct err e;

	err_init(&e);
	snprintf(options.sheet, sizeof options.sheet, "%s", sheet);
	if (source_open(&source, file, &options, &e) != ERR_OK)
		fail_msg("%s", e.text);
	return source;
}

static void expect_file(const char *file, const char *sheet, const char *expected)
{
	struct source *source = open_with(file, sheet), *again;
	struct buf told;
	struct err e;

	buf_init(&told, MOST);
	assert_int_equal(source_shape(source)->format, FORMAT_XLSX);
	tell_records(source, &told);
	assert_string_equal(buf_text(&told), expected);
	err_init(&e);
	assert_int_equal(source_open_again(&again, source, &e), ERR_OK);
	source_close(source);
	buf_clear(&told);
	tell_records(again, &told);
	assert_string_equal(buf_text(&told), expected);
	source_close(again);
	buf_release(&told);
}

static void write_parts(const struct workbook_parts *parts)
{
	assert_true(workbook_write(path, parts));
}

/* Rows within sheetData, with these texts and formats. */
static void expect(const char *rows, const char *shared, const char *styles, const char *expected)
{
	write_parts(
		&(struct workbook_parts){ slice_of(rows), slice_of(shared), slice_of(styles), { 0 }, true });
	expect_file(path, "", expected);
}

static void expect_refusal_of(const char *file, const char *sheet, enum err_code code, const char *because)
{
	struct source_options options = { .folder = folder };
	struct source *source;
	struct err e;

	err_init(&e);
	snprintf(options.sheet, sizeof options.sheet, "%s", sheet);
	assert_int_equal(source_open(&source, file, &options, &e), code);
	assert_null(source);
	if (!strstr(e.text, because))
		fail_msg("\"%s\" does not say \"%s\"", e.text, because);
}

static void expect_refusal(const char *rows, const char *because)
{
	write_parts(&(struct workbook_parts){ .sheet = slice_of(rows), .bare = true });
	expect_refusal_of(path, "", ERR_FILE, because);
}

/* ---- files that other programs wrote: tests/data/xlsx/NOTES ---- */

#define HEADER "LastName|Ext__c|Birthdate|When|Amount|Zip|Share|Active|Title|Sum|Error\n"
#define PEOPLE                                                                                                \
	"1@2[Müller & Söhne <1>][W-1][1961-02-28][2026-01-31T13:45:00][1234.5][00501][50%][true][Dr. med.]" \
	"[2469][#N/A]\n"                                                                                      \
	"2@3[two\nlines][W-2][1900-03-01][2026-12-31T00:00:00][0.3][80331][7.5%][false][Dr. "                 \
	"med.][0.6][#N/A]\n"                                                                                  \
	"3@4[ 日本 \"x\" ][W-3][1999-12-31][2026-06-01T00:00:01][1000000000000000][12345][100%][true]"      \
	"[Dr. med.][2000000000000000][#N/A]\n"                                                                \
	"4@6[Last][W-4][][][][][][][][][]\n"

static void what_other_programs_write_is_read(void **unused)
{
	(void)unused;
	expect_file("tests/data/xlsx/exceljs.xlsx", "", HEADER PEOPLE);
	expect_file("tests/data/xlsx/stream.xlsx", "Contacts", HEADER PEOPLE);
	expect_file("tests/data/xlsx/sheetjs.xlsx", "contacts", HEADER PEOPLE);
	expect_file("tests/data/xlsx/exceljs.xlsx", "Notes", "nothing to load\n");
	expect_file("tests/data/xlsx/openpyxl_1904.xlsx", "",
	            "LastName|Birthdate|When|Time|Span|Long|Flag|column 11\n"
	            "1@2[Früh][1904-01-01][1999-12-31T23:59:59.500][06:30:00][36:05:00][1234567890123456]["
	            "false][]\n"
	            "2@3[Spät][2026-02-28][2026-02-28T00:00:00][00:00:00][00:00:00][-0.000001][true]"
	            "[no name above]\n"
	            "3@5[a\tb][][][][][][][]\n");
	expect_file("tests/data/xlsx/gnumeric.xlsx", "",
	            "LastName|Birthdate|Amount|Share|Zip\n"
	            "1@2[Gnu, Meric][1961-02-28][1234.5][0.5][501]\n"
	            "2@3[Two][2026-12-31][1000][0.075][80331]\n"
	            "3@5[Three][][0.1][][]\n");
}

static void what_is_found_out_is_told(void **unused)
{
	struct source *source = open_with("tests/data/xlsx/exceljs.xlsx", "");
	const struct source_shape *shape = source_shape(source);
	struct source_options options = { 0 };
	char reading[SOURCE_READING];
	struct buf b;
	struct err e;

	(void)unused;
	buf_init(&b, MOST);
	assert_string_equal(shape->sheet, "Contacts");
	assert_int_equal(shape->sheet_count, 2);
	assert_string_equal(shape->sheets[0], "Notes");
	assert_int_equal(shape->merged, 1);
	assert_string_equal(source_place_name(source), "row");
	source_describe(source, &b);
	assert_string_equal(
		buf_text(&b),
		"11 columns · xlsx (begins as one) · sheet \"Contacts\" (the first not hidden of 2) · "
		"1 merged range (the first cell counts)");
	source_reading(source, reading);
	assert_string_equal(reading, "xlsx UTF-8 Contacts");
	err_init(&e);
	assert_int_equal(source_reading_of("xlsx UTF-8 A b  c", &options, &e), ERR_OK);
	assert_int_equal(options.format, FORMAT_XLSX);
	assert_string_equal(options.sheet, "A b  c");
	source_close(source);
	buf_release(&b);
}

/* ---- cells ---- */

static void each_kind_of_cell_says_what_it_is(void **unused)
{
	(void)unused;
	expect("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" "
	       "t=\"inlineStr\"><is><t>b</t></is></c></row>"
	       "<row r=\"2\"><c r=\"A2\"><v>1.50</v></c><c r=\"B2\" t=\"b\"><v>1</v></c></row>"
	       "<row r=\"3\"><c r=\"A3\" t=\"str\"><f>A1</f><v> x </v></c><c r=\"B3\" "
	       "t=\"e\"><v>#N/A</v></c></row>"
	       "<row r=\"4\"><c r=\"A4\" t=\"s\"><v>1</v></c><c r=\"B4\" t=\"n\"><v>2</v></c></row>"
	       "<row r=\"5\"><c r=\"A5\" t=\"b\"><v>0</v></c><c r=\"B5\" "
	       "t=\"e\"><f>1/0</f><v>#DIV/0!</v></c></row>",
	       "<si><t>a</t></si><si><r><rPr><b/></rPr><t>ri</t></r><r><t xml:space=\"preserve\">ch </t></r>"
	       "<rPh sb=\"0\" eb=\"1\"><t>reading</t></rPh></si>",
	       "", "a|b\n1@2[1.5][true]\n2@3[ x ][#N/A]\n3@4[rich ][2]\n4@5[false][#DIV/0!]\n");
}

static void the_format_decides_what_a_number_is(void **unused)
{
	(void)unused;
	expect("<row><c t=\"str\"><v>a</v></c><c s=\"1\"><v>43831</v></c></row>"
	       "<row><c s=\"1\"><v>43831</v></c><c s=\"2\"><v>43831.5</v></c></row>"
	       "<row><c s=\"3\"><v>501</v></c><c s=\"0\"><v>43831</v></c></row>"
	       "<row><c s=\"9\"><v>43831</v></c><c s=\"4\"><v>0.5</v></c></row>"
	       "<row><c t=\"d\" s=\"1\"><v>2026-01-31T00:00:00.000Z</v></c><c t=\"d\" "
	       "s=\"2\"><v>2026-01-31T00:00:00</v></c>"
	       "</row>",
	       "",
	       "<numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy-mm-dd hh:mm\"/><numFmt numFmtId=\"165\" "
	       "formatCode=\"00000\"/><numFmt numFmtId=\"9\" formatCode=\"0.00\"/></numFmts>"
	       "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
	       "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/>"
	       "<xf numFmtId=\"9\"/></cellXfs>",
	       "a|2020-01-01\n1@2[2020-01-01][2020-01-01T12:00:00]\n2@3[00501][43831]\n3@4[43831][0.5]\n"
	       "4@5[2026-01-31][2026-01-31T00:00:00]\n");
}

static void characters_that_xml_cannot_hold(void **unused)
{
	(void)unused;
	expect("<row><c t=\"str\"><v>a&amp;b</v></c></row><row><c t=\"s\"><v>0</v></c></row>"
	       "<row><c t=\"inlineStr\"><is><t>_x0041_&lt;_x263a_&gt;_x005F_x0041_ _x00_ __</t></is></c></row>",
	       "<si><t>x_x000D_\ny&#10;z</t></si>", "", "a&b\n1@2[x\r\ny\nz]\n2@3[A<☺>_x0041_ _x00_ __]\n");
}

static void rows_may_be_blank_ragged_or_without_a_place(void **unused)
{
	(void)unused;
	expect("<row r=\"3\"/><row r=\"4\"><c r=\"B4\" t=\"str\"><v>b</v></c><c r=\"D4\" t=\"str\"><v> d "
	       "</v></c></row>"
	       "<row><c r=\"C5\" s=\"1\"/></row>"
	       "<row><c r=\"D6\"><v>4</v></c></row>"
	       "<row r=\"9\"><c r=\"B9\"><v>1</v></c><c><v>2</v></c><c><v>3</v></c><c><v>5</v></c></row>"
	       "<row><c r=\"A10\" t=\"str\"><v></v></c></row>",
	       "", "", "b|column 3|d|column 5\n1@6[][][4][]\n2@9[1][2][3][5]\n");
	expect("<row><c t=\"str\"><v>only</v></c></row>", "", "", "only\n");
	/* cells in any order */
	expect("<row><c r=\"B1\" t=\"str\"><v>b</v></c><c r=\"A1\" t=\"str\"><v>a</v></c></row>"
	       "<row><c r=\"B2\"><v>2</v></c><c r=\"A2\"><v>1</v></c></row>",
	       "", "", "a|b\n1@2[1][2]\n");
}

static void what_is_no_value_is_a_fault_with_its_row(void **unused)
{
	(void)unused;
	expect("<row><c t=\"str\"><v>a</v></c></row>"
	       "<row r=\"7\"><c t=\"s\"><v>1</v></c></row>"
	       "<row><c><f>1+1</f><v/></c></row>"
	       "<row><c t=\"s\"><v>-1</v></c></row>"
	       "<row><c t=\"str\"><f>\"\"</f><v></v></c><c r=\"A10\"><v>1</v></c></row>"
	       "<row><c r=\"A11\"><v>1</v></c><c r=\"A11\"><v>2</v></c></row>"
	       "<row><c r=\"XFD12\"><v>1</v></c></row>"
	       "<row><c t=\"s\"><v>0</v></c></row>",
	       "<si><t>text</t></si>", "",
	       "a\n1@7!its text is not in the workbook\n"
	       "2@8!a formula without a value: open the workbook in Excel and save it\n"
	       "3@9!its text is not in the workbook\n4@10[1]\n5@11!two values of one name\n"
	       "6@12!more than 5,000 columns\n7@13[text]\n");
}

static void another_sheet_can_be_named(void **unused)
{
	write_parts(&(struct workbook_parts){ .sheet = slice_of("<row/>"), .bare = true });
	(void)unused;
	expect_file(path, "TWO", "Second\n1@2[2]\n");
	expect_refusal_of(path, "Three", ERR_USAGE, "has no sheet \"Three\": it has \"One\", \"Two\"");
	expect_refusal_of(path, "", ERR_FILE, "sheet \"One\" of ");
	expect_refusal_of("tests/data/journal_1.sql", "One", ERR_USAGE,
	                  "is no workbook, and has no sheet or stream \"One\"");
}

static void columns_of_one_name_are_refused(void **unused)
{
	(void)unused;
	expect_refusal("<row><c r=\"A1\" t=\"str\"><v>a</v></c><c r=\"C1\" t=\"str\"><v>A </v></c></row>",
	               "columns 1 and 3 of ");
	expect_refusal("<row><c t=\"str\"><v>column 2</v></c></row><row><c/><c><v>1</v></c></row>",
	               "are both named \"column 2\"");
	expect_refusal("<row><c r=\"XFD1\" t=\"str\"><v>a</v></c></row>", "row 1 of sheet \"One\" of ");
}

/* ---- what breaks ---- */

static void xml_that_is_none_says_where(void **unused)
{
	struct buf deep;

	(void)unused;
	expect_refusal("<row><c t=\"str\"><v>a</v></c></row><row r=\"12\"><c><v>1</c></row>",
	               "sheet \"One\", row 12: ");
	write_parts(&(struct workbook_parts){ .sheet = slice_of("<worksheet><sheetData>") });
	expect_refusal_of(path, "", ERR_FILE,
	                  "breaks at byte 22 of its part xl/worksheets/sheet1.xml: no element found");
	write_parts(&(struct workbook_parts){ .sheet = slice_of("<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b "
	                                                        "\"&a;&a;\">]><worksheet>&b;</worksheet>") });
	expect_refusal_of(path, "", ERR_FILE, "it has a DOCTYPE");
	buf_init(&deep, MOST);
	for (int i = 0; i < 10000; i++)
		buf_add_text(&deep, "<row>");
	write_parts(&(struct workbook_parts){ .sheet = buf_slice(&deep), .bare = true });
	expect_refusal_of(path, "", ERR_FILE, "it nests deeper than 64");
	buf_release(&deep);
}

static void what_is_no_workbook_says_so(void **unused)
{
	zipFile zip = zipOpen64(path, APPEND_STATUS_CREATE);

	(void)unused;
	assert_true(workbook_put(zip, "content.xml", "", slice_of("<x/>"), ""));
	assert_int_equal(zipClose(zip, NULL), ZIP_OK);
	expect_refusal_of(path, "", ERR_FILE, "is an archive, but no .xlsx workbook");
	zip = zipOpen64(path, APPEND_STATUS_CREATE);
	assert_true(workbook_put(zip, "_rels/.rels", "<Relationships>",
	                         slice_of(WORKBOOK_LINK("rId1", "officeDocument", "xl/workbook.bin")),
	                         "</Relationships>"));
	assert_int_equal(zipClose(zip, NULL), ZIP_OK);
	expect_refusal_of(path, "", ERR_FILE, "is a binary workbook (.xlsb): save it as .xlsx");
	write_parts(&(struct workbook_parts){ .sheet = slice_of(""),
	                                      .book = slice_of("<workbook><sheets/></workbook>") });
	expect_refusal_of(path, "", ERR_FILE, "has no sheet with cells in it");
	write_bytes(slice_of("PK\x03\x04 and then nothing"));
	expect_refusal_of(path, "", ERR_FILE, "is cut off or damaged");
}

/* Any byte cut off or changed: a sentence or records, never anything else. */
static void a_damaged_file_is_refused(void **unused)
{
	struct source_options options = { .folder = folder };
	struct source *source;
	struct buf whole;
	struct err e;
	FILE *f = fopen("tests/data/xlsx/exceljs.xlsx", "rb");
	int refused = 0;

	(void)unused;
	assert_non_null(f);
	buf_init(&whole, MOST);
	buf_grow(&whole, fread(buf_reserve(&whole, 100000), 1, 100000, f));
	fclose(f);
	for (size_t len = 5; len < whole.len; len += 97) {
		assert_int_equal(open_bytes(&source, (struct slice){ whole.at, len }, &options, &e), ERR_FILE);
		assert_true(e.text[0]);
	}
	for (size_t at = 4; at < whole.len; at += 13) {
		whole.at[at] ^= 0x55;
		if (open_bytes(&source, buf_slice(&whole), &options, &e) == ERR_OK)
			source_close(source);
		else
			refused++;
		whole.at[at] ^= 0x55;
	}
	assert_true(refused > 100);
	buf_release(&whole);
}

static void put_zeros(const char *name, size_t megabytes)
{
	static char zeros[1 << 20];
	zip_fileinfo info;
	zipFile zip = zipOpen64(path, APPEND_STATUS_ADDINZIP);

	memset(&info, 0, sizeof info);
	memset(zeros, ' ', sizeof zeros);
	assert_int_equal(zipOpenNewFileInZip(zip, name, &info, NULL, 0, NULL, 0, NULL, Z_DEFLATED, 9), ZIP_OK);
	for (size_t i = 0; i < megabytes; i++)
		assert_int_equal(zipWriteInFileInZip(zip, zeros, sizeof zeros), ZIP_OK);
	assert_int_equal(zipCloseFileInZip(zip), ZIP_OK);
	assert_int_equal(zipClose(zip, NULL), ZIP_OK);
}

static void a_bomb_is_refused(void **unused)
{
	(void)unused;
	write_parts(&(struct workbook_parts){ .sheet = slice_of("<row><c t=\"s\"><v>0</v></c></row>"),
	                                      .bare = true });
	put_zeros("xl/sharedStrings.xml", 200);
	expect_refusal_of(path, "", ERR_FILE, "unpacks to more than 1,000 times its size");
}

static void too_large_values_hold_no_memory(void **unused)
{
	struct source *source;
	struct record r;
	struct buf rows;

	(void)unused;
	buf_init(&rows, MOST);
	buf_add_text(&rows, "<row><c t=\"str\"><v>a</v></c></row><row><c t=\"str\"><v>");
	for (int i = 0; i < CSV_MOST_BYTES + 10; i++)
		buf_add_char(&rows, (char)('a' + i % 26));
	buf_add_text(&rows, "</v></c></row><row><c><v>2</v></c></row>");
	write_parts(&(struct workbook_parts){ .sheet = buf_slice(&rows), .bare = true });
	source = open_with(path, "");
	assert_true(next_record(source, &r));
	assert_string_equal(r.fault, "a record over 16 MB");
	assert_true(next_record(source, &r));
	assert_null(r.fault);
	source_close(source);
	buf_clear(&rows);
	buf_add_text(&rows, "<row x=\"");
	for (int i = 0; i < CSV_MOST_BYTES + 1000000; i++)
		buf_add_char(&rows, 'a');
	write_parts(&(struct workbook_parts){ .sheet = buf_slice(&rows), .bare = true });
	expect_refusal_of(path, "", ERR_FILE, "a tag of more than 16 MB");
	buf_release(&rows);
}

/* ---- many ---- */

static void for_a_look_only_the_first_records_are_read(void **unused)
{
	struct source_options options = { .folder = folder, .beginning = true };
	struct source *source;
	struct buf rows;
	struct record r;
	struct err e;
	int n = 0;

	(void)unused;
	err_init(&e);
	buf_init(&rows, MOST);
	buf_add_text(&rows, "<row><c t=\"str\"><v>a</v></c></row>");
	for (int i = 0; i < 100000; i++)
		buf_addf(&rows, "<row><c><v>%d</v></c></row>", i);
	buf_add_text(&rows, " and then < that is XML");
	write_parts(&(struct workbook_parts){ .sheet = buf_slice(&rows), .bare = true });
	assert_int_equal(source_open(&source, path, &options, &e), ERR_OK);
	while (next_record(source, &r))
		n++;
	assert_int_equal(n, 200);
	source_close(source);
	buf_release(&rows);
}

/* Texts are used in an order of their own, from more of them than are kept in memory. */
static void shared_texts_are_found_in_any_order(void **unused)
{
	enum { TEXTS = 60000, STEP = 39989 };
	struct buf rows, shared, expected;
	struct source *source;
	struct record r;
	char filler[64];

	(void)unused;
	memset(filler, 'x', sizeof filler - 1);
	filler[sizeof filler - 1] = '\0';
	buf_init(&rows, MOST);
	buf_init(&shared, MOST);
	buf_init(&expected, MOST);
	buf_add_text(&rows, "<row><c t=\"str\"><v>a</v></c></row>");
	for (int i = 0; i < TEXTS; i++) {
		buf_addf(&shared, "<si><t>%d%s</t></si>", i, i % 7 ? filler : "");
		buf_addf(&rows, "<row><c t=\"s\"><v>%d</v></c></row>", (int)((int64_t)i * STEP % TEXTS));
	}
	write_parts(&(struct workbook_parts){ buf_slice(&rows), buf_slice(&shared), { 0 }, { 0 }, true });
	source = open_with(path, "");
	for (int i = 0; i < TEXTS; i++) {
		int number = (int)((int64_t)i * STEP % TEXTS);

		assert_true(next_record(source, &r));
		buf_clear(&expected);
		buf_addf(&expected, "%d%s", number, number % 7 ? filler : "");
		assert_true(slice_equal(r.cells[0], buf_slice(&expected)));
	}
	assert_false(next_record(source, &r));
	source_close(source);
	buf_release(&rows);
	buf_release(&shared);
	buf_release(&expected);
}

static void a_packed_workbook_is_unpacked(void **unused)
{
	struct buf bytes;
	FILE *f = fopen("tests/data/xlsx/stream.xlsx", "rb");
	gzFile packed;

	(void)unused;
	assert_non_null(f);
	buf_init(&bytes, MOST);
	buf_grow(&bytes, fread(buf_reserve(&bytes, 100000), 1, 100000, f));
	fclose(f);
	packed = gzopen(path, "wb");
	assert_int_equal(gzwrite(packed, bytes.at, (unsigned)bytes.len), (int)bytes.len);
	assert_int_equal(gzclose(packed), Z_OK);
	expect_file(path, "", HEADER PEOPLE);
	buf_release(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_other_programs_write_is_read),
		cmocka_unit_test(what_is_found_out_is_told),
		cmocka_unit_test(each_kind_of_cell_says_what_it_is),
		cmocka_unit_test(the_format_decides_what_a_number_is),
		cmocka_unit_test(characters_that_xml_cannot_hold),
		cmocka_unit_test(rows_may_be_blank_ragged_or_without_a_place),
		cmocka_unit_test(what_is_no_value_is_a_fault_with_its_row),
		cmocka_unit_test(another_sheet_can_be_named),
		cmocka_unit_test(columns_of_one_name_are_refused),
		cmocka_unit_test(xml_that_is_none_says_where),
		cmocka_unit_test(what_is_no_workbook_says_so),
		cmocka_unit_test(a_damaged_file_is_refused),
		cmocka_unit_test(a_bomb_is_refused),
		cmocka_unit_test(too_large_values_hold_no_memory),
		cmocka_unit_test(for_a_look_only_the_first_records_are_read),
		cmocka_unit_test(shared_texts_are_found_in_any_order),
		cmocka_unit_test(a_packed_workbook_is_unpacked),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
