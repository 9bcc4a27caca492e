// A real browser without a screen: Chromium, told what to do through chromedriver and the W3C WebDriver protocol.
//   const browser = await openBrowser(FOLDER, [CERTIFICATE]);   its profile lies in FOLDER, which exists; beside what everybody
//                                                trusts it trusts the key of this file in PEM, and no other
//   await browser.open(URL);                     until the page is there, wherever redirects lead to
//   await browser.text();                        what can be read on it; title() and address() likewise
//   await browser.press('Allow');                the button of that name, until the next page is there
//   await browser.close();                       the browser and its driver end
// It talks to this machine alone: every other name is unknown to it.
import { spawn } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const MOST_WAIT = 10000; // ms

const FLAGS = [
	'--headless=new',
	'--no-sandbox', // its sandbox wants rights that neither root nor a container has; the pages are our own
	'--disable-dev-shm-usage',
	'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
	'--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
	'--disable-default-apps', '--disable-breakpad', '--metrics-recording-only',
];

// Starts the driver on a free port; its process and its address.
const startDriver = (folder) => new Promise((resolve, reject) => {
	const driver = spawn('chromedriver', ['--port=0'],
		{ env: { ...process.env, HOME: folder, TMPDIR: folder }, stdio: ['ignore', 'pipe', 'pipe'] });
	let told = '';
	const listen = (bytes) => {
		told += bytes;
		const port = /started successfully on port (\d+)/.exec(told);

		if (port)
			resolve({ driver, address: `http://127.0.0.1:${port[1]}` });
	};

	driver.stdout.on('data', listen);
	driver.stderr.on('data', listen);
	driver.on('error', reject);
	driver.on('exit', () => reject(new Error(`chromedriver ended: ${told}`)));
});

// That one key is trusted whoever vouches for it, named by the hash of its public half.
const trust = (file) => {
	const key = new X509Certificate(fs.readFileSync(file)).publicKey.export({ type: 'spki', format: 'der' });

	return `--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`;
};

export const openBrowser = async (folder, certificate) => {
	const home = path.resolve(folder);
	const { driver, address } = await startDriver(home);
	const ended = new Promise((resolve) => driver.once('exit', resolve));
	let session = '';
	const command = async (method, what, body) => {
		const answer = await fetch(`${address}/session${session}${what}`,
			{ method, body: body && JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
		const { value } = await answer.json();

		if (!answer.ok)
			throw new Error(`the browser's ${what || 'start'}: ${value.error}: ${value.message}`);
		return value;
	};
	const stop = async () => {
		driver.kill();
		await ended;
	};
	// The one element that a path of XPath leads to.
	const find = async (xpath) => Object.values(await command('POST', '/element', { using: 'xpath', value: xpath }))[0];
	// Until the page that had this element is no longer the one that is shown: a click may answer before that.
	const gone = async (element) => {
		for (const begun = Date.now(); Date.now() - begun < MOST_WAIT;) {
			try {
				await command('GET', `/element/${element}/name`);
			} catch {
				return;
			}
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
		throw new Error('the page stays');
	};

	try {
		const options = { args: [...FLAGS, `--user-data-dir=${home}/profile`, ...(certificate ? [trust(certificate)] : [])] };
		const capabilities = { alwaysMatch: { browserName: 'chrome', 'goog:chromeOptions': options } };

		session = `/${(await command('POST', '', { capabilities })).sessionId}`;
	} catch (error) {
		await stop();
		throw error;
	}
	return {
		open: (url) => command('POST', '/url', { url }),
		title: () => command('GET', '/title'),
		address: () => command('GET', '/url'),
		text: async () => command('GET', `/element/${await find('//body')}/text`),
		press: async (name) => {
			const button = await find(`//button[normalize-space()="${name}"]`);

			await command('POST', `/element/${button}/click`, {});
			await gone(button);
		},
		close: async () => {
			await command('DELETE', '');
			await stop();
		},
	};
};
