/* Files that are packed, or not UTF-8: their records are those of the same text plain; what is broken says where. */
#include "source_fixture.h"

#include <iconv.h>
#include <zlib.h>
#include <zstd.h>

#include "base/csv.h"

enum { MOST = 1 << 26 };

static struct source *open_as(struct slice bytes, enum encoding encoding)
{
	struct source_options options = { .encoding = encoding, .folder = folder };
	struct source *source = NULL;
	struct err e;

	if (open_bytes(&source, bytes, &options, &e) != ERR_OK)
		fail_msg("%s", e.text);
	return source;
}

/* "[x][y]!why " of every record. */
static void tell(struct source *source, struct buf *told)
{
	struct record r;
	struct err e;
	bool more = true;

	err_init(&e);
	while (more) {
		if (source_next(source, &r, &more, &e) != ERR_OK)
			fail_msg("%s", e.text);
		for (size_t i = 0; more && i < r.count && !r.fault; i++)
			buf_addf(told, "[%.*s]", SLICE_ARGS(r.cells[i]));
		buf_addf(told, "%s%s ", more && r.fault ? "!" : "", more && r.fault ? r.fault : "");
	}
}

static void expect(struct slice bytes, enum encoding asked, enum encoding encoding, const char *why,
                   const char *records)
{
	struct source *source = open_as(bytes, asked);
	struct buf told;

	buf_init(&told, MOST);
	assert_string_equal(dialect_encoding_name(source_shape(source)->encoding),
	                    dialect_encoding_name(encoding));
	assert_string_equal(source_shape(source)->encoding_why, why);
	tell(source, &told);
	assert_string_equal(buf_text(&told), records);
	buf_release(&told);
	source_close(source);
}

#define BYTES(text) ((struct slice){ text, sizeof(text) - 1 })

static void encodings_are_guessed_and_the_reason_told(void **unused)
{
	(void)unused;
	expect(BYTES("a,b\nx,\xc3\xa9\n"), 0, ENCODING_UTF_8, "as its first characters are", "[x][é]  ");
	expect(BYTES("a,b\nx,y\n"), 0, ENCODING_UTF_8, "nothing beyond ASCII so far", "[x][y]  ");
	expect(BYTES("\xef\xbb\xbf"
	             "a,b\nx,y\n"),
	       0, ENCODING_UTF_8, "byte order mark", "[x][y]  ");
	expect(BYTES("\xff\xfe"
	             "a\0,\0b\0\n\0x\0,\0\x42\x30\n\0"),
	       0, ENCODING_UTF_16LE, "byte order mark", "[x][あ]  ");
	expect(BYTES("\xfe\xff\0a\0,\0b\0\n\0x\0,\x30\x42\0\n"), 0, ENCODING_UTF_16BE, "byte order mark",
	       "[x][あ]  ");
	expect(BYTES("a\0,\0b\0\n\0x\0,\0\xe9\0\n\0"), 0, ENCODING_UTF_16LE, "every other byte is NUL",
	       "[x][é]  ");
	expect(BYTES("\0a\0,\0b\0\n\0x\0,\0\xe9\0\n"), 0, ENCODING_UTF_16BE, "every other byte is NUL",
	       "[x][é]  ");
	expect(BYTES("a,b\nM\xfcller,\x80 5 \x96 caf\xe9\n"), 0, ENCODING_WINDOWS_1252,
	       "4 of its first bytes are no UTF-8", "[Müller][€ 5 – café]  ");
	expect(BYTES("a,b\n\x8e\x52\x93\x63,\x91\xbe\x98\x59\n"), 0, ENCODING_SHIFT_JIS,
	       "5 of its first bytes are no UTF-8", "[山田][太郎]  ");
	/* accents before letters are pairs of Shift-JIS, too, but not those of Japanese text */
	expect(BYTES("a,b\n\xe9t\xe9s,gr\xe8s r\xeav\xe9s\n"), 0, ENCODING_WINDOWS_1252,
	       "5 of its first bytes are no UTF-8", "[étés][grès rêvés]  ");
	/* mostly UTF-8: one slip is a finding, not another encoding */
	expect(BYTES("a,b\nx,\xc3\xa9\xc3\xa9\ny,\xe9\n"), 0, ENCODING_UTF_8, "as its first characters are",
	       "[x][éé] !byte 0xE9 is not UTF-8  ");
}

