// What jsforce sees of the practice org: node jsforce.mjs URL FOLDER, with jsforce installed in FOLDER. Prints TAP.
// Each case begins with an empty org and ends with the org's own counters, which jsforce cannot see.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';

const [url, folder] = process.argv.slice(2);
const jsforce = createRequire(path.resolve(folder, 'package.json'))('jsforce');
const token = '00D5e0000000001!AQEAQ.practice';
const cases = [];
const closes = [];

// bulk.load closes its job when its promise has settled already: a case ends only when that close has been answered.
const rememberCloses = (bulk) => {
	const create = bulk.createJob.bind(bulk);

	bulk.createJob = (...options) => {
		const job = create(...options);
		const close = job.close.bind(job);

		job.close = () => {
			const answer = close();

			closes.push(answer);
			return answer;
		};
		return job;
	};
};
const connect = (more = {}) => {
	const conn = new jsforce.Connection({ instanceUrl: url, accessToken: token, version: '62.0', ...more });

	conn.bulk.pollInterval = conn.bulk2.pollInterval = 20;
	rememberCloses(conn.bulk);
	return conn;
};
const practice = async (what, body) => {
	const answer = await fetch(`${url}/practice/${what}`, body === undefined ? {} : { method: 'POST', body });

	assert.equal(answer.status, 200);
	return answer.json();
};
const test = (name, run) => cases.push({ name, run });
const live = async (object) => (await practice('counters')).rows[object];
const verbs = async () => (await practice('audit')).writes.map((write) => write.verb).join(' ');
const codes = (results) => results.map((r) => (r.success ? 'ok' : r.errors[0].statusCode));
const refuses = (promise, code, message) =>
	assert.rejects(promise, (error) => {
		assert.equal(error.errorCode, code);
		assert.match(error.message, message);
		return true;
	});

test('signs in with a refresh token and goes on when its session ends', async () => {
	const conn = connect({
		accessToken: 'dead',
		refreshToken: 'practice-refresh',
		oauth2: { loginUrl: url, clientId: 'practice', clientSecret: 'practice-secret' },
	});

	assert.equal((await conn.query('SELECT Id FROM Contact')).totalSize, 0);
	assert.notEqual(conn.accessToken, 'dead');
	await practice('expire-sessions', '');
	assert.equal((await conn.describeGlobal()).maxBatchSize, 200);
	await practice('expire-sessions', '');
	assert.equal((await conn.bulk.createJob('Contact', 'insert').open()).state, 'Open');
});

const user = 'operator@practice.example';
const password = 'practice-passwordpractice-security-token';

test('signs in through SOAP, and out', async () => {
	const conn = new jsforce.Connection({ loginUrl: url, version: '62.0' });

	assert.equal((await conn.login(user, password)).organizationId, '00D5e0000000001EAA');
	assert.equal(conn.instanceUrl, url);
	assert.equal((await conn.identity()).username, user);
	const session = conn.accessToken;
	await conn.logout();
	await refuses(connect({ accessToken: session }).limits(), 'INVALID_SESSION_ID', /Session expired or invalid/);
	await assert.rejects(conn.login(user, 'practice-password'), /^Error: LOGIN_MUST_USE_SECURITY_TOKEN: Invalid username/);
	await assert.rejects(conn.login(user, 'x'), /^Error: INVALID_LOGIN: Invalid username/);
});

