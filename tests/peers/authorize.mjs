// What a user and an app see of the practice org's authorize page in a real browser: node authorize.mjs URL FOLDER, with jsforce
// installed in FOLDER. Prints TAP. The app is this program: it hears the redirect on 127.0.0.1.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { openBrowser } from './browser.mjs';

const [url, folder] = process.argv.slice(2);
const jsforce = createRequire(path.resolve(folder, 'package.json'))('jsforce');
const authorize = '/services/oauth2/authorize';
const cases = [];
const test = (name, run) => cases.push({ name, run });

fs.mkdirSync(process.env.HOME, { recursive: true });
const browser = await openBrowser(process.env.HOME);

// The app's end of the way back: what it heard, one entry for each request to /back.
const heard = [];
const app = http.createServer((request, answer) => {
	const at = new URL(request.url, 'http://127.0.0.1');

	if (at.pathname === '/back')
		heard.push(at.searchParams);
	answer.writeHead(200, { 'Content-Type': 'text/html' });
	answer.end('<title>The app</title><p>You can close this window.</p>');
});
await new Promise((resolve) => app.listen(0, '127.0.0.1', resolve));
const back = `http://127.0.0.1:${app.address().port}/back`;

const newVerifier = () => randomBytes(32).toString('base64url');
const challengeOf = (verifier) => createHash('sha256').update(verifier).digest('base64url');
const page = (wish) => `${url}${authorize}?${new URLSearchParams({ response_type: 'code', client_id: 'practice', ...wish })}`;
const wishFor = (verifier, more = {}) => page({
	redirect_uri: back, code_challenge: challengeOf(verifier), code_challenge_method: 'S256', ...more,
});
// What the app hears when the user presses that button on the page that is open.
const press = async (button) => {
	const before = heard.length;

	await browser.press(button);
	assert.equal(await browser.title(), 'The app');
	assert.equal(heard.length, before + 1);
	return heard.at(-1);
};
const exchange = async (code, verifier) => {
	const answer = await fetch(`${url}/services/oauth2/token`, {
		method: 'POST',
		body: new URLSearchParams({
			grant_type: 'authorization_code', client_id: 'practice', client_secret: 'practice-secret',
			redirect_uri: back, code, code_verifier: verifier,
		}),
	});

	return { status: answer.status, ...await answer.json() };
};
const refused = (told, error, description) =>
	assert.deepEqual(told, { status: 400, error, error_description: description });

test('the page says which app asks, for whom and for what, and Allow gives a code that is good once', async () => {
	const verifier = newVerifier();

	await browser.open(wishFor(verifier, { scope: 'api refresh_token', state: 's&1 =' }));
	assert.equal(await browser.title(), 'Practice org');
	const text = await browser.text();
	assert.match(text, /The app practice asks to act as operator@practice\.example: api refresh_token\./);
	assert.ok(text.includes(back), text);
	const told = await press('Allow');
	assert.deepEqual([...told.keys()], ['code', 'state']);
	assert.equal(told.get('state'), 's&1 =');

	const session = await exchange(told.get('code'), verifier);
	assert.equal(session.status, 200);
	assert.equal(session.instance_url, url);
	assert.equal(session.scope, 'api refresh_token');
	assert.ok(session.refresh_token);
	const limits = await fetch(`${url}/services/data/v62.0/limits`, { headers: { Authorization: `Bearer ${session.access_token}` } });
	assert.equal(limits.status, 200);
	refused(await exchange(told.get('code'), verifier), 'invalid_grant', 'invalid authorization code');
});

test('a code is refused to whoever does not know the verifier', async () => {
	const verifier = newVerifier();

	await browser.open(wishFor(verifier));
	const code = (await press('Allow')).get('code');
	refused(await exchange(code, newVerifier()), 'invalid_request', 'invalid code verifier');
	refused(await exchange(code, verifier), 'invalid_grant', 'invalid authorization code');
});

test('Deny sends the user back with access_denied, and the app has no code', async () => {
	await browser.open(wishFor(newVerifier(), { state: 'no' }));
	const told = await press('Deny');

	assert.deepEqual(Object.fromEntries(told),
		{ error: 'access_denied', error_description: 'end-user denied authorization', state: 'no' });
});

test('what the app sends along is text on the page, and comes back as it was', async () => {
	const state = '"><script>document.title = "stolen"</script><b a=\'';
	const verifier = newVerifier();

	await browser.open(wishFor(verifier, { state }));
	assert.equal(await browser.title(), 'Practice org');
	const told = await press('Allow');
	assert.equal(told.get('state'), state);
	assert.equal((await exchange(told.get('code'), verifier)).status, 200);
});

test('an app that it does not know gets a page that says so and no button', async () => {
	const before = heard.length;

	await browser.open(wishFor(newVerifier(), { client_id: 'stranger' }));
	assert.match(await browser.text(), /invalid_client_id : client identifier invalid/);
	await assert.rejects(browser.press('Allow'), /no such element/);
	await browser.open(page({ redirect_uri: 'http://elsewhere.example/back' }));
	assert.match(await browser.text(), /redirect_uri_mismatch : redirect_uri must match configuration/);
	await browser.open(wishFor(newVerifier(), { scope: 'everything' }));
	assert.equal(heard.length, before + 1);
	assert.equal(heard.at(-1).get('error'), 'invalid_scope');
});

test('jsforce signs in by it, with the verifier that it made', async () => {
	const oauth2 = new jsforce.OAuth2({
		loginUrl: url, clientId: 'practice', clientSecret: 'practice-secret', redirectUri: back, useVerifier: true,
	});

	await browser.open(oauth2.getAuthorizationUrl({ scope: 'api' }));
	const code = (await press('Allow')).get('code');
	const conn = new jsforce.Connection({ oauth2, version: '62.0' });
	await conn.authorize(code);
	assert.equal((await conn.identity()).username, 'operator@practice.example');
	assert.equal(conn.refreshToken, undefined);
});

console.log(`1..${cases.length}`);
for (const [i, { name, run }] of cases.entries()) {
	try {
		await run();
		console.log(`ok ${i + 1} - in a browser: ${name}`);
	} catch (error) {
		process.exitCode = 1;
		console.log(`not ok ${i + 1} - in a browser: ${name}`);
		console.log(String(error.stack ?? error).replace(/^/gm, '# '));
	}
}
await browser.close();
process.exit();