/* What was turned into UTF-16 with the mark that it had in UTF-8 has two; they belong to no column and no value. */
static void marks_that_came_twice_are_left_out(void **unused)
{
	const struct slice twice[] = {
		BYTES("\xff\xfe\xff\xfe"
		      "a\0,\0b\0\n\0x\0,\0\x42\x30\n\0"),
		BYTES("\xfe\xff\xfe\xff\0a\0,\0b\0\n\0x\0,\x30\x42\0\n"),
		BYTES("\xef\xbb\xbf\xef\xbb\xbf"
		      "a,b\nx,あ\n"),
		BYTES("\xef\xbb\xbf\xef\xbb\xbf[{\"a\":\"x\",\"b\":\"あ\"}]"),
		BYTES("\xef\xbb\xbf\xef\xbb\xbf{\"a\":\"x\",\"b\":\"あ\"}\n"),
	};

	(void)unused;
	for (size_t i = 0; i < sizeof twice / sizeof twice[0]; i++) {
		struct source *source = open_as(twice[i], 0);
		struct buf told;
		struct err e;

		err_init(&e);
		buf_init(&told, MOST);
		assert_true(slice_is(source_shape(source)->columns[0], "a"));
		tell(source, &told);
		assert_string_equal(buf_text(&told), "[x][あ]  ");
		buf_clear(&told);
		assert_int_equal(source_header(source, &told, &e), ERR_OK);
		assert_string_equal(buf_text(&told), "a,b");
		buf_release(&told);
		source_close(source);
	}
}

static void the_encoding_can_be_given(void **unused)
{
	(void)unused;
	expect(BYTES("a,b\nx,\xa4\n"), ENCODING_ISO_8859_15, ENCODING_ISO_8859_15, "as given", "[x][€]  ");
	expect(BYTES("a,b\nx,\xa4\n"), ENCODING_ISO_8859_1, ENCODING_ISO_8859_1, "as given", "[x][¤]  ");
	expect(BYTES("a,b\nx,\xb1\xb2\n"), ENCODING_SHIFT_JIS, ENCODING_SHIFT_JIS, "as given", "[x][ｱｲ]  ");
	expect(BYTES("a,b\nx,\xc3\xa9\n"), ENCODING_WINDOWS_1252, ENCODING_WINDOWS_1252, "as given",
	       "[x][Ã©]  ");
	expect(BYTES("a,b\nx,\xe9\n"), ENCODING_UTF_8, ENCODING_UTF_8, "as given", "!byte 0xE9 is not UTF-8  ");
}

static void what_is_no_text_in_its_encoding_is_a_fault_of_its_record(void **unused)
{
	(void)unused;
	expect(BYTES("a,b\nx,\xe9\n1,\x81\n2,\xe9\n"), ENCODING_WINDOWS_1252, ENCODING_WINDOWS_1252, "as given",
	       "[x][é] !bytes that are no Windows-1252 [2][é]  ");
	expect(BYTES("a,b\nx,\x81\n2,y\n3,\x82"), ENCODING_SHIFT_JIS, ENCODING_SHIFT_JIS, "as given",
	       "!bytes that are no Shift-JIS [2][y] !bytes that are no Shift-JIS  ");
	/* half a pair, and half a unit at the end */
	expect(BYTES("a\0,\0b\0\n\0x\0,\0\0\xd8\n\0y\0,\0z\0\n\0z\0,\0z"), ENCODING_UTF_16LE, ENCODING_UTF_16LE,
	       "as given", "!bytes that are no UTF-16LE [y][z] !bytes that are no UTF-16LE  ");
	/* bytes that are none do not become text with what stands beside them */
	expect(BYTES("a,b\nx,\x81\x8d\n"), ENCODING_WINDOWS_1252, ENCODING_WINDOWS_1252, "as given",
	       "!bytes that are no Windows-1252  ");
}

