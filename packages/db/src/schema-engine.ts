/**
 * Prisma's schema engine as WebAssembly: the same engine as that of `prisma migrate`, without a download. It
 * writes Prisma's own table `_prisma_migrations`, so both agree about what has been applied.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import pg from 'pg';

/** The part of the WebAssembly API that is used here: TypeScript describes it only for browsers. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: Record<string, unknown>,
  ): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
};

let loaded: Promise<void> | undefined;

/** A script that the server refused, with what the server says; the engine's own message keeps neither. */
export class ScriptError extends Error {
  constructor(
    readonly script: string,
    override readonly cause: Error,
  ) {
    super(cause.message, { cause });
  }
}

/**
 * Runs `work` with the engine on a database.
 * @param url of the role that owns the schema
 * @throws ScriptError when a migration's script fails
 */
export async function withSchemaEngine<T>(
  url: string,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  await (loaded ??= loadEngine());
  // The engine keeps a transaction open and asks on another connection at the same time.
  const pool = new pg.Pool({ connectionString: url, max: 4, application_name: 'waybill migrate' });
  try {
    const scripts = new WholeScriptFactory(pool);
    const factory = bindMigrationAwareSqlAdapterFactory(scripts);
    // The engine logs each step of its own; what matters is in its answers.
    const ignoreLog = (): void => undefined;
    const engine = await engineModule.SchemaEngine.new({ datamodels: undefined }, ignoreLog, factory);
    try {
      return await work(engine);
    } catch (error) {
      throw scripts.failure ?? error;
    } finally {
      engine.free();
    }
  } finally {
    await pool.end();
  }
}

/** The package's own entry imports the .wasm file as a module, which Node does not do without a flag. */
async function loadEngine(): Promise<void> {
  const path = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = await readFile(path.replace(/\.js$/, '.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, {
    './schema_engine_bg.js': { ...engineModule, ...unrefTimers() },
  });
  engineModule.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

/** The engine never clears the timers (10 s) of its own time limits, which would keep our process up that long. */
function unrefTimers(): Record<string, (callback: () => void, ms: number) => NodeJS.Timeout> {
  const names = Object.keys(engineModule).filter((name) => name.startsWith('__wbg_setTimeout_'));
  return Object.fromEntries(names.map((name) => [name, (callback, ms) => setTimeout(callback, ms).unref()]));
}

/**
 * The adapter's own script runner cuts a script at every `;`, which breaks the bodies of functions. Sent as one
 * message, the server itself reads it, in one transaction of its own.
 */
class WholeScriptFactory extends PrismaPg implements SqlMigrationAwareDriverAdapterFactory {
  failure: ScriptError | undefined;

  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      try {
        await adapter.underlyingDriver().query(script);
      } catch (error) {
        this.failure = new ScriptError(script, error as Error);
        throw error;
      }
    };
    return adapter;
  }
}
