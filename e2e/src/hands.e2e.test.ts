/** What hands do at a keyboard: mistype into forms, walk over lists, search, follow what a failure offers. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type Answer, apiOf, openPage, setUp, startBrowser } from './browser.js';
import { type Product, startProduct } from './product.js';

const ADA = { email: 'ada@example.com', password: 'correct horse battery staple' };
let product: Product;
let browser: Browser;
let admin: BrowserContext;
let page: Page;
let call: ReturnType<typeof apiOf>;
let sending: Answer;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), startBrowser()]);
  admin = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  call = apiOf(admin, product.url);
  await setUp(admin, product, ADA);
  sending = (await call('GET', '/routes?search=send')).items[0];
  page = (await openPage(admin)).page;
  page.setDefaultTimeout(20_000);
});

afterAll(async () => {
  await browser.close();
  await product.dispose();
});

/** A transfer that fails at a server of this kind. */
async function failAt(name: string, server: object): Promise<{ endpoint: string; transfer: string }> {
  const ca = (await call('GET', '/certificates')).items[0];
  const { id: endpoint } = await call('POST', '/endpoints', {
    name,
    protocol: 'ftps_explicit',
    host: '127.0.0.1',
    port: product.practice.explicitPort,
    trust: { mode: 'chosen_cas', certificateIds: [ca.id] },
    username: product.practice.user,
    password: product.practice.password,
    ...server,
  });
  const { id: routeId } = await call('POST', '/routes', {
    name: `Payroll to ${name}`,
    sourceEndpointId: sending.source.id,
    sourcePath: '/outbox',
    targetEndpointId: endpoint,
    targetPath: '/inbox',
  });
  return { endpoint, transfer: (await call('POST', '/transfers', { routeId })).id };
}

const focused = async () => (await page.locator(':focus').textContent()) ?? '';

test('a refused certificate is told in sight, and a private key stays neither on the page nor leaves it', async () => {
  await page.goto(`${product.url}/certificates/new`);
  const pem = page.getByRole('textbox', { name: 'Certificate in PEM form' });
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Nordbank root');
  await pem.fill(`-----BEGIN CERTIFICATE-----\n${'QUJD\n'.repeat(40)}-----END CERTIFICATE-----\n`);
  const send = page.getByRole('button', { name: 'Import', exact: true });
  await send.click();
  const said = page.getByText('The certificate cannot be read');
  await said.waitFor();
  const [text, button] = [await said.boundingBox(), await send.boundingBox()];
  expect((text?.y ?? 0) + (text?.height ?? 0)).toBeLessThan(button?.y ?? 0);

  await pem.fill('-----BEGIN RSA PRIVATE KEY-----\nQUJD\n-----END RSA PRIVATE KEY-----\n');
  await page.getByText('That held a private key').waitFor();
  expect(await pem.inputValue()).toBe('');
});

test('what is typed into a select that has a value takes its place', async () => {
  await page.goto(`${product.url}/schedules/new?routeId=${sending.id}`);
  const zone = page.locator('[data-path="timeZone"]');
  await zone.click();
  await page.keyboard.type('Berl');
  await page.getByRole('option', { name: 'Europe/Berlin' }).waitFor();
  await page.keyboard.type('x');
  await page.getByText('Nothing found').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Nightly');
  await page.getByRole('button', { name: 'Create schedule' }).click();
  await page.getByRole('heading', { name: sending.name }).waitFor();
});

test('going back to a list, or out of its search, arrives at the row that was left', async () => {
  await page.goto(`${product.url}/routes`);
  await page.getByRole('row', { name: sending.name }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  const left = await focused();
  await page.keyboard.press('/');
  await page.keyboard.press('Escape');
  expect(await focused()).toBe(left);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: left }).waitFor();
  await page.goBack();
  await page.locator(':focus', { hasText: left }).waitFor();
});

test('the palette gives the keyboard back at once, finds things of every kind and does what it says', async () => {
  await page.goto(`${product.url}/routes`);
  await page.getByRole('row', { name: sending.name }).waitFor();
  await page.keyboard.press('j');
  const row = await focused();
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  await page.keyboard.press('Control+k');
  await palette.waitFor();
  await page.keyboard.press('Escape');
  await page.locator(':focus', { hasText: row }).waitFor({ timeout: 5000 });

  const box = page.getByRole('combobox', { name: 'Command palette' });
  const commands = page.getByRole('listbox', { name: 'Commands' });
  await page.keyboard.press('Control+k');
  await box.fill('practice');
  await commands.getByText('Open an endpoint').waitFor();
  await box.fill('run practice');
  await commands.getByText('Open an endpoint').waitFor({ state: 'hidden' });
  await commands.getByText(sending.name).waitFor();
  await box.fill('pause');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Why is it paused?' }).fill('Maintenance');
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByText('Waybill is paused.').waitFor();
  await page.keyboard.press('Control+k');
  await box.fill('resume');
  await page.keyboard.press('Enter');
  await page.getByText('Waybill is paused.').waitFor({ state: 'hidden' });
});

test('what is in use says so in the dialogue that would delete it', async () => {
  await page.goto(`${product.url}/endpoints/${sending.source.id}`);
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete the endpoint' }).click();
  await page.getByRole('dialog').getByRole('alert').getByText(sending.name).waitFor();
  await page.getByRole('button', { name: 'Keep as it is' }).click();
});

test('an address that was refused is allowed on a form that knows it', async () => {
  const { transfer } = await failAt('the lab', { host: '10.20.1.5', port: 990 });
  await page.goto(`${product.url}/transfers/${transfer}`);
  await page.getByRole('link', { name: 'Allow the address' }).click();
  await page.getByText('Port 990 alone is not enough').waitFor();
  await page.getByRole('textbox', { name: 'To port' }).fill('70000');
  await page.getByRole('button', { name: 'Allow', exact: true }).click();
  await page.getByText('Must be 1 to 65535').waitFor();
  await page.getByRole('textbox', { name: 'To port' }).fill('50100');
  await page.getByRole('button', { name: 'Allow', exact: true }).click();
  const row = page.getByRole('row', { name: '10.20.1.5/32' });
  expect(await row.textContent()).toContain('990 to 50100');
  expect(await row.textContent()).toContain('the lab');
});

test('a certificate for another name leads to the field of that name', async () => {
  const ca = (await call('GET', '/certificates')).items[0];
  const trust = { mode: 'chosen_cas', certificateIds: [ca.id], serverName: 'other.example' };
  const { endpoint } = await failAt('another name', { trust });
  await page.goto(`${product.url}/endpoints/${endpoint}`);
  await page.getByRole('link', { name: 'Practice partner CA' }).waitFor();
  await page.getByRole('link', { name: 'Change the trust' }).click();
  await page.locator('[data-path="trust.serverName"]:focus').waitFor();
});

test('all events of one thing are all of them, whatever was filtered before, and are named', async () => {
  await page.goto(`${product.url}/audit?action=endpoint.created&period=soon`);
  await page.getByText('cannot be read').waitFor();
  await page.getByRole('row', { name: 'the lab' }).getByRole('button', { name: 'Show details' }).click();
  await page.getByText('FTPS explicit').waitFor();
  await page.getByRole('button', { name: 'All events of this object' }).click();
  await page.getByText('One thing').getByText('the lab').or(page.getByText('One thingthe lab')).waitFor();
  expect(new URL(page.url()).search).toMatch(/^\?objectId=[\da-f-]{36}$/);
});
