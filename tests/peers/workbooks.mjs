// Writes one and the same workbook with a library that others wrote: workbooks.mjs exceljs|stream|sheetjs FOLDER_OF_NODE_MODULES FILE
// Its visible sheet has text of several kinds, numbers, dates, a formula with its value, an error and merged cells.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const [writer, home, file] = process.argv.slice(2);
const require = createRequire(resolve(home, 'package.json'));

const utc = (...parts) => new Date(Date.UTC(...parts));
const header = ['LastName', 'Ext__c', 'Birthdate', 'When', 'Amount', 'Zip', 'Share', 'Active', 'Title', 'Sum', 'Error'];
const date = 'yyyy-mm-dd', time = 'dd.mm.yyyy hh:mm';
const people = [
	{ name: 'Müller & Söhne <1>', key: 'W-1', born: utc(1961, 1, 28), when: utc(2026, 0, 31, 13, 45), amount: 1234.5, zip: 501, share: 0.5, active: true },
	{ name: 'two\nlines', key: 'W-2', born: utc(1900, 2, 1), when: utc(2026, 11, 31), amount: 0.1 + 0.2, zip: 80331, share: 0.075, active: false },
	{ name: ' 日本 "x" ', key: 'W-3', born: utc(1999, 11, 31), when: utc(2026, 5, 1, 0, 0, 1), amount: 1e15, zip: 12345, share: 1, active: true },
];

function exceljsRows(sheet, streamed) {
	const add = (values, formats = {}) => {
		const row = sheet.addRow(values);

		for (const [column, format] of Object.entries(formats))
			row.getCell(Number(column)).numFmt = format;
		if (streamed)
			row.commit();
	};

	add(header);
	for (const p of people) {
		const title = p.key === 'W-1' && !streamed ? { richText: [{ text: 'Dr. ' }, { font: { bold: true }, text: 'med.' }] } : 'Dr. med.';

		add([p.name, p.key, p.born, p.when, p.amount, p.zip, p.share, p.active, title, { formula: 'E2*2', result: p.amount * 2 }, { error: '#N/A' }],
			{ 3: date, 4: time, 6: '00000', 7: '0.0%' });
	}
	add([]);
	add(['Last', 'W-4']);
}

async function withExceljs() {
	const { default: ExcelJS } = await import(require.resolve('exceljs'));
	const workbook = new ExcelJS.Workbook();

	workbook.addWorksheet('Notes', { state: 'hidden' }).addRow(['nothing to load']);
	exceljsRows(workbook.addWorksheet('Contacts'), false);
	workbook.getWorksheet('Contacts').mergeCells('A6:A7');
	await workbook.xlsx.writeFile(file);
}

async function withStream() {
	const { default: ExcelJS } = await import(require.resolve('exceljs'));
	const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: file, useStyles: true, useSharedStrings: false });

	exceljsRows(workbook.addWorksheet('Contacts'), true);
	await workbook.commit();
}

function withSheetJs() {
	const XLSX = require('xlsx');
	const cell = (v, z) => v instanceof Date ? { t: 'n', v: v.getTime() / 86400000 + 25569, z } : { t: typeof v === 'number' ? 'n' : typeof v === 'boolean' ? 'b' : 's', v, z };
	const rows = people.map((p) => [cell(p.name), cell(p.key), cell(p.born, date), cell(p.when, time), cell(p.amount), cell(p.zip, '00000'), cell(p.share, '0.0%'),
		cell(p.active), cell('Dr. med.'), { t: 'n', v: p.amount * 2, f: 'E2*2' }, { t: 'e', v: 42, w: '#N/A' }]);
	const sheet = XLSX.utils.aoa_to_sheet([header, ...rows, [], ['Last', 'W-4']]);
	const workbook = XLSX.utils.book_new();

	XLSX.utils.book_append_sheet(workbook, XLSX.utils.aoa_to_sheet([['nothing to load']]), 'Notes');
	XLSX.utils.book_append_sheet(workbook, sheet, 'Contacts');
	workbook.Workbook = { Sheets: [{ Hidden: 1 }, { Hidden: 0 }] };
	XLSX.writeFile(workbook, file, { bookSST: true, compression: true });
}

await { exceljs: withExceljs, stream: withStream, sheetjs: withSheetJs }[writer]();
