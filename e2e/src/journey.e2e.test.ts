/** From the set-up link to a finished transfer, as a person does it in the browser. */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openPage, signIn, startBrowser } from './browser.js';
import { type Product, startProduct } from './product.js';

const ADA = { email: 'ada@example.com', password: 'correct horse battery staple' };
let product: Product;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let faults: string[];

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), startBrowser()]);
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  ({ page, faults } = await openPage(context));
  page.setDefaultTimeout(20_000);
});

afterAll(async () => {
  await browser.close();
  await product.dispose();
});

/** Opens a Mantine select by its label and takes the option that starts with the text. */
async function choose(label: string, option: string) {
  await page
    .getByRole('combobox', { name: label })
    .or(page.getByRole('textbox', { name: label }))
    .first()
    .click();
  await page.getByRole('option', { name: option }).first().click();
}

test('the one-time link makes the first administrator, and is a 404 from then on', async () => {
  await page.goto(product.setupLink ?? '');
  await page.getByLabel('Your name').fill('Ada');
  await page.getByLabel('E-mail').fill(ADA.email);
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(ADA.password);
  await page.getByRole('button', { name: 'Create the administrator' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();

  const stranger = await browser.newContext();
  const second = await stranger.request.post(`${product.url}/api/v1/set-up`, {
    headers: { origin: product.url },
    data: { token: 'x', email: 'eve@example.com', name: 'Eve', password: 'another long password' },
  });
  expect(second.status()).toBe(404);
  await stranger.close();
});

test('the first transfer is one click away, and its page opens', async () => {
  await page.goto(product.url);
  const steps = page.getByRole('region', { name: 'The way to the first file' });
  await steps.getByRole('button', { name: 'Run now: Collect from the practice partner' }).waitFor();
  await steps.getByRole('link', { name: 'Go and test' }).waitFor();
  await steps.getByRole('button', { name: 'Run now: Send to the practice partner' }).click();
  await page.waitForURL(/\/transfers\/[0-9a-f-]{36}/);
  await page.getByText('Succeeded').first().waitFor();
});

test('a partner, its CA and its endpoint are set up, and the test shows every step', async () => {
  await page.goto(`${product.url}/partners/new`);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('ACME Payroll');
  await page.getByRole('button', { name: 'Create partner' }).click();
  await page.getByRole('heading', { name: 'ACME Payroll' }).waitFor();

  await page.goto(`${product.url}/endpoints/new`);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('ACME explicit');
  await choose('Partner', 'ACME Payroll');
  await page.getByLabel('Host').fill('127.0.0.1');
  await page.getByLabel('Port').fill(String(product.practice.explicitPort));
  await page.getByLabel('User name').fill(product.practice.user);
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(product.practice.password);
  await page.getByLabel('Certificates of chosen CAs').check();
  await choose('CA certificates', 'Practice partner CA');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Create endpoint' }).click();
  await page.getByRole('heading', { name: 'ACME explicit' }).waitFor();

  await page.getByRole('button', { name: 'Test the connection' }).click();
  await page
    .getByText(/passed/i)
    .first()
    .waitFor();
  for (const step of ['Resolve', 'Connect', 'TLS', 'Log in', 'Protect', 'List'])
    await page
      .getByText(new RegExp(`^${step.replace(' ', ' ?')}`, 'i'))
      .first()
      .waitFor();
  expect(await page.content()).not.toContain(product.practice.password);
});

test('a route sends a real file over explicit FTPS, and the bytes at the partner are the same', async () => {
  const bytes = randomBytes(3_000_000);
  await writeFile(join(product.practiceFiles, 'outbox/PAY_2026 äöü.csv'), bytes);
  await page.goto(`${product.url}/routes/new`);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Payroll to ACME');
  await choose('Source endpoint', 'Practice folder on this machine');
  await page.getByLabel('Source folder').fill('/outbox');
  await page.getByLabel('File pattern').fill('PAY_*.csv');
  await choose('Target endpoint', 'ACME explicit');
  await page.getByLabel('Target folder').fill('/inbox');
  await page.getByRole('button', { name: 'Create route' }).click();
  await page.getByRole('heading', { name: 'Payroll to ACME' }).waitFor();

  await page.getByRole('button', { name: 'Run now' }).click();
  await page.waitForURL(/\/transfers\/[0-9a-f-]{36}/);
  await page.getByText('Succeeded').first().waitFor();
  await page.getByText('PAY_2026 äöü.csv').first().waitFor();
  expect(await readFile(join(product.practiceFiles, '../../practice/files/inbox/PAY_2026 äöü.csv'))).toEqual(
    bytes,
  );

  await page.getByRole('link', { name: /^Attempts/ }).click();
  await page.getByText('TLSv1.3').first().waitFor();
  await page
    .getByRole('log', { name: /^Dialogue of try/ })
    .getByText(/^STOR /)
    .first()
    .waitFor();
});

test('the ready-made route collects over implicit FTPS', async () => {
  await page.goto(`${product.url}/routes?search=Collect`);
  await page.getByRole('link', { name: 'Collect from the practice partner' }).first().click();
  await page.getByRole('button', { name: 'Run now' }).click();
  await page.waitForURL(/\/transfers\/[0-9a-f-]{36}/);
  await page.getByText('Succeeded').first().waitFor();
  expect((await readdir(join(product.practiceFiles, 'inbox'))).length).toBeGreaterThanOrEqual(3);
});

test('a wrong password says what to do, and puts the endpoint on hold at once', async () => {
  await page.goto(`${product.url}/endpoints?search=ACME`);
  await page.getByRole('link', { name: 'ACME explicit' }).first().click();
  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'ACME explicit' }).waitFor();

  await page.goto(`${product.url}/routes?search=Payroll`);
  await page.getByRole('link', { name: 'Payroll to ACME' }).first().click();
  await page.getByRole('button', { name: 'Run now' }).click();
  await page.waitForURL(/\/transfers\/[0-9a-f-]{36}/);
  await page
    .getByText(/held|on hold/i)
    .first()
    .waitFor();
  await page.goto(`${product.url}/endpoints?search=ACME`);
  await page.getByRole('link', { name: 'ACME explicit' }).first().click();
  await page.getByText('This endpoint is on hold').waitFor();
});

