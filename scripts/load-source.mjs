/**
 * Lets Node run the TypeScript of the packages without a build: `node --import ./scripts/load-source.mjs file.ts`. With
 * `--changes=[{"path","find","replace"}]` among the arguments the source is changed on its way in, and nowhere else.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformSync } from '@swc/core';

const root = join(import.meta.dirname, '..');
const given = process.argv.find((argument) => argument.startsWith('--changes='));
/** Path below the root, what to find and what to put there. */
const changes = given ? JSON.parse(given.slice('--changes='.length)) : [];

registerHooks({
  resolve(specifier, context, next) {
    const [, name, path] = /^@waybill\/([a-z-]+)\/(.*)\.js$/.exec(specifier) ?? [];
    if (name) return next(pathToFileURL(join(root, 'packages', name, 'src', `${path}.ts`)).href, context);
    const isOurs = /^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.endsWith('.ts');
    return next(isOurs ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
  load(url, context, next) {
    if (!url.endsWith('.ts')) return next(url, context);
    const path = fileURLToPath(url);
    let text = readFileSync(path, 'utf8');
    for (const { path: changed, find, replace } of changes) {
      if (join(root, changed) !== path) continue;
      if (text.split(find).length !== 2) throw new Error(`Not there exactly once in ${changed}: ${find}`);
      text = text.replace(find, () => replace);
    }
    const { code } = transformSync(text, {
      filename: path,
      sourceMaps: 'inline',
      jsc: { target: 'es2024', parser: { syntax: 'typescript' }, keepClassNames: true },
      module: { type: 'es6' },
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
