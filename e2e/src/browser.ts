/** A real browser: Debian's Chromium, without a window. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, type Page, chromium } from 'playwright-core';
import { findTool } from '@waybill/testing/servers/find-tool.js';

const FLAGS = [
  // Its own sandbox refuses to run as root, and needs a setuid helper that an unpacked Chromium lacks.
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function startBrowser(): Promise<Browser> {
  const path = '/usr/bin/chromium';
  return chromium.launch({
    executablePath: existsSync(path) ? path : findTool('chromium'),
    args: FLAGS,
  });
}

/** A page that remembers what went wrong in it: script errors, refused resources, answers of 500 and above. */
export async function openPage(context: BrowserContext): Promise<{ page: Page; faults: string[] }> {
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    const text = message.text();
    // A refused request is an answer like any other; pages show it, and tests look there.
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) faults.push(text);
  });
  page.on('response', (response) => {
    if (response.status() >= 500) faults.push(`${response.status()} ${response.url()}`);
  });
  return { page, faults };
}

export async function signIn(
  page: Page,
  url: string,
  who: { email: string; password: string },
): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('E-mail').fill(who.email);
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(who.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
}

/** What the tests read of an answer. */
export interface Answer {
  id: string;
  name: string;
  state: string;
  items: [Answer, ...Answer[]];
  source: Answer;
  target: Answer;
}

/** Calls the API with the cookies of a browser context. */
export function apiOf(context: BrowserContext, url: string) {
  return async (method: string, path: string, data?: unknown): Promise<Answer> => {
    const response = await context.request.fetch(`${url}/api/v1${path}`, {
      method,
      headers: { origin: url, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      ...(data === undefined ? {} : { data }),
    });
    if (!response.ok()) throw new Error(`${method} ${path}: ${response.status()} ${await response.text()}`);
    return (response.status() === 204 ? {} : await response.json()) as Answer;
  };
}

/** Makes the first administrator by the link that the launcher printed; the context is signed in then. */
export async function setUp(
  context: BrowserContext,
  product: { url: string; setupLink: string | null },
  who: { email: string; password: string },
): Promise<void> {
  const token = new URLSearchParams(new URL(product.setupLink ?? '').hash.slice(1)).get('token');
  await apiOf(context, product.url)('POST', '/set-up', { token, name: 'Ada', ...who });
}