test('signs in with a code that a page in the browser gave, and with a password or the app alone', async () => {
	const oauth2 = new jsforce.OAuth2({
		loginUrl: url, clientId: 'practice', clientSecret: 'practice-secret',
		redirectUri: 'http://localhost:1717/OauthRedirect', useVerifier: true,
	});
	const page = await (await fetch(oauth2.getAuthorizationUrl({ scope: 'api refresh_token', state: 's&1' }))).text();
	const fields = [...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
	const form = new URLSearchParams(fields.map((field) => [field[1], field[2].replaceAll('&amp;', '&')]));

	form.set('decision', 'allow');
	const answer = await fetch(`${url}/services/oauth2/authorize`, { method: 'POST', body: form, redirect: 'manual' });
	const back = new URL(answer.headers.get('location'));
	assert.equal(back.searchParams.get('state'), 's&1');

	const conn = new jsforce.Connection({ oauth2, version: '62.0' });
	await conn.authorize(back.searchParams.get('code'));
	assert.ok(conn.refreshToken);
	assert.equal((await conn.identity()).user_id, '0055e0000000001AAA');
	const refresh = conn.refreshToken;
	await conn.logout(true);
	await assert.rejects(oauth2.refreshToken(refresh), /expired access\/refresh token/);

	const other = new jsforce.Connection({ oauth2, version: '62.0' });
	await other.login(user, password);
	await other.authorize({ grant_type: 'client_credentials' });
	assert.equal((await practice('counters')).logins.granted, 3);
});

test('describes an object and asks for limits', async () => {
	const conn = connect();
	const describe = await conn.describe('Account');

	assert.equal(describe.keyPrefix, '001');
	assert.equal(describe.fields.find((f) => f.name === 'Ext__c').externalId, true);
	assert.equal((await conn.limits()).DailyApiRequests.Max, 100000);
	assert.equal(conn.limitInfo.apiUsage.limit, 100000);
	await refuses(conn.describe('Nothing'), 'NOT_FOUND', /The requested resource does not exist/);
});

test('creates, reads, changes and deletes single rows', async () => {
	const contacts = connect().sobject('Contact');
	const made = await contacts.create({ LastName: 'Jones', Ext__c: 'A-1', Active__c: true });

	assert.deepEqual(Object.keys(made), ['id', 'success', 'errors']);
	assert.equal(made.success, true);
	assert.deepEqual(await contacts.update({ Id: made.id, Phone: '1', LastName: 'Smith' }),
		{ id: made.id, success: true, errors: [] });
	const row = await contacts.retrieve(made.id);
	assert.equal(row.LastName, 'Smith');
	assert.equal(row.Phone, '1');
	assert.equal(row.attributes.type, 'Contact');
	assert.equal((await contacts.retrieve(made.id, { fields: ['Phone'] })).LastName, undefined);
	assert.equal((await contacts.destroy(made.id)).success, true);
	await refuses(contacts.retrieve(made.id), 'ENTITY_IS_DELETED', /entity is deleted/);
	await refuses(contacts.destroy(made.id), 'ENTITY_IS_DELETED', /entity is deleted/);
	assert.equal(await verbs(), 'created updated deleted');
});

test('reads records with those that point at them', async () => {
	const conn = connect();
	const { id } = await conn.sobject('Account').create({ Name: 'Firm' });

	await conn.sobject('Account').create({ Name: 'Lonely' });
	await conn.sobject('Contact').create([
		{ LastName: 'b', AccountId: id }, { LastName: 'a', AccountId: id }, { LastName: 'c', AccountId: id }, { LastName: 'd' }]);
	const found = await conn.sobject('Account').find({}, ['Name', 'Owner.Name']).sort('Name')
		.include('Contacts', { LastName: { $ne: 'c' } }, ['LastName', 'Account.Name'], { sort: 'LastName' }).end();

	assert.deepEqual(found.map((account) => [account.Name, account.Contacts?.records.map((r) => [r.LastName, r.Account.Name])]),
		[['Firm', [['a', 'Firm'], ['b', 'Firm']]], ['Lonely', undefined]]);
	assert.equal(found[0].Contacts.totalSize, 2);
	await refuses(conn.query('SELECT (SELECT Id FROM Nothing) FROM Account'), 'INVALID_TYPE', /Didn't understand relationship 'Nothing'/);
	await refuses(conn.query('SELECT FIELDS(ALL) FROM Account LIMIT 200'), 'MALFORMED_QUERY', /unexpected token/);
});

test('upserts single rows by an external id', async () => {
	const contacts = connect().sobject('Contact');
	const made = await contacts.upsert({ LastName: 'Jones', Ext__c: 'A-1' }, 'Ext__c');
	const found = await contacts.upsert({ Phone: '1', Ext__c: 'a-1' }, 'Ext__c');

	assert.equal(made.created, true);
	assert.deepEqual(found, { id: made.id, success: true, errors: [], created: false });
	await contacts.create([{ LastName: 'a', Email: 'x@example.com' }, { LastName: 'b', Email: 'x@example.com' }]);
	await refuses(contacts.upsert({ Email: 'x@example.com', Phone: '2' }, 'Email'), 'MULTIPLE_CHOICES', /Multiple/);
	await refuses(contacts.upsert({ Namez: 'x', LastName: 'a' }, 'Namez'), 'NOT_FOUND',
		/Provided external ID field does not exist or is not accessible: Namez/);
	assert.equal(await live('Contact'), 3);
});

test('is told what is wrong with a single row', async () => {
	const contacts = connect().sobject('Contact');

	await refuses(contacts.create({ Phone: '1' }), 'REQUIRED_FIELD_MISSING', /Required fields are missing: \[LastName\]/);
	await refuses(contacts.create({ LastName: 'a', foo: 1 }), 'INVALID_FIELD', /No such column 'foo' on sobject of type Contact/);
	await refuses(contacts.create({ LastName: 'a', Birthdate: '1.2.2020' }), 'JSON_PARSER_ERROR', /line:1, column:/);
	await refuses(contacts.create({ LastName: 'a', Email: 'x' }), 'INVALID_EMAIL_ADDRESS', /Email: invalid email address: x/);
	await refuses(contacts.update({ Id: '0035e0000000009AAA', Phone: '1' }), 'NOT_FOUND', /does not exist/);
	await refuses(connect().sobject('Nothing').create({ Name: 'a' }), 'NOT_FOUND', /does not exist/);
	assert.equal(await verbs(), '');
});

test('creates, changes, upserts and deletes collections', async () => {
	const conn = connect();
	const contacts = conn.sobject('Contact');
	let results = await contacts.create([
		{ LastName: 'a', Ext__c: 'A-1' },
		{ Phone: '1' },
		{ LastName: 'c', Ext__c: 'A-3', Account: { Ext__c: 'none' } },
		{ LastName: 'd', Ext__c: 'A-4' },
	]);
	const [{ id: first }, , , { id: last }] = results;

	assert.deepEqual(codes(results), ['ok', 'REQUIRED_FIELD_MISSING', 'INVALID_FIELD', 'ok']);
	assert.deepEqual(results[1].errors[0].fields, ['LastName']);
	assert.equal('created' in results[0], false);
	results = await contacts.update([{ Id: first, Phone: '1' }, { Id: '0035e0000000009AAA', Phone: '1' }, { Id: last, Phone: null }]);
	assert.deepEqual(codes(results), ['ok', 'INVALID_CROSS_REFERENCE_KEY', 'ok']);
	results = await contacts.upsert([{ Ext__c: 'A-1', LastName: 'z' }, { Ext__c: 'A-9', LastName: 'y' }, { Ext__c: 'A-8' }], 'Ext__c');
	assert.deepEqual(codes(results), ['ok', 'ok', 'REQUIRED_FIELD_MISSING']);
	assert.deepEqual(results.map((r) => r.created), [false, true, true]);
	assert.equal(results[0].id, first);
	results = await contacts.destroy([last, first, last]);
	assert.deepEqual(codes(results), ['ok', 'ok', 'ENTITY_IS_DELETED']);
	assert.equal(await verbs(), 'created created updated updated updated created deleted deleted');
	assert.deepEqual((await conn.query('SELECT Ext__c, LastName FROM Contact')).records.map((r) => r.Ext__c), ['A-9']);
});

test('writes nothing of a collection that must be written whole', async () => {
	const contacts = connect().sobject('Contact');
	const results = await contacts.create([{ LastName: 'a' }, { Phone: '1' }], { allOrNone: true });
	const upserts = await contacts.upsert([{ Ext__c: 'A', LastName: 'a' }, { Ext__c: 'B' }], 'Ext__c', { allOrNone: true });

	assert.deepEqual(codes(results), ['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'REQUIRED_FIELD_MISSING']);
	assert.match(results[0].errors[0].message, /^Record rolled back because not all records were valid/);
	assert.deepEqual(codes(upserts), ['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'REQUIRED_FIELD_MISSING']);
	assert.deepEqual(upserts.map((r) => r.created), [true, true]);
	assert.equal(await verbs(), '');
});

test('splits what is more than a collection takes', async () => {
	const contacts = connect().sobject('Contact');
	const many = Array.from({ length: 450 }, (_, i) => ({ LastName: `Person ${i}`, Ext__c: `A-${i}` }));

	await refuses(contacts.create(many), 'EXCEEDED_ID_LIMIT', /more than 200 records/);
	const results = await contacts.create(many, { allowRecursive: true });
	assert.equal(results.filter((r) => r.success).length, 450);
	assert.equal((await practice('counters')).calls.collection_create, 4);
	assert.equal((await contacts.destroy(results.map((r) => r.id), { allowRecursive: true })).length, 450);
	assert.equal(await live('Contact'), 0);
});

const inOrder = (results) => results.map((r) => (r.success ? (r.created ? 'created' : 'written') : r.errors[0]));

test('loads through Bulk API 1.0, with results in order', async () => {
	const { bulk } = connect();
	const made = await bulk.load('Contact', 'insert', [
		{ LastName: 'a', Ext__c: 'A-1' },
		{ LastName: '', Ext__c: 'A-2' },
		{ LastName: 'c\n"quoted"', Ext__c: 'A-3' },
	]);

	assert.deepEqual(inOrder(made),
		['created', 'REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --', 'created']);
	const changed = await bulk.load('Contact', 'update', [{ Id: made[2].id, Phone: '1' }, { Id: '0035e0000000009AAA', Phone: '1' }]);
	assert.deepEqual(inOrder(changed), ['written', 'INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--']);
	const upserted = await bulk.load('Contact', 'upsert', { extIdField: 'Ext__c', concurrencyMode: 'Serial' },
		[{ Ext__c: 'a-1', LastName: 'z' }, { Ext__c: 'A-4', LastName: 'd' }]);
	assert.deepEqual(inOrder(upserted), ['written', 'created']);
	assert.equal(upserted[0].id, made[0].id);
	const ids = [made[0].id, made[2].id].map((Id) => ({ Id }));
	assert.deepEqual(inOrder(await bulk.load('Contact', 'delete', ids)), ['written', 'written']);
	assert.deepEqual(inOrder(await bulk.load('Contact', 'hardDelete', ids)), ['written', 'written']);
	assert.equal(await live('Contact'), 1);
});

test('follows jobs and batches of Bulk API 1.0', async () => {
	const { bulk } = connect();
	const job = bulk.createJob('Contact', 'insert');
	const batch = job.createBatch();

	batch.execute([{ LastName: 'a' }, { LastName: 'b' }]);
	await new Promise((resolve, reject) => batch.once('queue', resolve).once('error', reject));
	const results = new Promise((resolve, reject) => batch.once('response', resolve).once('error', reject));
	batch.poll(20, 10000);
	assert.equal((await results).length, 2);
	assert.equal((await batch.check()).state, 'Completed');
	assert.deepEqual((await job.list()).map((b) => b.id), [batch.id]);
	const info = await job.check();
	assert.equal(info.numberRecordsProcessed, '2');
	assert.equal(info.state, 'Open');
	assert.equal((await job.close()).state, 'Closed');
	await refuses(bulk.job(info.id).abort().then(() => bulk.job(info.id).close()), 'InvalidJobState', /already Aborted/);
});

test('aborts a job of Bulk API 1.0 that waits', async () => {
	const { bulk } = connect();
	const job = bulk.createJob('Contact', 'insert');
	const batch = job.createBatch();

	await practice('scenario', '{"start_delay_ms":3600000}');
	batch.execute([{ LastName: 'a' }]);
	await new Promise((resolve, reject) => batch.once('queue', resolve).once('error', reject));
	const { id } = await job.info();
	assert.equal((await job.abort()).state, 'Aborted');
	assert.equal((await bulk.job(id).batch(batch.id).check()).state, 'NotProcessed');
	assert.equal(await verbs(), '');
});

test('asks through Bulk API 1.0', async () => {
	const { bulk } = connect();

	await bulk.load('Contact', 'insert', [{ LastName: 'b "x"', Phone: '1' }, { LastName: 'a' }]);
	const found = await (await bulk.query('SELECT Id, LastName, Phone, Account.Name FROM Contact ORDER BY LastName')).toArray();
	assert.deepEqual(found.map((r) => [r.LastName, r.Phone, r['Account.Name']]), [['a', '', ''], ['b "x"', '1', '']]);
	assert.match(found[0].Id, /^003[A-Za-z0-9]{15}$/);
	await assert.rejects(bulk.query('SELECT Foo FROM Contact'), /InvalidBatch : Failed to process query: INVALID_FIELD/);
	await assert.rejects(bulk.query('SELECT COUNT() FROM Contact'), /Failed to process query: FUNCTIONALITY_NOT_ENABLED/);
});

test('is told what is wrong with a load of Bulk API 1.0', async () => {
	const { bulk } = connect();

	await refuses(bulk.createJob('Nothing', 'insert').open(), 'InvalidEntity', /Entity 'Nothing' is not supported/);
	await refuses(bulk.createJob('Contact', 'upsert').open(), 'InvalidJob', /External ID was blank/);
	await assert.rejects(bulk.load('Contact', 'insert', [{ LastName: 'a', Foo__c: 'b' }]).then((r) => r),
		/InvalidBatch : Field name not found : Foo__c/);
	await refuses(connect({ accessToken: 'dead' }).bulk.createJob('Contact', 'insert').open(), 'InvalidSessionId', /Invalid session id/);
	assert.equal(await verbs(), '');
});

const load = (bulk2, operation, input, more = {}) =>
	bulk2.loadAndWaitForResults({ object: 'Contact', operation, input, ...more });

test('loads through Bulk API 2.0', async () => {
	const { bulk2 } = connect();
	const csv = 'LastName,Ext__c\na,A-1\n,A-2\n"c ""quoted""",A-3\n';
	const made = await load(bulk2, 'insert', csv);
	const idOf = (key) => made.successfulResults.find((r) => r.Ext__c === key).sf__Id;

	assert.equal(made.successfulResults.length, 2);
	assert.equal(made.successfulResults.every((r) => r.sf__Created === 'true'), true);
	assert.deepEqual(made.failedResults.map((r) => [r.Ext__c, r.sf__Error]),
		[['A-2', 'REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --']]);
	assert.deepEqual(made.unprocessedRecords, []);
	const changed = await load(bulk2, 'update', [{ Id: idOf('A-3'), Phone: '1' }, { Id: '0035e0000000009AAA', Phone: '1' }]);
	assert.deepEqual(changed.successfulResults.map((r) => [r.sf__Id, r.sf__Created]), [[idOf('A-3'), 'false']]);
	assert.equal(changed.failedResults[0].sf__Error, 'INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--');
	const upserted = await load(bulk2, 'upsert', [{ Ext__c: 'A-1', LastName: 'z' }, { Ext__c: 'A-4', LastName: 'd' }],
		{ externalIdFieldName: 'Ext__c' });
	assert.deepEqual(Object.fromEntries(upserted.successfulResults.map((r) => [r.Ext__c, r.sf__Created])),
		{ 'A-1': 'false', 'A-4': 'true' });
	const ids = ['A-1', 'A-3'].map((key) => ({ Id: idOf(key) }));
	assert.equal((await load(bulk2, 'delete', ids)).successfulResults.length, 2);
	assert.equal((await load(bulk2, 'hardDelete', ids)).successfulResults.length, 2);
	assert.equal(await live('Contact'), 1);
});

test('opens, aborts, lists and deletes jobs of Bulk API 2.0', async () => {
	const conn = connect();
	const job = conn.bulk2.createJob({ object: 'Contact', operation: 'insert' });

	await job.open();
	await job.uploadData([{ LastName: 'a' }]);
	assert.equal((await job.check()).state, 'Open');
	await job.abort();
	assert.equal((await job.check()).state, 'Aborted');
	await refuses(job.close(), 'INVALIDJOBSTATE', /already Aborted/);
	const list = await conn.request('/jobs/ingest?jobType=V2Ingest');
	assert.deepEqual(list.records.map((r) => [r.id, r.state, r.jobType]), [[job.id, 'Aborted', 'V2Ingest']]);
	await job.delete();
	await refuses(job.check(), 'NOT_FOUND', /does not exist/);
	assert.equal(await verbs(), '');
});

test('is told what is wrong with a load of Bulk API 2.0', async () => {
	const { bulk2 } = connect();

	await refuses(load(bulk2, 'insert', 'a', { object: 'Nothing' }), 'INVALIDENTITY', /Entity 'Nothing' is not supported/);
	await refuses(load(bulk2, 'upsert', 'a', {}), 'INVALIDJOB', /External ID was blank/);
	await assert.rejects(load(bulk2, 'insert', 'LastName,Foo__c\na,b\n'),
		/Ingest job failed to complete due to: InvalidBatch : Field name not found : Foo__c/);
	await refuses(load(connect({ accessToken: 'dead' }).bulk2, 'insert', 'a'), 'INVALID_SESSION_ID', /Session expired or invalid/);
	assert.equal(await verbs(), '');
});

console.log(`1..${cases.length}`);
for (const [i, { name, run }] of cases.entries()) {
	try {
		await practice('scenario', '{}');
		await practice('reset', '');
		await run();
		await Promise.all(closes.splice(0));
		console.log(`ok ${i + 1} - jsforce ${name}`);
	} catch (error) {
		process.exitCode = 1;
		console.log(`not ok ${i + 1} - jsforce ${name}`);
		console.log(String(error.stack ?? error).replace(/^/gm, '# '));
	}
}
process.exit();
