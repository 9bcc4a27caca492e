// What the Salesforce CLI sees of the practice org: node salesforce_cli.mjs URL FOLDER, with it installed in FOLDER. Prints
// TAP. Each command is a process of its own and takes seconds, so cases build on each other: one org, in this order.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const [url, folder] = process.argv.slice(2);
const program = path.resolve(folder, 'node_modules/@salesforce/cli/bin/run.js');
const home = process.env.HOME;
const cases = [];
const test = (name, run) => cases.push({ name, run });

fs.mkdirSync(home, { recursive: true });

// What one command prints.
const run = (args, env = {}) => new Promise((resolve, reject) => {
	const child = spawn(process.execPath, [program, ...args],
		{ cwd: home, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
	let out = '', err = '';

	child.stdout.on('data', (bytes) => { out += bytes; });
	child.stderr.on('data', (bytes) => { err += bytes; });
	child.on('error', reject);
	child.on('close', () => {
		try {
			resolve(JSON.parse(out));
		} catch {
			reject(new Error(`sf ${args.join(' ')} told no JSON: ${out}${err}`));
		}
	});
});
// One command; { status, result } or { status, name, message, data ... } as it tells.
const sf = (args, env) => run([...args, '--json'], env);
const good = async (...args) => {
	const told = await sf([...args, '-o', 'practice']);

	assert.equal(told.status, 0, JSON.stringify(told, null, 1));
	return told.result;
};
const bad = async (...args) => {
	const told = await sf([...args, '-o', 'practice']);

	assert.notEqual(told.status, 0, JSON.stringify(told, null, 1));
	return told;
};
// A request of the API as it is; its answer.
const request = (method, what, body) => run(['api', 'request', 'rest', `/services/data/v62.0/${what}`, '--method', method,
	'-o', 'practice', ...(body ? ['--body', JSON.stringify(body), '--header', 'Content-Type: application/json'] : [])]);
const practice = async (what, body) =>
	(await fetch(`${url}/practice/${what}`, body === undefined ? {} : { method: 'POST', body })).json();
const file = (name, text) => {
	fs.writeFileSync(path.join(home, name), text);
	return name;
};
const read = (name) => fs.readFileSync(path.join(home, name), 'utf8').trim().split('\n');
let seen = 0;
// The verbs of what was written since the last question, with each record's key.
const written = async () => {
	const { writes } = await practice(`audit?object=Contact&since=${seen}`);

	seen = writes.reduce((most, write) => Math.max(most, write.seq), seen);
	return writes.map((write) => `${write.verb} ${write.key?.Ext__c ?? ''}`.trim()).join(', ');
};
const rows = async () => Object.fromEntries((await practice('rows?object=Contact')).rows.map((row) => [row.Ext__c, row]));
const bulk = ['--wait', '2', '--line-ending', 'LF'];

test('signs in with a token', async () => {
	const told = await sf(['org', 'login', 'access-token', '--instance-url', url, '--no-prompt', '--alias', 'practice'],
		{ SF_ACCESS_TOKEN: '00D5e0000000001!AQEAQ.practice' });

	assert.equal(told.status, 0, JSON.stringify(told, null, 1));
	assert.equal(told.result.username, 'operator@practice.example');
	assert.equal(told.result.orgId, '00D5e0000000001EAA');
});

test('creates, changes, reads and deletes a single record', async () => {
	const made = await good('data', 'create', 'record', '-s', 'Contact', '-v', 'LastName=Jones Ext__c=S-1');
	const id = made.id;

	assert.deepEqual([made.success, made.errors], [true, []]);
	await good('data', 'update', 'record', '-s', 'Contact', '-i', id, '-v', 'Phone=1');
	const row = await good('data', 'get', 'record', '-s', 'Contact', '-i', id);
	assert.deepEqual([row.LastName, row.Phone, row.attributes.type], ['Jones', '1', 'Contact']);
	const query = await good('data', 'query', '-q', `SELECT Id, LastName FROM Contact WHERE Ext__c = 'S-1'`);
	assert.deepEqual([query.totalSize, query.records[0].Id], [1, id]);
	await good('data', 'delete', 'record', '-s', 'Contact', '-i', id);
	assert.equal(await written(), 'created S-1, updated S-1, deleted S-1');
});

test('exports records with those that point at them, and shows them as a table', async () => {
	const { id } = await good('data', 'create', 'record', '-s', 'Account', '-v', 'Name=Firm');
	const query = `SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName) FROM Account WHERE Id = '${id}'`;

	for (const name of ['a', 'b'])
		await good('data', 'create', 'record', '-s', 'Contact', '-v', `LastName=${name} AccountId=${id}`);
	const { records } = await good('data', 'export', 'tree', '-q', query);
	assert.deepEqual(records.map((r) => [r.Name, r.Contacts.records.map((c) => c.LastName)]), [['Firm', ['a', 'b']]]);
	await good('data', 'query', '-q', query, '--result-format', 'csv', '--output-file', path.join(home, 'table.csv'));
	assert.match(read('table.csv')[0], /^Name,Contacts\.totalSize,Contacts\.records\.0\.LastName,.*Contacts\.records\.1\.LastName$/);
	assert.match(read('table.csv')[1], /^Firm,2,a,.*b$/);
	assert.equal(await written(), 'created, created');
});

test('is told what is wrong with a single record', async () => {
	const told = await bad('data', 'create', 'record', '-s', 'Contact', '-v', 'Phone=1');

	assert.equal(told.name, 'REQUIRED_FIELD_MISSING');
	assert.match(told.message, /Required fields are missing: \[LastName\]/);
	assert.equal(await written(), '');
});

test('writes a collection through its request command', async () => {
	const records = ['C-1', 'C-2', ''].map((key) => ({ attributes: { type: 'Contact' }, LastName: key || null, Ext__c: key }));
	const told = await request('POST', 'composite/sobjects', { allOrNone: false, records });

	assert.deepEqual(told.map((r) => r.success), [true, true, false]);
	assert.equal(told[2].errors[0].statusCode, 'REQUIRED_FIELD_MISSING');
	assert.equal(await written(), 'created C-1, created C-2');
});

test('inserts through Bulk API 2.0', async () => {
	const told = await good('data', 'import', 'bulk', '-s', 'Contact', ...bulk,
		'--file', file('insert.csv', 'LastName,Ext__c\na,B-1\nb,B-2\n"c ""quoted"", d",B-3\n'));

	assert.deepEqual([told.processedRecords, told.successfulRecords, told.failedRecords], [3, 3, 0]);
	assert.equal(await written(), 'created B-1, created B-2, created B-3');
	assert.equal((await rows())['B-3'].LastName, 'c "quoted", d');
});

let failed;
test('sees which records of a job failed', async () => {
	const told = await bad('data', 'import', 'bulk', '-s', 'Contact', ...bulk,
		'--file', file('some.csv', 'LastName,Ext__c\ne,B-4\n,B-5\n'));

	assert.equal(told.name, 'FailedRecordDetailsError');
	assert.equal(told.data.state, 'JobComplete');
	failed = told.data.jobId;
	assert.equal(await written(), 'created B-4');
});

test('fetches the results of a job', async () => {
	const told = await good('data', 'bulk', 'results', '--job-id', failed);

	assert.deepEqual([told.processedRecords, told.successfulRecords, told.failedRecords], [2, 1, 1]);
	assert.deepEqual(read(told.failedFilePath), ['"sf__Id","sf__Error",LastName,Ext__c',
		'"","REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --","","B-5"']);
	assert.match(read(told.successFilePath)[1], /^"003[A-Za-z0-9]{15}","true","e","B-4"$/);
});

test('updates through Bulk API 2.0', async () => {
	const { Id } = (await rows())['B-1'];
	const told = await good('data', 'update', 'bulk', '-s', 'Contact', ...bulk,
		'--file', file('update.csv', `Id,Phone\n${Id},7\n`));

	assert.deepEqual([told.processedRecords, told.successfulRecords], [1, 1]);
	assert.equal(await written(), 'updated B-1');
	assert.equal((await rows())['B-1'].Phone, '7');
});

test('upserts through Bulk API 2.0', async () => {
	const told = await good('data', 'upsert', 'bulk', '-s', 'Contact', '-i', 'Ext__c', ...bulk,
		'--file', file('upsert.csv', 'Ext__c,LastName\nb-2,z\nB-6,new\n'));

	assert.equal(told.jobInfo.numberRecordsProcessed, 2);
	assert.equal(told.jobInfo.numberRecordsFailed, 0);
	assert.deepEqual(Object.fromEntries(told.records.successfulResults.map((r) => [r.Ext__c, r.sf__Created])),
		{ 'b-2': 'false', 'B-6': 'true' });
	assert.equal(await written(), 'updated B-2, created B-6');
});

test('deletes through Bulk API 2.0, and for good', async () => {
	const all = await rows();
	const ids = file('delete.csv', `Id\n${all['B-1'].Id}\n${all['B-2'].Id}\n`);
	const told = await good('data', 'delete', 'bulk', '-s', 'Contact', ...bulk, '--file', ids);

	assert.equal(told.jobInfo.numberRecordsProcessed, 2);
	assert.equal(await written(), 'deleted B-1, deleted B-2');
	const hard = await good('data', 'delete', 'bulk', '-s', 'Contact', ...bulk, '--hard-delete', '--file', ids);
	assert.equal(hard.jobInfo.operation, 'hardDelete');
	assert.equal(hard.records.successfulResults.length, 2);
	assert.equal(await written(), 'deleted B-1, deleted B-2');
});

test('upserts and deletes through Bulk API 1.0, one batch after the other too', async () => {
	const key = ['-s', 'Contact', '-i', 'Ext__c'];
	const status = async (...words) => good('force', 'data', 'bulk', 'status', ...words);
	const [job] = await good('force', 'data', 'bulk', 'upsert', ...key, '--wait', '2',
		'--file', file('old.csv', 'Ext__c,LastName\nO-1,a\nO-2,b\nO-3,\n'));

	assert.equal(await written(), 'created O-1, created O-2');
	assert.deepEqual([job.state, job.operation, job.numberRecordsProcessed, job.numberRecordsFailed], ['Closed', 'upsert', '3', '1']);
	assert.equal((await status('--job-id', job.id)).numberRecordsFailed, '1');
	const [{ jobId, id }] = await good('force', 'data', 'bulk', 'upsert', ...key, '--serial',
		'--file', file('old.csv', 'Ext__c,Phone\no-1,7\n'));
	let batch;
	do
		[batch] = await status('--job-id', jobId, '--batch-id', id);
	while (['Queued', 'InProgress'].includes(batch.state));
	assert.deepEqual([batch.state, batch.numberRecordsProcessed, batch.numberRecordsFailed], ['Completed', '1', '0']);
	assert.equal(await written(), 'updated O-1');
	const all = await rows();
	await good('force', 'data', 'bulk', 'delete', '-s', 'Contact', '--wait', '2',
		'--file', file('gone.csv', `Id\n${all['O-1'].Id}\n${all['O-2'].Id}\n`));
	assert.equal(await written(), 'deleted O-1, deleted O-2');
});

test('exports what a bulk query finds', async () => {
	const told = await good('data', 'export', 'bulk', '-q', 'SELECT Ext__c, LastName, Account.Name FROM Contact ORDER BY LastName',
		'--output-file', path.join(home, 'export.csv'), '--result-format', 'csv', '--wait', '2');

	assert.equal(told.totalSize, read('export.csv').length - 1);
	assert.equal(read('export.csv')[0], '"Ext__c","LastName","Account.Name"');
	assert.ok(read('export.csv').includes('"","a","Firm"'), read('export.csv').join('|'));
});

test('is told why a whole job failed', async () => {
	const told = await bad('data', 'import', 'bulk', '-s', 'Contact', ...bulk,
		'--file', file('bad.csv', 'LastName,Foo__c\na,b\n'));

	assert.match(told.message, /InvalidBatch : Field name not found : Foo__c/);
	assert.equal(await written(), '');
});

test('lists jobs, and aborts one that waits', async () => {
	await practice('scenario', '{"start_delay_ms":3600000}');
	const { jobId } = await good('data', 'import', 'bulk', '-s', 'Contact', '--line-ending', 'LF',
		'--file', file('late.csv', 'LastName\nlate\n'));
	const { records, done } = await request('GET', 'jobs/ingest?jobType=V2Ingest');

	assert.equal(done, true);
	assert.equal(records.find((job) => job.id === jobId).state, 'UploadComplete');
	assert.equal((await request('PATCH', `jobs/ingest/${jobId}`, { state: 'Aborted' })).state, 'Aborted');
	assert.equal(await written(), '');
});

console.log(`1..${cases.length}`);
for (const [i, { name, run: play }] of cases.entries()) {
	try {
		await play();
		console.log(`ok ${i + 1} - the Salesforce CLI ${name}`);
	} catch (error) {
		process.exitCode = 1;
		console.log(`not ok ${i + 1} - the Salesforce CLI ${name}`);
		console.log(String(error.stack ?? error).replace(/^/gm, '# '));
	}
}
