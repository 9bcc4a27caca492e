/* workbook_fixture.h - writes a workbook from the text of its parts; what is not said is as a small workbook has it. */
#ifndef LONGSHORE_TESTS_WORKBOOK_FIXTURE_H
#define LONGSHORE_TESTS_WORKBOOK_FIXTURE_H

#include <minizip/zip.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/buf.h"

struct workbook_parts {
	struct slice sheet;  /* the whole part; or, if `bare`, what stands within sheetData */
	struct slice shared; /* within sst; none if it is empty */
	struct slice styles; /* within styleSheet; none if it is empty */
	struct slice book;   /* the whole part; a workbook of the sheets "One" and "Two" if it is empty */
	bool bare;
};

#define WORKBOOK_LINK(id, type, target)                                                       \
	"<Relationship Id=\"" id                                                              \
	"\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/" type \
	"\" Target=\"" target "\"/>"

static inline bool workbook_put(zipFile zip, const char *name, const char *before, struct slice text,
                                const char *after)
{
	zip_fileinfo info;
	bool put;

	memset(&info, 0, sizeof info);
	if (zipOpenNewFileInZip(zip, name, &info, NULL, 0, NULL, 0, NULL, Z_DEFLATED, 1) != ZIP_OK)
		return false;
	put = zipWriteInFileInZip(zip, before, (unsigned)strlen(before)) == ZIP_OK &&
	      (text.len == 0 || zipWriteInFileInZip(zip, text.at, (unsigned)text.len) == ZIP_OK) &&
	      zipWriteInFileInZip(zip, after, (unsigned)strlen(after)) == ZIP_OK;
	return zipCloseFileInZip(zip) == ZIP_OK && put;
}

static inline bool workbook_put_parts(zipFile zip, const struct workbook_parts *parts)
{
	static const char book[] =
		"<workbook xmlns:r=\"r\"><sheets><sheet name=\"One\" sheetId=\"1\" r:id=\"rId1\"/>"
		"<sheet name=\"Two\" sheetId=\"2\" r:id=\"rId2\"/></sheets></workbook>";
	static const char links[] = WORKBOOK_LINK("rId1", "worksheet", "worksheets/sheet1.xml")
		WORKBOOK_LINK("rId2", "worksheet", "/xl/worksheets/sheet2.xml")
			WORKBOOK_LINK("rId3", "sharedStrings", "sharedStrings.xml")
				WORKBOOK_LINK("rId4", "styles", "../xl/styles.xml");
	static const char second[] =
		"<worksheet><sheetData><row><c t=\"str\"><v>Second</v></c></row><row><c><v>2</v></c></row>"
		"</sheetData></worksheet>";

	return workbook_put(zip, "_rels/.rels", "<Relationships>",
	                    slice_of(WORKBOOK_LINK("rId1", "officeDocument", "xl/workbook.xml")),
	                    "</Relationships>") &&
	       workbook_put(zip, "xl/workbook.xml", "", parts->book.len ? parts->book : slice_of(book), "") &&
	       workbook_put(zip, "xl/_rels/workbook.xml.rels", "<Relationships>", slice_of(links),
	                    "</Relationships>") &&
	       workbook_put(zip, "xl/worksheets/sheet1.xml", parts->bare ? "<worksheet><sheetData>" : "",
	                    parts->sheet, parts->bare ? "</sheetData></worksheet>" : "") &&
	       workbook_put(zip, "xl/worksheets/sheet2.xml", "", slice_of(second), "") &&
	       (parts->shared.len == 0 ||
	        workbook_put(zip, "xl/sharedStrings.xml", "<sst>", parts->shared, "</sst>")) &&
	       (parts->styles.len == 0 ||
	        workbook_put(zip, "xl/styles.xml", "<styleSheet>", parts->styles, "</styleSheet>"));
}

/* False if it could not be written. */
static inline bool workbook_write(const char *file, const struct workbook_parts *parts)
{
	zipFile zip = zipOpen64(file, APPEND_STATUS_CREATE);
	bool put = zip && workbook_put_parts(zip, parts);

	return zip && zipClose(zip, NULL) == ZIP_OK && put;
}

#endif
