/** Runs the suite against one server, and compares what it shows with the committed table. */
import { afterAll, describe, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NetworkAllow } from '../network-guard.js';
import { LOOPBACK, openForTest } from '../test-support/open-for-test.js';
import { transportSuite } from '../test-support/transport-suite.js';
import type { Transport } from '../transport.js';
import { type Feature, type Ground, type Partner, type StartOptions } from './feature.js';
import { FEATURE_GROUPS, type FeatureId, type TestedServer } from './features.js';
import { type Cell, readColumn, type ServerResult } from './interoperability-table.js';

const ALLOW: NetworkAllow[] = [...LOOPBACK, { cidr: '::1/128', fromPort: 1, toPort: 65_535 }];
const DOCUMENT = join(import.meta.dirname, '../../../../docs/interoperability.md');
/** Where `npm run interop` collects the results; else they are compared with the document. */
// oxlint-disable-next-line node/no-process-env -- said by the script to the tests that it starts
const RESULTS_FOLDER = process.env['WAYBILL_WRITE_INTEROP'];

type Start = (options: StartOptions) => Promise<Partner>;

export function testConformance(server: TestedServer): void {
  describe(`${server.name} (${server.kind})`, () => {
    const partners = new Map<string, Promise<Partner>>();
    const start: Start = (options) => {
      const key = JSON.stringify(options);
      const found = partners.get(key) ?? Promise.resolve(options).then((these) => server.start(these));
      partners.set(key, found);
      return found;
    };
    afterAll(async () => {
      const started = await Promise.allSettled(partners.values());
      for (const one of started) if (one.status === 'fulfilled') await one.value.stop();
    });

    const cells: Partial<Record<FeatureId, Cell>> = {};
    for (const { title, features } of FEATURE_GROUPS) {
      describe(title, () => {
        for (const { id, feature } of features) {
          if (
            feature.only !== undefined &&
            server.kind !== 'real' &&
            (feature.only === 'real' || server.kind === 'played')
          )
            continue;
          const lack = server.lacks[id];
          test(lack === undefined ? feature.title : `lacks: ${feature.title}`, async () => {
            if (lack === undefined) {
              await runOn(feature, start);
              cells[id] = { works: true };
            } else {
              await expect(runOn(feature, start)).rejects.toThrow(lack.shows);
              cells[id] = { works: false, because: lack.because };
            }
          });
        }
      });
    }

    for (const mode of server.kind === 'played' ? [] : (['explicit', 'implicit'] as const)) {
      if (server.lacks[`${mode}13`] !== undefined) continue;
      describe(`every promise of a transport, ${mode}`, () => {
        for (const { title, run } of transportSuite) {
          test(title, async () => {
            const { endpoint } = await start({ mode });
            await run({ open: (signal) => openForTest(endpoint, { signal }) });
          });
        }
      });
    }

    test('the table in docs/interoperability.md says what was seen (else: npm run interop)', async () => {
      if (RESULTS_FOLDER !== undefined) return writeResult(RESULTS_FOLDER, server, cells);
      const column = readColumn(await readFile(DOCUMENT, 'utf8'), server.name);
      const seen = FEATURE_GROUPS.flatMap(({ features }) => features).flatMap(({ id, feature }) => {
        const cell = cells[id];
        return cell === undefined ? [] : [[feature.title, cell.works ? 'yes' : cell.because]];
      });
      expect(column).toMatchObject(Object.fromEntries(seen));
    });
  });
}

/** Every feature has sessions of its own; those that need the same setting share a server. */
async function runOn(feature: Feature, start: Start): Promise<void> {
  const opened: Transport[] = [];
  const partner = await start(feature.needs ?? {});
  const open: Ground['open'] = async (changes = {}, other = partner) => {
    const { settings, ...rest } = changes;
    const endpoint = { ...other.endpoint, ...rest, settings: { ...other.endpoint.settings, ...settings } };
    const transport = await openForTest(endpoint, { networkAllow: ALLOW });
    opened.push(transport);
    return transport;
  };
  try {
    await feature.run({ partner, open, start });
  } finally {
    for (const transport of opened) await transport.close();
  }
}

async function writeResult(
  folder: string,
  { name, kind, version, sources = [] }: TestedServer,
  cells: Partial<Record<FeatureId, Cell>>,
): Promise<void> {
  const rows = FEATURE_GROUPS.flatMap(({ title: group, features }) =>
    features.map(({ id, feature }) => ({ group, title: feature.title, cell: cells[id] ?? null })),
  );
  const result: ServerResult = { name, kind, version: (await version?.()) ?? null, sources, rows };
  await writeFile(join(folder, `${name.replaceAll(/[^A-Za-z0-9]/g, '-')}.json`), JSON.stringify(result));
}