static void names_of_encodings_are_understood(void **unused)
{
	enum encoding found;

	(void)unused;
	assert_true(dialect_encoding_of("utf8", &found) && found == ENCODING_UTF_8);
	assert_true(dialect_encoding_of("UTF-16le", &found) && found == ENCODING_UTF_16LE);
	assert_true(dialect_encoding_of("windows_1252", &found) && found == ENCODING_WINDOWS_1252);
	assert_true(dialect_encoding_of("CP1252", &found) && found == ENCODING_WINDOWS_1252);
	assert_true(dialect_encoding_of("Shift_JIS", &found) && found == ENCODING_SHIFT_JIS);
	assert_true(dialect_encoding_of("iso88591", &found) && found == ENCODING_ISO_8859_1);
	assert_true(dialect_encoding_of("ISO-8859-15", &found) && found == ENCODING_ISO_8859_15);
	assert_false(dialect_encoding_of("", &found));
	assert_false(dialect_encoding_of("utf-9", &found));
}

/* A file of two columns with letters that the encoding has, some quoted, in UTF-8. */
static void add_random_file(struct buf *b, enum encoding encoding, int records)
{
	static const char *const letters[] = {
		[ENCODING_UTF_8] = "é|€|あ|山|😀|x",      [ENCODING_UTF_16LE] = "é|€|あ|山|😀|x",
		[ENCODING_UTF_16BE] = "é|あ|😀|x|y|z",    [ENCODING_WINDOWS_1252] = "é|€|–|ÿ|ß|x",
		[ENCODING_ISO_8859_1] = "é|¤|ÿ|ß|x|y",   [ENCODING_ISO_8859_15] = "é|€|ÿ|Š|x|y",
		[ENCODING_SHIFT_JIS] = "あ|山|ｱ|表|x|①",
	};

	buf_add_text(b, "key,text\n");
	for (int i = 0; i < records; i++) {
		buf_addf(b, "%d,\"", i);
		for (unsigned n = dice(40); n > 0; n--) {
			const char *at = letters[encoding];

			for (unsigned skip = dice(6); skip > 0; skip--)
				at = strchr(at, '|') + 1;
			buf_add(b, at, strcspn(at, "|"));
			if (dice(20) == 0)
				buf_add_text(b, dice(2) ? "\n" : "\"\"");
		}
		buf_add_text(b, "\"\n");
	}
}

static void encode(struct slice text, enum encoding encoding, struct buf *to)
{
	iconv_t iconv_to = iconv_open(dialect_encoding_iconv(encoding), "UTF-8");
	char *from = malloc(text.len), *in = from, *out = buf_reserve(to, 4 * text.len);
	size_t left = text.len, room = 4 * text.len;

	assert_true(from && out);
	memcpy(from, text.at, text.len);
	assert_int_equal(iconv(iconv_to, &in, &left, &out, &room), 0);
	buf_grow(to, 4 * text.len - room);
	iconv_close(iconv_to);
	free(from);
}

