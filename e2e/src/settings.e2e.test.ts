/** Setting up a server that is not as most are: groups of fields, exceptions, certificates of ours. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getTestPki } from '@waybill/testing/pki.js';
import type { Browser, Page } from 'playwright-core';
import { type Answer, apiOf, openPage, setUp, startBrowser } from './browser.js';
import { type Product, startProduct } from './product.js';

const ADA = { email: 'ada@example.com', password: 'correct horse battery staple' };
let product: Product;
let browser: Browser;
let page: Page;
let faults: string[];
let call: ReturnType<typeof apiOf>;
let practice: Answer;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), startBrowser()]);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await setUp(context, product, ADA);
  call = apiOf(context, product.url);
  practice = (await call('GET', '/endpoints?protocol=ftps_explicit')).items[0];
  ({ page, faults } = await openPage(context));
  page.setDefaultTimeout(20_000);
});

afterAll(async () => {
  await browser.close();
  await product.dispose();
});

const group = (name: string) => page.getByRole('button', { name: new RegExp(`^${name}`) });
const isOpen = async (name: string) => (await group(name).getAttribute('aria-expanded')) === 'true';
const field = (path: string) => page.locator(`[data-path="settings.${path}"]`);
const choose = async (path: string, option: string) => {
  await field(path).click();
  await page.getByRole('option', { name: option, exact: true }).click();
};
async function fillNew(name: string) {
  await page.goto(`${product.url}/endpoints/new`);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByRole('textbox', { name: 'Host', exact: true }).fill('robots.example');
  await page.getByRole('textbox', { name: 'User name', exact: true }).fill('robot');
  await page.locator('[data-path="password"]').fill('a-password');
}

test('three groups are in sight; the others open by the keyboard and tell what is not as usual', async () => {
  await fillNew('Active server');
  for (const name of ['Connection', 'TLS', 'Data connections', 'Files', 'Speed and limits', 'Commands'])
    expect([name, await isOpen(name), await group(name).textContent()]).toEqual([
      name,
      false,
      expect.stringMatching(new RegExp(`^${name}.+As usual$`)),
    ]);
  await group('Data connections').focus();
  await page.keyboard.press('Enter');
  await field('dataMode').waitFor();
  await choose('dataMode', 'Active: the server connects');
  await field('activePortFrom').fill('40000');
  expect(await group('Data connections').textContent()).toContain('2 changed');
});

test('what is wrong in a closed group opens it and has the keyboard', async () => {
  await group('Data connections').click();
  expect(await isOpen('Data connections')).toBe(false);
  await page.getByRole('button', { name: 'Create endpoint' }).click();
  await page.locator('[data-path="settings.activePortTo"]:focus').waitFor();
  await page.getByText('Is needed with the first port').waitFor();
  await field('activePortTo').fill('40100');
});

test('a field goes back to its default, and the page of the endpoint tells the others', async () => {
  await group('Speed and limits').click();
  await field('maxConnections').fill('99');
  await page.getByRole('button', { name: 'Create endpoint' }).click();
  await page.getByText('Must be 1 to 32').waitFor();
  expect(await field('maxConnections').inputValue()).toBe('99');
  await field('maxConnections').fill('2');
  await field('bandwidthKibPerSecond').fill('500');
  await page.getByRole('button', { name: /^Reset to Unlimited.*Bandwidth$/ }).click();
  expect(await field('bandwidthKibPerSecond').inputValue()).toBe('');
  await page.getByRole('button', { name: 'Create endpoint' }).click();
  await page.getByRole('heading', { name: 'Active server' }).waitFor();
  const other = page.getByRole('region', { name: 'Other than usual' });
  const told = (await other.locator('dt').allTextContents()).join();
  expect(told).toBe('Opened with,First port,Last port,Sessions at once');

  await page.getByRole('link', { name: 'Edit' }).click();
  await field('maxConnections').waitFor();
  expect([await isOpen('Speed and limits'), await isOpen('Files')]).toEqual([true, false]);
});

test('plain FTP says what it is, and works only once an exception is asked for and approved', async () => {
  await fillNew('Robots');
  await page.getByRole('radio', { name: 'FTP, not encrypted' }).check();
  await page.getByText('Nothing is encrypted, the password included').waitFor();
  await page
    .getByRole('heading', { name: 'Trust' })
    .or(page.getByText('Trust', { exact: true }))
    .waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Create endpoint' }).click();
  await page.getByRole('heading', { name: 'Robots' }).waitFor();
  await page.getByText('Exception needed').first().waitFor();

  await page.getByRole('link', { name: 'Ask for an exception' }).click();
  expect(await page.getByRole('checkbox', { name: 'Not encrypted', exact: true }).isChecked()).toBe(true);
  await page.getByRole('textbox', { name: 'Justification' }).fill('too short');
  await page.getByRole('button', { name: 'Ask for it' }).click();
  await page.getByText('Say why, in at least 10 characters').waitFor();
  await page.getByRole('textbox', { name: 'Justification' }).fill('The robots know no TLS.');
  await page.getByRole('button', { name: 'Ask for it' }).click();

  await page.getByRole('heading', { name: 'Robots' }).waitFor();
  await page.getByText('An exception waits for an administrator').waitFor();
  expect(await page.getByRole('link', { name: 'Ask for an exception' }).count()).toBe(0);
  const row = page.getByRole('row', { name: 'Waits for approval' });
  await row.getByRole('button', { name: 'Show details' }).click();
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await page.getByText('permitted by an exception').waitFor();
  await page.getByText('the only administrator').waitFor();
  expect(await page.getByText('Exception needed').count()).toBe(0);

  await page.goto(`${product.url}/endpoints?deviating=true`);
  const rows = page.getByRole('row', { name: 'robots.example' });
  await rows.first().waitFor();
  expect(await rows.count()).toBe(1);
  expect(await rows.textContent()).toContain('Not encrypted');
});

test('who reads of a transfer that needs an exception is told that one waits, and led to it', async () => {
  const robots = (await call('GET', '/endpoints?deviating=true')).items[0];
  const { source } = (await call('GET', '/routes?search=send')).items[0];
  const ends = { sourceEndpointId: source.id, targetEndpointId: robots.id };
  const paths = { sourcePath: '/outbox', targetPath: '/in' };
  const route = await call('POST', '/routes', { name: 'To the robots', ...ends, ...paths });
  const [inForce] = (await call('GET', '/exceptions?state=in_force')).items;
  await call('POST', `/exceptions/${inForce.id}/end`);
  const { id } = await call('POST', '/transfers', { routeId: route.id });
  const ask = page.getByRole('link', { name: /^Ask for an exception/ });
  const waits = page.getByRole('link', { name: /^An exception waits for approval/ });
  await page.goto(`${product.url}/transfers/${id}`);
  await ask.waitFor();
  await call('POST', `/endpoints/${robots.id}/exceptions`, {
    deviations: ['plain_ftp'],
    justification: 'The robots still know no TLS.',
    endsAt: new Date(Date.now() + 3600_000).toISOString(),
  });
  for (const path of [`/transfers/${id}`, '/']) {
    await page.goto(product.url + path);
    await waits.waitFor();
    expect(await ask.count()).toBe(0);
  }
  await waits.click();
  await page.getByRole('row', { name: 'Robots' }).getByRole('button', { name: 'Show details' }).click();
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await page.goto(product.url);
  await page.getByRole('link', { name: 'Open the endpoint: To the robots' }).waitFor();
});

test('an exception is ended where all of them are listed', async () => {
  await page.goto(`${product.url}/exceptions?state=in_force`);
  await page.getByRole('row', { name: 'Robots' }).getByRole('button', { name: 'Show details' }).click();
  await page.getByRole('button', { name: 'End it' }).click();
  await page.getByRole('button', { name: 'End the exception' }).click();
  await page.getByText('No exception fits these filters').waitFor();
});

test('taking the encryption away asks for the password again', async () => {
  await page.goto(`${product.url}/endpoints/${practice.id}/edit`);
  await page.getByRole('radio', { name: 'FTP, not encrypted' }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The password must be entered again').waitFor();
  await page.locator('[data-path="password"]:focus').waitFor();
});

test('a page whose first answer was late shows what had happened by the time that it came', async () => {
  const route = (await call('GET', '/routes?search=send')).items[0];
  const queued = await call('POST', '/transfers', { routeId: route.id });
  const [answer, stream] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  // As it was when it was asked for; the stream is opened when all is over, and the answer comes after that.
  const late = page.route(
    `**/api/v1/transfers/${queued.id}`,
    (held) => answer.promise.then(() => held.fulfill({ json: queued })),
    { times: 1 },
  );
  await Promise.all([
    late,
    page.route('**/api/v1/live*', (held) => stream.promise.then(() => held.continue())),
  ]);
  await page.goto(`${product.url}/transfers/${queued.id}`);
  while (/queued|running/.test((await call('GET', `/transfers/${queued.id}`)).state));
  const opened = page.waitForResponse(/\/api\/v1\/live\?transferId=/);
  stream.resolve();
  await opened;
  const succeeded = page.getByText('Succeeded', { exact: true }).first();
  expect(await succeeded.count()).toBe(0);
  answer.resolve();
  // Sooner than it would be asked for again by itself.
  await succeeded.waitFor({ timeout: 10_000 });
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test('a page that was answered before its stream opened shows what happened in between', async () => {
  const ca = (await call('GET', '/certificates')).items[0];
  const trust = { mode: 'chosen_cas', certificateIds: [ca.id], serverName: 'other.example' };
  const sending = (await call('GET', '/routes?search=send')).items[0];
  const { id } = await call('POST', '/endpoints', {
    name: 'another name',
    protocol: 'ftps_explicit',
    host: '127.0.0.1',
    port: product.practice.explicitPort,
    trust,
    username: product.practice.user,
    password: product.practice.password,
  });
  const route = await call('POST', '/routes', {
    name: 'Payroll to another name',
    sourceEndpointId: sending.source.id,
    sourcePath: '/outbox',
    targetEndpointId: id,
    targetPath: '/inbox',
  });
  const stream = Promise.withResolvers<void>();
  await page.route('**/api/v1/live*', (held) => stream.promise.then(() => held.continue()));
  await page.goto(`${product.url}/endpoints/${id}`);
  await page.getByRole('link', { name: ca.name }).waitFor();
  const sent = await call('POST', '/transfers', { routeId: route.id });
  while ((await call('GET', `/transfers/${sent.id}`)).state !== 'held');
  stream.resolve();
  await page.getByRole('link', { name: 'Change the trust' }).waitFor({ timeout: 10_000 });
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test('a certificate of ours is imported with its key, and chosen at an endpoint', async () => {
  const { certificatePem, keyPem } = await (await getTestPki()).client();
  // Leaves the form behind, with what was chosen in it.
  page.once('dialog', (dialog) => void dialog.accept());
  await page.goto(`${product.url}/certificates/new`);
  await page.getByRole('radio', { name: 'Ours, with its private key' }).check();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Shown to partners');
  const pem = page.getByRole('textbox', { name: 'Certificate in PEM form' });
  await pem.fill(certificatePem + keyPem);
  await page.getByText('That held the private key too').waitFor();
  await pem.fill(certificatePem);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.locator('[data-path="privateKeyPem"]:focus').waitFor();
  const file = { name: 'ours.key', mimeType: 'application/x-pem-file', buffer: Buffer.from(keyPem) };
  await page.locator('input[aria-label="Key file"]').setInputFiles(file);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByRole('row', { name: 'Shown to partners' }).waitFor();

  await page.goto(`${product.url}/endpoints/${practice.id}/edit`);
  await group('TLS').click();
  await page.locator('[data-path="clientCertificateId"]').click();
  await page.getByRole('option', { name: 'Shown to partners' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('link', { name: 'Shown to partners' }).waitFor();
  expect(faults).toEqual([]);
});
