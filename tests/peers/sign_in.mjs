// `longshore org add NAME --browser` with a real browser: node sign_in.mjs URL LONGSHORE FOLDER, which holds the org's
// certificate as `cert`. Prints TAP.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { openBrowser } from './browser.mjs';

const [url, longshore, folder] = process.argv.slice(2);
const cases = [];
const test = (name, run) => cases.push({ name, run });

const certificate = path.join(folder, 'cert');

fs.mkdirSync(process.env.HOME, { recursive: true });
fs.writeFileSync(path.join(folder, 'org.json'), JSON.stringify({ login_url: url, ca_file: certificate, client_id: 'practice' }), { mode: 0o600 });
const browser = await openBrowser(process.env.HOME, certificate);

const freePort = () => new Promise((resolve) => {
	const server = net.createServer().listen(0, '127.0.0.1', () => {
		const { port } = server.address();

		server.close(() => resolve(port));
	});
});

// The program, waiting for its browser: the address that it prints, what it is sent, and how it ends.
const begin = async (redirect) => {
	const environment = { ...process.env, LONGSHORE_STATE: path.join(folder, 'state'), XDG_CONFIG_HOME: path.join(folder, 'config') };
	const child = spawn('setsid', ['-w', longshore, 'org', 'add', 'acme', '--browser', '--config', path.join(folder, 'org.json'),
		'--redirect-uri', redirect, '--json'], { env: environment });
	let out = '', told = '';
	const ended = new Promise((resolve) => child.on('close', (status) => resolve({ status, told, ...JSON.parse(out || '{}') })));

	child.stdout.on('data', (bytes) => { out += bytes; });
	const address = await new Promise((resolve, reject) => {
		child.stderr.on('data', (bytes) => {
			told += bytes;
			const at = /^(https:.*)\n/m.exec(told);

			if (at)
				resolve(at[1]);
		});
		child.on('close', () => reject(new Error(told)));
	});
	return { address, ended, paste: (text) => child.stdin.write(`${text}\n`) };
};

test('Allow brings it back to the listener, whose page says so', async () => {
	const add = await begin(`http://localhost:${await freePort()}/OauthRedirect`);

	await browser.open(add.address);
	await browser.press('Allow');
	assert.equal(await browser.title(), 'Longshore');
	assert.match(await browser.text(), /The org lets Longshore in\. You may close this page/);
	const { status, user, sign_in } = await add.ended;
	assert.deepEqual({ status, user, sign_in }, { status: 0, user: 'operator@practice.example', sign_in: 'refresh token' });
});

test('Deny is told on the page and by the program', async () => {
	const add = await begin(`http://127.0.0.1:${await freePort()}/OauthRedirect`);

	await browser.open(add.address);
	await browser.press('Deny');
	assert.match(await browser.text(), /denied in the browser: begin anew, and choose Allow there/);
	const { status, error } = await add.ended;
	assert.equal(status, 2);
	assert.match(error, /denied in the browser/);
});

test('on another machine it ends at an address without a page, which is pasted', async () => {
	await fetch(`${url}/practice/scenario`, { method: 'POST', body: '{"sign_in": {"redirect_uris": ["https://acme.example/back"]}}' });
	const add = await begin('https://acme.example/back');

	await browser.open(add.address);
	await browser.press('Allow');
	const address = await browser.address();
	assert.match(address, /^https:\/\/acme\.example\/back\?code=/);
	add.paste(address);
	assert.equal((await add.ended).status, 0);
});

test('a browser that does not know the certificate does not open the page', async () => {
	const home = path.join(folder, 'stranger');

	fs.mkdirSync(home);
	const stranger = await openBrowser(home);
	try {
		await stranger.open(`${url}/services/oauth2/authorize`);
		assert.match(await stranger.text(), /ERR_CERT_AUTHORITY_INVALID/);
	} finally {
		await stranger.close();
	}
});

console.log(`1..${cases.length}`);
for (const [i, { name, run }] of cases.entries()) {
	try {
		await run();
		console.log(`ok ${i + 1} - longshore org add --browser: ${name}`);
	} catch (error) {
		process.exitCode = 1;
		console.log(`not ok ${i + 1} - longshore org add --browser: ${name}`);
		console.log(String(error.stack ?? error).replace(/^/gm, '# '));
	}
}
await browser.close();
process.exit();
