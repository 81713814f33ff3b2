/** What somebody on call meets at night: failures, roles, a session that ends, a server that starts again. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type Answer, apiOf, openPage, setUp, startBrowser } from './browser.js';
import { type Product, startProduct } from './product.js';

const PASSWORD = 'correct horse battery staple';
const ADA = { email: 'ada@example.com', password: PASSWORD };
const STAFF = { operator: 'otto@example.com', auditor: 'aude@example.com' };
let product: Product;
let browser: Browser;
let admin: BrowserContext;
let page: Page;
let call: ReturnType<typeof apiOf>;
/** An endpoint with a wrong password, the route over it and its transfer, which is on hold. */
const broken: Record<'endpoint' | 'route' | 'transfer', string> = { endpoint: '', route: '', transfer: '' };
/** The route that came with the practice partner. */
let sending: Answer;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), startBrowser()]);
  admin = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  call = apiOf(admin, product.url);
  await setUp(admin, product, ADA);
  for (const [role, email] of Object.entries(STAFF))
    await call('POST', '/users', { name: role, email, role, password: PASSWORD });
  sending = (await call('GET', '/routes?search=send')).items[0];
  const ca = (await call('GET', '/certificates')).items[0];
  broken.endpoint = (
    await call('POST', '/endpoints', {
      name: 'Locked out',
      protocol: 'ftps_explicit',
      host: '127.0.0.1',
      port: product.practice.explicitPort,
      trust: { mode: 'chosen_cas', certificateIds: [ca.id] },
      username: product.practice.user,
      password: 'not the password',
    })
  ).id;
  broken.route = (
    await call('POST', '/routes', {
      name: 'Payroll to nobody',
      sourceEndpointId: sending.source.id,
      sourcePath: '/outbox',
      targetEndpointId: broken.endpoint,
      targetPath: '/inbox',
    })
  ).id;
  page = (await openPage(admin)).page;
  page.setDefaultTimeout(20_000);
});

afterAll(async () => {
  await browser.close();
  await product.dispose();
});

async function signedIn(email: string): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await apiOf(context, product.url)('POST', '/session', { email, password: PASSWORD });
  return context;
}

test('an endpoint whose test failed says so in its own state, on its page and in the list', async () => {
  await page.goto(`${product.url}/endpoints/${broken.endpoint}`);
  await page.getByText('Not tested').waitFor();
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await page.getByText('Test failed').waitFor();
  await page.goto(`${product.url}/endpoints`);
  const row = page.getByRole('row', { name: /Locked out/ });
  await row.getByText('Test failed').waitFor();
  expect(await row.getByText('Ready').count()).toBe(0);
});

test('a transfer on hold says at which end, and leads to the password that must be put right', async () => {
  broken.transfer = (await call('POST', '/transfers', { routeId: broken.route })).id;
  await page.goto(`${product.url}/transfers/${broken.transfer}`);
  await page.getByText('Login refused, at the target').waitFor();
  await page.getByText('which is on hold. This transfer goes on by itself when it is released.').waitFor();
  await page.getByRole('link', { name: 'Change the password' }).click();
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(product.practice.password);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Locked out' }).waitFor();

  await page.goto(`${product.url}/routes/${broken.route}`);
  expect(await page.getByRole('button', { name: 'Run now' }).isDisabled()).toBe(true);
  await page.getByRole('link', { name: 'Open the endpoint' }).click();
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await page.getByText('A test has passed since then').waitFor();
  await page.getByRole('button', { name: 'Release' }).click();
  await page.getByText('Ready').first().waitFor();
  await page.goto(`${product.url}/transfers/${broken.transfer}`);
  await page.getByText('Succeeded').first().waitFor();
});

describe.each(['auditor', 'operator'] as const)('to the %s', (role) => {
  const forms = ['partners', 'endpoints', 'routes', 'schedules', 'credentials', 'certificates'];
  const ofAdministrators = ['users', 'api-keys', 'network'];
  const refusedForms = role === 'auditor' ? [...forms, ...ofAdministrators] : ofAdministrators;

  test('nothing is offered that is refused: neither links nor keys nor commands', async () => {
    const context = await signedIn(STAFF[role]);
    const own = (await openPage(context)).page;
    const refused: string[] = [];
    own.on('response', (response) => {
      if (response.status() === 403) refused.push(response.url());
    });
    const opened = ['/', '/transfers', '/routes', `/routes/${sending.id}`, `/endpoints/${broken.endpoint}`];
    for (const path of [...opened, `/transfers/${broken.transfer}`]) {
      await own.goto(`${product.url}${path}`);
      await own.getByRole('heading', { level: 1 }).waitFor();
      await own.waitForLoadState('networkidle');
      const forms = own.locator('a[href$="/new"], a[href$="/edit"], a[href*="/new?"]');
      if (role === 'auditor') expect([path, await forms.count()]).toEqual([path, 0]);
    }
    const again = own.getByRole('button', { name: 'Send again' });
    if (role === 'operator') await again.waitFor();
    else expect(await again.count()).toBe(0);

    await own.goto(product.url);
    await own.getByRole('heading', { level: 1 }).waitFor();
    await own.keyboard.press('Control+k');
    const commands = own.getByRole('listbox', { name: 'Commands' });
    await commands.getByText('Transfers').waitFor();
    await own.getByRole('combobox', { name: 'Command palette' }).fill('practice');
    await commands.getByText('Open a route').waitFor();
    expect(await commands.getByText('Run a route').count()).toBe(role === 'operator' ? 1 : 0);
    await own.keyboard.press('Escape');
    await commands.waitFor({ state: 'hidden' });
    await own.keyboard.press('?');
    const help = own.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await help.waitFor();
    expect(await help.getByText('Create a new one').count()).toBe(role === 'operator' ? 1 : 0);
    expect(await help.getByText('Users').count()).toBe(role === 'operator' ? 0 : 1);
    expect(refused).toEqual([]);
    await context.close();
  });

  test('a form that would be refused is not shown to whoever comes by a link', async () => {
    const context = await signedIn(STAFF[role]);
    const own = (await openPage(context)).page;
    for (const noun of refusedForms) {
      await own.goto(`${product.url}/${noun}/new`);
      await own.getByRole('heading', { name: 'Not permitted' }).waitFor();
    }
    await context.close();
  });
});