test('the hold leads to the password, and back to where it is tested and released', async () => {
  await page.getByRole('link', { name: 'Change the password' }).click();
  await page.locator('[data-path="password"]:focus').waitFor();
  await page.keyboard.type(product.practice.password);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await page.getByText('A test has passed since then').waitFor();
  expect(await page.getByRole('link', { name: 'Change the password' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Release' }).click();
  await page.getByText('This endpoint is on hold').waitFor({ state: 'hidden' });
});

test('a form tells all that is missing at once', async () => {
  await page.goto(`${product.url}/endpoints/new`);
  await page.getByLabel('Certificates of chosen CAs').check();
  await page.getByRole('button', { name: 'Create endpoint' }).click();
  await page.getByText('Needs at least one CA certificate; import it first').waitFor();
  // Name, host, user name and password.
  expect(await page.getByText('Is needed', { exact: true }).count()).toBe(4);
});

test('every step is in the audit log, with who did it', async () => {
  await page.goto(`${product.url}/audit`);
  for (const action of ['transfer_file.delivered', 'endpoint.held', 'endpoint.tested', 'partner.created']) {
    const found = await context.request.get(`${product.url}/api/v1/audit-events?action=${action}`);
    const { items } = (await found.json()) as { items: { actor: { name: string } }[] };
    expect([action, items.length > 0]).toEqual([action, true]);
  }
  await page.getByText(ADA.email).first().waitFor();
});

test('after Ctrl-C and a new start, all is there, and no new link is given', async () => {
  const code = await product.interrupt();
  expect(code).toBe(0);
  product = await product.restart();
  expect(product.setupLink).toBeNull();
  const again = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const opened = await openPage(again);
  await signIn(opened.page, product.url, ADA);
  await opened.page.goto(`${product.url}/transfers`);
  await opened.page.getByText('Payroll to ACME').locator('visible=true').first().waitFor();
  expect(opened.faults).toEqual([]);
  await again.close();
});

test('nothing went wrong in the browser on the way', () => {
  expect(faults).toEqual([]);
});
