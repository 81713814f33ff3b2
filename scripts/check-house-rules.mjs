/**
 * Rules of ours that no linter knows, searched for in every file that git knows or would take. A rule that has
 * to be broken in one place is broken by a line in `allowed`, with the reason.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const CODE = /\.(ts|tsx|mjs|cjs|js)$/;
const TEST = /\.test\.tsx?$/;

/** What no line of code may hold. */
const rules = [
  { finds: /rejectUnauthorized\s*:\s*false/, says: 'a certificate is always verified; give the client a CA' },
  { finds: /NODE_TLS_REJECT_UNAUTHORIZED/, says: 'a certificate is always verified; give the client a CA' },
  { finds: /\$(query|execute)RawUnsafe/, says: 'use the tagged form, whose values become parameters' },
  { finds: /\bshell\s*:\s*true\b/, says: 'no shell' },
  { finds: /\bas any(?=[;),\].>]|$)/, says: 'say what it is' },
  { finds: /\b(TODO|FIXME|XXX)\b/, says: 'do it, or leave it out' },
  {
    finds: /\b(test|it|describe)\.(skip|only|todo)\b|\bx(test|it|describe)\(/,
    says: 'no test is skipped',
    in: TEST,
  },
  {
    finds: /\bjest\.(mock|unstable_mockModule)\(\s*['"](\.|@waybill)/,
    says: 'no mocks of our own modules',
    in: TEST,
  },
];

/** What no path of ours may look like. */
const paths = [
  { finds: /(^|\/)index\.(ts|tsx|js|mjs)$/, says: 'no barrels: name the file after what it exports' },
  {
    finds: /(^|\/)(utils?|helpers?|common|shared|types|core|misc)(\/|\.[a-z]+$)/,
    says: 'name it after its job',
  },
  { finds: /(^|\/)[^/]*[A-Z_][^/]*\.(ts|tsx|mjs|cjs)$/, says: 'files are named in kebab-case' },
];

/** Path, rule's pattern and the reason. */
const allowed = [
  ['scripts/check-house-rules.mjs', /./, 'names what it looks for'],
  ...[
    'packages/configuration/src/read-configuration.ts',
    'packages/configuration/src/read-configuration.test.ts',
    'packages/transports/src/ftps/tls-trust.ts',
    'packages/transports/src/ftps/verification-stays-on.int.test.ts',
  ].map((path) => [path, /NODE_TLS/, 'keeps it from having an effect']),
];

const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => CODE.test(path) && !path.includes('/generated/'));

const faults = [];
for (const path of new Set(files)) {
  for (const { finds, says } of paths) if (finds.test(path)) faults.push(`${path}: ${says}`);
  const text = read(path);
  if (text === null) continue;
  for (const rule of rules.filter((one) => one.in?.test(basename(path)) ?? true)) {
    if (allowed.some(([place, pattern]) => place === path && pattern.test(rule.finds.source))) continue;
    text.split('\n').forEach((line, index) => {
      if (rule.finds.test(line))
        faults.push(`${path}:${index + 1}: ${rule.says}: ${line.trim().slice(0, 100)}`);
    });
  }
}
for (const fault of faults) console.error(fault);
process.exit(faults.length > 0 ? 1 : 0);

/** Null for a file that was deleted and is still known. */
function read(path) {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return null;
  }
}