test('the end of the session takes nothing away that was typed into a form', async () => {
  const context = await signedIn(STAFF.operator);
  const own = (await openPage(context)).page;
  own.setDefaultTimeout(20_000);
  await own.goto(`${product.url}/partners`);
  await own.getByRole('link', { name: 'New partner' }).click();
  await own.getByRole('textbox', { name: 'Name', exact: true }).fill('Typed at night');
  await own.goBack();
  await own.getByText('Leave without saving?').waitFor();
  await own.getByRole('button', { name: 'Stay' }).click();
  await apiOf(context, product.url)('DELETE', '/session');
  await own.getByRole('button', { name: 'Create partner' }).click();
  const again = own.getByRole('dialog', { name: 'Your session has ended' });
  await again.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await again.getByRole('button', { name: 'Sign in' }).click();
  await again.waitFor({ state: 'hidden' });
  await own.getByRole('button', { name: 'Create partner' }).click();
  await own.getByRole('heading', { name: 'Typed at night' }).waitFor();
  await context.close();
});

test.each([
  { noun: 'partners', form: '/edit' },
  { noun: 'endpoints', form: '/edit' },
  { noun: 'routes', form: '/edit' },
  { noun: 'schedules', form: '' },
])('of $noun, what somebody else has saved meanwhile is not overwritten unasked', async ({ noun, form }) => {
  const path = `/${noun}/${await oneOf(noun)}`;
  const savedName = async () => (await call('GET', path)).name;
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  const save = page.getByRole('button', { name: 'Save', exact: true });
  const notice = page.getByRole('alert').filter({ hasText: 'It has been changed meanwhile' });
  await page.goto(`${product.url}${path}${form}`);
  await name.fill(`Mine of ${noun}`);
  await call('PATCH', path, { name: `Theirs of ${noun}` });
  await save.click();
  await notice.waitFor();
  expect([await savedName(), await name.inputValue()]).toEqual([`Theirs of ${noun}`, `Mine of ${noun}`]);

  await notice.getByRole('button', { name: 'Show what is saved' }).click();
  await notice.waitFor({ state: 'hidden' });
  await name.and(page.locator(`[value="Theirs of ${noun}"]`)).waitFor();
  await name.fill(`Mine again of ${noun}`);
  await call('PATCH', path, { name: `Theirs again of ${noun}` });
  await save.click();
  await notice.getByRole('button', { name: 'Save mine over it' }).click();
  await page.getByText('is saved').first().waitFor();
  expect(await savedName()).toBe(`Mine again of ${noun}`);
});

/** One of its kind that no other test here knows by name. */
async function oneOf(noun: string): Promise<string> {
  if (noun === 'partners') return (await call('POST', '/partners', { name: 'For two' })).id;
  if (noun === 'endpoints')
    return (
      await call('POST', '/endpoints', { name: 'For two', protocol: 'local_folder', rootName: 'files' })
    ).id;
  const ends = { sourceEndpointId: sending.source.id, targetEndpointId: broken.endpoint };
  const route = { name: `For two, ${noun}`, ...ends, sourcePath: '/outbox', targetPath: '/inbox' };
  const { id } = await call('POST', '/routes', route);
  if (noun === 'routes') return id;
  const cron = { cron: '30 2 * * *', timeZone: 'UTC', enabled: false };
  return (await call('POST', '/schedules', { name: 'For two', routeId: id, ...cron })).id;
}

test('an open list says when Waybill is away, and goes on by itself when it is back', async () => {
  await page.goto(`${product.url}/transfers`);
  await page.getByRole('link', { name: 'Payroll to nobody' }).first().waitFor();
  await product.interrupt();
  await page.getByText('Waybill cannot be reached.').waitFor();
  product = await product.restart();
  await page.getByText('Waybill cannot be reached.').waitFor({ state: 'hidden' });
  const { id } = await call('POST', '/transfers', { routeId: sending.id });
  await page.locator(`a[href="/transfers/${id}"]`).waitFor();
});