static void gzip(struct slice text, int level, struct buf *to)
{
	z_stream z = { 0 };

	assert_int_equal(deflateInit2(&z, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_out = (unsigned char *)buf_reserve(to, text.len + 1024);
	z.avail_out = (unsigned)text.len + 1024;
	z.next_in = (unsigned char *)(uintptr_t)text.at;
	z.avail_in = (unsigned)text.len;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	buf_grow(to, text.len + 1024 - z.avail_out);
	deflateEnd(&z);
}

static void zstd(struct slice text, int level, struct buf *to)
{
	size_t room = ZSTD_compressBound(text.len);
	char *at = buf_reserve(to, room);
	size_t len = ZSTD_compress(at, room, text.at, text.len, level);

	assert_false(ZSTD_isError(len));
	buf_grow(to, len);
}

/* Two members or frames, with zeros behind them. */
static void pack(struct slice text, enum packing packing, struct buf *to)
{
	size_t half = text.len / 2;
	struct slice first = { text.at, half }, second = { text.at + half, text.len - half };

	if (packing == PACKING_GZIP) {
		gzip(first, 1, to);
		gzip(second, 6, to);
		buf_add(to, "\0\0\0", 3);
	} else if (packing == PACKING_ZSTD) {
		zstd(first, 1, to);
		zstd(second, 3, to);
	} else {
		buf_add_slice(to, text);
	}
}

static void tell_plain(struct slice text, struct buf *told)
{
	struct source *source = open_as(text, ENCODING_UTF_8);

	tell(source, told);
	source_close(source);
}

static void every_encoding_and_packing_gives_the_records_of_the_plain_text(void **unused)
{
	struct buf text, coded, packed, plain, told;

	(void)unused;
	buf_init(&text, MOST);
	buf_init(&coded, MOST);
	buf_init(&packed, MOST);
	buf_init(&plain, MOST);
	buf_init(&told, MOST);
	seed = 11;
	for (enum encoding encoding = ENCODING_UTF_8; encoding <= ENCODING_SHIFT_JIS; encoding++)
		for (enum packing packing = PACKING_NONE; packing <= PACKING_ZSTD; packing++) {
			struct source *source;

			buf_clear(&text);
			buf_clear(&coded);
			buf_clear(&packed);
			buf_clear(&plain);
			buf_clear(&told);
			add_random_file(&text, encoding, 6000);
			encode(buf_slice(&text), encoding, &coded);
			pack(buf_slice(&coded), packing, &packed);
			tell_plain(buf_slice(&text), &plain);
			source = open_as(buf_slice(&packed), encoding);
			assert_int_equal(source_shape(source)->packing, packing);
			tell(source, &told);
			source_close(source);
			assert_true(slice_equal(buf_slice(&told), buf_slice(&plain)));
		}
	buf_release(&told);
	buf_release(&plain);
	buf_release(&packed);
	buf_release(&coded);
	buf_release(&text);
}

static void a_second_reader_needs_no_second_unpacking_and_outlives_the_first(void **unused)
{
	struct source *source, *again;
	struct buf text, packed, plain, told;
	struct err e;

	(void)unused;
	err_init(&e);
	buf_init(&text, MOST);
	buf_init(&packed, MOST);
	buf_init(&plain, MOST);
	buf_init(&told, MOST);
	seed = 12;
	add_random_file(&text, ENCODING_UTF_8, 5000);
	gzip(buf_slice(&text), 6, &packed);
	tell_plain(buf_slice(&text), &plain);
	source = open_as(buf_slice(&packed), 0);
	unlink(path);
	assert_int_equal(source_open_again(&again, source, &e), ERR_OK);
	assert_int_equal(source_shape(again)->packing, PACKING_GZIP);
	source_close(source);
	tell(again, &told);
	assert_true(slice_equal(buf_slice(&told), buf_slice(&plain)));
	source_close(again);
	buf_release(&told);
	buf_release(&plain);
	buf_release(&packed);
	buf_release(&text);
}

static void expect_refusal(struct slice bytes, const char *because)
{
	struct source_options options = { .folder = folder };
	struct source *source;
	struct err e;

	err_init(&e);
	write_bytes(bytes);
	assert_int_equal(source_open(&source, path, &options, &e), ERR_FILE);
	assert_null(source);
	if (!strstr(e.text, because))
		fail_msg("\"%s\" does not say \"%s\"", e.text, because);
}

static void packed_data_that_is_cut_off_or_damaged_says_where(void **unused)
{
	struct buf text, packed;

	(void)unused;
	buf_init(&text, MOST);
	buf_init(&packed, MOST);
	seed = 13;
	add_random_file(&text, ENCODING_UTF_8, 20000);
	for (enum packing packing = PACKING_GZIP; packing <= PACKING_ZSTD; packing++) {
		buf_clear(&packed);
		if (packing == PACKING_GZIP)
			gzip(buf_slice(&text), 6, &packed);
		else
			zstd(buf_slice(&text), 3, &packed);
		for (size_t len = 8; len < packed.len; len += 1 + packed.len / 40)
			expect_refusal((struct slice){ packed.at, len }, "is cut off: its ");
		expect_refusal((struct slice){ packed.at, packed.len - 1 }, "does not end at byte ");
		packed.at[packed.len / 2] ^= 0x55;
		packed.at[packed.len / 2 + 1] ^= 0x55;
		expect_refusal(buf_slice(&packed), "is damaged: its ");
	}
	buf_clear(&packed);
	gzip(buf_slice(&text), 6, &packed);
	buf_add_text(&packed, "something else");
	expect_refusal(buf_slice(&packed), "is damaged: its gzip data breaks at byte ");
	buf_clear(&packed);
	gzip(slice_of(""), 6, &packed);
	expect_refusal(buf_slice(&packed), "is empty");
	buf_release(&packed);
	buf_release(&text);
}

static void what_unpacks_to_too_much_is_refused(void **unused)
{
	char *zeros = calloc(1, MOST);
	struct buf packed;

	(void)unused;
	assert_non_null(zeros);
	buf_init(&packed, 4 * (size_t)MOST);
	zstd(slice_of("a,b\n"), 1, &packed);
	for (int i = 0; i < 4; i++)
		zstd((struct slice){ zeros, MOST }, 1, &packed);
	expect_refusal(buf_slice(&packed), "unpacks to more than 1,000 times its size");
	free(zeros);
	buf_release(&packed);
}

static void zstd_that_wants_much_memory_is_refused(void **unused)
{
	ZSTD_CCtx *c = ZSTD_createCCtx();
	ZSTD_inBuffer in = { "a,b\n1,2\n", 8, 0 };
	char packed[1024];
	ZSTD_outBuffer out = { packed, sizeof packed, 0 };

	(void)unused;
	assert_non_null(c);
	ZSTD_CCtx_setParameter(c, ZSTD_c_windowLog, 26);
	assert_int_equal(ZSTD_compressStream2(c, &out, &in, ZSTD_e_flush), 0);
	assert_int_equal(ZSTD_compressStream2(c, &out, &in, ZSTD_e_end), 0);
	ZSTD_freeCCtx(c);
	expect_refusal((struct slice){ packed, out.pos }, "takes more than 32 MB of memory");
}

static void for_a_look_only_the_beginning_is_unpacked(void **unused)
{
	struct source_options options = { .folder = folder, .beginning = true };
	struct buf text, packed;
	struct source *source;
	struct record r;
	struct err e;
	bool more;

	(void)unused;
	err_init(&e);
	buf_init(&text, MOST);
	buf_init(&packed, MOST);
	seed = 14;
	add_random_file(&text, ENCODING_UTF_8, 90000);
	assert_true(text.len > 4 << 20);
	gzip(buf_slice(&text), 6, &packed);
	write_bytes((struct slice){ packed.at, packed.len - packed.len / 4 }); /* its end is not looked at */
	assert_int_equal(source_open(&source, path, &options, &e), ERR_OK);
	assert_true(source_shape(source)->size < 2 << 20);
	assert_int_equal(source_next(source, &r, &more, &e), ERR_OK);
	assert_true(more && !r.fault);
	source_close(source);
	buf_release(&packed);
	buf_release(&text);
}

static void how_it_was_read_can_be_written_down_and_read_again(void **unused)
{
	struct source *source = open_as(BYTES("a;b\nM\xfcller;x\n"), 0);
	struct source_options options = { 0 };
	char reading[SOURCE_READING];
	struct buf told;
	struct err e;

	(void)unused;
	err_init(&e);
	source_reading(source, reading);
	assert_string_equal(reading, "csv Windows-1252");
	assert_int_equal(source_reading_of(reading, &options, &e), ERR_OK);
	assert_int_equal(options.encoding, ENCODING_WINDOWS_1252);
	assert_int_equal(source_reading_of("", &options, &e), ERR_OK);
	assert_int_equal(options.encoding, ENCODING_UTF_8);
	assert_int_equal(source_reading_of("stone tablet", &options, &e), ERR_JOURNAL);
	buf_init(&told, 1024);
	source_describe(source, &told);
	assert_string_equal(buf_text(&told), "2 columns · semicolon (found in 2 of the first 2 records) · "
	                                     "Windows-1252 (1 of its first bytes are no UTF-8) · LF");
	buf_release(&told);
	source_close(source);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encodings_are_guessed_and_the_reason_told),
		cmocka_unit_test(marks_that_came_twice_are_left_out),
		cmocka_unit_test(the_encoding_can_be_given),
		cmocka_unit_test(what_is_no_text_in_its_encoding_is_a_fault_of_its_record),
		cmocka_unit_test(names_of_encodings_are_understood),
		cmocka_unit_test(every_encoding_and_packing_gives_the_records_of_the_plain_text),
		cmocka_unit_test(a_second_reader_needs_no_second_unpacking_and_outlives_the_first),
		cmocka_unit_test(packed_data_that_is_cut_off_or_damaged_says_where),
		cmocka_unit_test(what_unpacks_to_too_much_is_refused),
		cmocka_unit_test(zstd_that_wants_much_memory_is_refused),
		cmocka_unit_test(for_a_look_only_the_beginning_is_unpacked),
		cmocka_unit_test(how_it_was_read_can_be_written_down_and_read_again),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
