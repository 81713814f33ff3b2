/** Every page of the console, light and dark, wide and narrow: axe finds nothing, and nothing breaks its box. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { apiOf, openPage, setUp, signIn, startBrowser } from './browser.js';
import { type Product, startProduct } from './product.js';

const ADA = { email: 'ada@example.com', password: 'correct horse battery staple' };
/** Sixty characters, as long as names get. */
const LONG = 'Nordwestschweizerische Lohnbuchhaltung und Treuhand AG, Basel';
let product: Product;
let browser: Browser;
/** Pages with something on them: one of each noun. */
const one: Record<string, string> = {};

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), startBrowser()]);
  const context = await browser.newContext();
  const call = apiOf(context, product.url);
  await setUp(context, product, ADA);
  one['partners'] = (await call('POST', '/partners', { name: LONG, tags: ['payroll', 'monthly'] })).id;
  const route = (await call('GET', '/routes?search=send')).items[0];
  await call('POST', '/schedules', {
    routeId: route.id,
    name: LONG,
    cron: '30 5 * * 1-5',
    timeZone: 'Europe/Zurich',
  });
  one['routes'] = route.id;
  one['endpoints'] = route.target.id;
  const deviating = await call('POST', '/endpoints', {
    name: `${LONG}, old`,
    protocol: 'ftp',
    host: 'a-very-long-name-of-a-machine.in.a.domain.example',
    trust: { mode: 'system_cas' },
    username: 'u',
    password: 'p',
    settings: {
      verification: 'none',
      dataMode: 'pasv',
      noopSeconds: 60,
      maxConnections: 1,
      commandsAfterLogin: ['SITE UMASK 027'],
      proxy: { kind: 'socks5', host: 'proxy.example', port: 1080, resolvesNames: true },
    },
    proxyUsername: 'px',
    proxyPassword: 'pp',
  });
  one['deviating'] = deviating.id;
  const exception = await call('POST', `/endpoints/${deviating.id}/exceptions`, {
    deviations: ['no_verification'],
    justification: 'The server takes files away at once, without a break, and nothing can be compared.',
    endsAt: new Date(Date.now() + 24 * 3600_000).toISOString(),
  });
  await call('POST', `/exceptions/${exception.id}/approve`);
  await call('POST', `/endpoints/${deviating.id}/exceptions`, {
    deviations: ['plain_ftp'],
    justification: 'The server knows no TLS.',
    endsAt: new Date(Date.now() + 24 * 3600_000).toISOString(),
  });
  await call('POST', '/routes', {
    name: `${LONG}, old`,
    sourceEndpointId: route.source.id,
    sourcePath: '/outbox',
    targetEndpointId: deviating.id,
    targetPath: '/',
  });
  one['transfers'] = (await call('POST', '/transfers', { routeId: route.id })).id;
  await call('POST', `/endpoints/${route.target.id}/test`, undefined);
  const ended = async () =>
    !['queued', 'running'].includes((await call('GET', `/transfers/${one['transfers']}`)).state);
  while (!(await ended())) await new Promise((resolve) => setTimeout(resolve, 200));
  await context.close();
});

afterAll(async () => {
  await browser.close();
  await product.dispose();
});

const LISTS = [
  ...['/', '/transfers', '/routes', '/schedules', '/partners', '/endpoints', '/credentials', '/certificates'],
  '/exceptions',
  ...['/audit', '/users', '/api-keys', '/network', '/settings', '/profile'],
];
const FORMS = [
  'partners',
  'endpoints',
  'routes',
  'schedules',
  'credentials',
  'certificates',
  'exceptions',
  'users',
  'api-keys',
  'network',
];
const ALL = () => [
  ...LISTS,
  ...FORMS.map((noun) => `/${noun}/new`),
  ...['partners', 'routes', 'endpoints', 'transfers'].map((noun) => `/${noun}/${one[noun]}`),
  ...['partners', 'routes', 'endpoints'].map((noun) => `/${noun}/${one[noun]}/edit`),
  ...['', '/edit'].map((page) => `/endpoints/${one['deviating']}${page}`),
  `/exceptions/new?endpointId=${one['deviating']}`,
  `/transfers/${one['transfers']}?tab=attempts`,
  '/transfers?state=failed',
  '/nowhere',
];

/** Some forty pages, each looked at by axe, may take their time on a machine that is busy. */
const ALL_PAGES_MS = 400_000;

/**
 * Both colours and both widths: contrast depends on the colour, and what is there on the width. What is just wide enough
 * for something, or just too narrow, is looked at for its width alone.
 */
const LOOKS = [
  { colorScheme: 'light', width: 1440, height: 900, otherWidths: [1280, 1279, 1001, 1000, 761] },
  { colorScheme: 'dark', width: 390, height: 844, otherWidths: [760, 320] },
] as const;

/** How far the page can be scrolled sideways, in pixels. */
const sideways = (page: Page) =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** How far the page goes on below what is on it: what is hidden from eyes must not make it longer. */
const belowAll = (page: Page) =>
  page.evaluate<number>(
    'document.documentElement.scrollHeight - Math.max(innerHeight, Math.ceil(document.body.getBoundingClientRect().height))',
  );

/** What is wrong with any page in this look. */
async function faultsIn({
  colorScheme,
  width,
  height,
  otherWidths,
}: (typeof LOOKS)[number]): Promise<string[]> {
  const context = await browser.newContext({ colorScheme, viewport: { width, height } });
  const { page, faults } = await openPage(context);
  await signIn(page, product.url, ADA);
  const findings: string[] = [];
  for (const path of ALL()) {
    await page.goto(`${product.url}${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('load');
    await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    for (const { id, nodes } of violations) findings.push(`${path}: ${id} at ${nodes[0]?.target.join(' ')}`);
    for (const each of [...otherWidths, width]) {
      await page.setViewportSize({ width: each, height });
      const excess = await sideways(page);
      if (excess > 0) findings.push(`${path}: ${excess} px too wide at ${each}`);
      const empty = await belowAll(page);
      if (empty > 0) findings.push(`${path}: ${empty} px of nothing at its end at ${each}`);
    }
  }
  await context.close();
  return [...findings, ...faults].map((fault) => `${colorScheme}: ${fault}`);
}

test(
  'every page is accessible, stays in its box and has no fault',
  async () => {
    const findings = await Promise.all(LOOKS.map(faultsIn));
    expect(findings.flat()).toEqual([]);
  },
  ALL_PAGES_MS,
);

test('the pages before the sign-in are accessible, too', async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const { page } = await openPage(context);
  for (const path of ['/sign-in', '/set-up', '/api/docs']) {
    await page.goto(`${product.url}${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect([path, violations.map(({ id, nodes }) => `${id} at ${nodes[0]?.target.join(' ')}`)]).toEqual([
      path,
      [],
    ]);
  }
  await context.close();
});
