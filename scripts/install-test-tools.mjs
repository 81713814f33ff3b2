#!/usr/bin/env node
/**
 * Makes sure that the programs which the tests drive are there: four FTPS servers, curl, lftp, openssl, Redis,
 * Chromium and a font. Runs on Node 20 with built-ins only.
 *
 *   node scripts/install-test-tools.mjs
 *
 * What the system already has is used. The rest is fetched with `apt-get download` and unpacked, with the
 * libraries that it needs, into a folder of its own. Nothing is installed: Debian's FTP servers refuse to live
 * side by side, and each would start a service. So it needs no root and changes nothing of the system.
 *
 * The folder is /var/cache/waybill-test-tools for root and ~/.cache/waybill-test-tools for a user, never the
 * repository: servers that root starts go on as another user, who may not be allowed to read a clone.
 *
 *   current -> unpacked-<time>/    switched in one step, so that two runs do not disturb each other
 *     bin/<tool>                   a small script that sets the library path, or a link to the system's program
 *     root/                        the unpacked packages
 */
import { execFile, execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync } from 'node:fs';
import { renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const runFile = promisify(execFile);

/**
 * name: what tests ask for. program: where the packages put it. probe: arguments that make it answer and end.
 * group: packages of one group are resolved together; Debian's FTP servers conflict, so each has its own.
 */
const tools = [
  { name: 'vsftpd', program: 'usr/sbin/vsftpd', packages: ['vsftpd'], probe: ['-v'], group: 1 },
  {
    name: 'proftpd',
    program: 'usr/sbin/proftpd',
    packages: ['proftpd-core', 'proftpd-mod-crypto'],
    // The modules are what is easily missing: without mod_tls there is no FTPS.
    beside: ['usr/lib/proftpd/mod_tls.so'],
    probe: ['-v'],
    group: 2,
  },
  { name: 'pure-ftpd', program: 'usr/sbin/pure-ftpd', packages: ['pure-ftpd'], probe: ['--help'], group: 3 },
  {
    name: 'pure-pw',
    program: 'usr/bin/pure-pw',
    packages: ['pure-ftpd-common'],
    probe: ['--help'],
    group: 3,
  },
  {
    name: 'python3-pyftpdlib',
    program: 'usr/bin/python3',
    packages: ['python3-pyftpdlib', 'python3-openssl'],
    probe: ['-c', 'import pyftpdlib.handlers, OpenSSL.SSL; pyftpdlib.handlers.TLS_FTPHandler'],
    group: 4,
  },
  { name: 'curl', program: 'usr/bin/curl', packages: ['curl'], probe: ['--version'], group: 4 },
  { name: 'lftp', program: 'usr/bin/lftp', packages: ['lftp'], probe: ['--version'], group: 4 },
  { name: 'openssl', program: 'usr/bin/openssl', packages: ['openssl'], probe: ['version'], group: 4 },
  {
    name: 'redis-server',
    program: 'usr/bin/redis-server',
    packages: ['redis-server'],
    probe: ['--version'],
    group: 4,
  },
  {
    name: 'chromium',
    // The script usr/bin/chromium looks for absolute paths, so the unpacked browser is started without it.
    program: 'usr/lib/chromium/chromium',
    systemProgram: '/usr/bin/chromium',
    packages: ['chromium', 'fonts-liberation'],
    probe: ['--version'],
    group: 5,
  },
];

/** Folders that may hold the tools, best first. A user may use what root has unpacked. */
function toolsFolders() {
  const shared = '/var/cache/waybill-test-tools';
  if (process.getuid() === 0) return [shared];
  return [join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'waybill-test-tools'), shared];
}

/** Runs the tool's probe. Resolves to undefined when it answers, to the reason when it does not. */
async function findFault(binFolder, tool) {
  try {
    accessSync(join(binFolder, tool.name), constants.X_OK);
    await runFile(join(binFolder, tool.name), tool.probe, { timeout: 20_000 });
    return undefined;
  } catch (error) {
    return (String(error.stderr || '') || error.message).trim().split('\n').at(-1);
  }
}

async function findFaults(folder) {
  const binFolder = join(folder, 'current/bin');
  if (!existsSync(binFolder)) return tools.map((tool) => `${tool.name}: not there yet`);
  const found = await Promise.all(tools.map((tool) => findFault(binFolder, tool)));
  return tools.flatMap((tool, i) => (found[i] === undefined ? [] : [`${tool.name}: ${found[i]}`]));
}

/** The system's own program for a tool, when it is complete and works. */
async function findSystemProgram(tool) {
  const program = tool.systemProgram ?? `/${tool.program}`;
  if (!existsSync(program) || !(tool.beside ?? []).every((path) => existsSync(`/${path}`))) return undefined;
  const link = { ...tool, name: basename(program) };
  return (await findFault(dirname(program), link)) === undefined ? program : undefined;
}

/** apt with package lists of our own: for machines whose lists are missing or too old to fetch from. */
function privateLists(folder) {
  const state = join(folder, 'apt');
  mkdirSync(join(state, 'lists/partial'), { recursive: true });
  mkdirSync(join(state, 'cache/archives/partial'), { recursive: true });
  return ['-o', `Dir::State::lists=${state}/lists`, '-o', `Dir::Cache=${state}/cache`];
}

function apt(options, cwd) {
  // As root apt would fetch as the user _apt, who may not write to our folder.
  const common = [
    '-q',
    '-o',
    'APT::Sandbox::User=root',
    '-o',
    'Acquire::Retries=3',
    '-o',
    'Acquire::http::Timeout=30',
  ];
  return execFileSync('apt-get', [...common, ...options], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 26,
    timeout: 15 * 60_000,
  });
}

/** Asks apt what installing these packages would bring in. Returns `name=version` for each of them. */
function resolvePackages(packages, aptOptions) {
  const plan = apt([...aptOptions, '-s', '--no-install-recommends', '--no-upgrade', 'install', ...packages]);
  const inst = /^Inst (\S+) (?:\[[^\]]*\] )?\((\S+) [^[]*\[(\w+)\]\)/gm;
  // Headers are only named because they go with a library's exact version.
  const isNeeded = (name) => !name.endsWith('-dev');
  return [...plan.matchAll(inst)].filter((m) => isNeeded(m[1])).map((m) => `${m[1]}=${m[2]}`);
}

/** Fetches and unpacks the packages, with all that they need and the system lacks, into `folder`/root. */
function unpackPackages(missing, folder, aptOptions) {
  const wanted = new Set();
  for (const group of new Set(missing.map((tool) => tool.group))) {
    const packages = missing.filter((tool) => tool.group === group).flatMap((tool) => tool.packages);
    for (const one of resolvePackages(packages, aptOptions)) wanted.add(one);
  }
  say(`fetching ${wanted.size} packages for ${missing.map((tool) => tool.name).join(', ')}`);
  const debs = join(folder, 'debs');
  mkdirSync(debs, { recursive: true });
  apt([...aptOptions, 'download', ...wanted], debs);
  const root = join(folder, 'root');
  mkdirSync(root, { recursive: true });
  for (const deb of readdirSync(debs)) execFileSync('dpkg-deb', ['-x', join(debs, deb), root]);
  // Nobody updates these files, so none of them shall give rights (Chromium comes with a setuid helper).
  execFileSync('find', [root, '-perm', '/6000', '-exec', 'chmod', 'ug-s', '{}', '+']);
  rmSync(debs, { recursive: true });
}

/** The same with the system's package lists, or where these do not do, with lists of our own. */
function unpackWithLists(missing, folder) {
  try {
    unpackPackages(missing, folder, []);
    return;
  } catch (error) {
    say(`the package lists of the system do not do (${firstLine(error)}); fetching lists of our own`);
  }
  for (const name of ['debs', 'root']) rmSync(join(folder, name), { recursive: true, force: true });
  const lists = privateLists(folder);
  apt([...lists, 'update']);
  unpackPackages(missing, folder, lists);
  rmSync(join(folder, 'apt'), { recursive: true });
}

/** Folders below `root` that the dynamic loader must know: those with libraries in the usual places. */
function libraryFolders(root) {
  const found = [];
  for (const lib of ['usr/lib', 'lib']) {
    if (!existsSync(join(root, lib)) || lstatSync(join(root, lib)).isSymbolicLink()) continue;
    for (const entry of readdirSync(join(root, lib), { withFileTypes: true })) {
      if (!entry.isDirectory() || !/-linux-gnu/.test(entry.name)) continue;
      found.push(join(lib, entry.name));
      // Debian puts some private libraries one level below, found by an absolute path that is not ours.
      for (const below of ['pulseaudio', 'nss', 'blas', 'lapack']) {
        if (existsSync(join(root, lib, entry.name, below))) found.push(join(lib, entry.name, below));
      }
    }
  }
  return found;
}

/** Tells Chromium of the unpacked fonts; on a system without fontconfig also which font is meant by a family. */
function writeFontsConfig(root) {
  const aliases = [
    ['sans-serif', 'Liberation Sans'],
    ['serif', 'Liberation Serif'],
    ['monospace', 'Liberation Mono'],
  ].map(
    ([family, font]) => `<alias><family>${family}</family><prefer><family>${font}</family></prefer></alias>`,
  );
  const system = existsSync('/etc/fonts/fonts.conf') ? ['<include>/etc/fonts/fonts.conf</include>'] : aliases;
  const lines = [
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig>',
    ...system,
    '<dir prefix="relative">../../usr/share/fonts</dir>',
    '<cachedir prefix="xdg">fontconfig</cachedir>',
    '</fontconfig>',
  ];
  mkdirSync(join(root, 'etc/fonts'), { recursive: true });
  writeFileSync(join(root, 'etc/fonts/waybill-fonts.conf'), `${lines.join('\n')}\n`);
}

/** OpenSSL loads its legacy provider, which Python's cryptography wants, from a fixed path. */
function findOpensslModules(root) {
  const folder = libraryFolders(root)
    .map((path) => join(path, 'ossl-modules'))
    .find((path) => existsSync(join(root, path)));
  return folder === undefined ? [] : [`export OPENSSL_MODULES="$root/${folder}"`];
}

/** Writes bin/<name>: a script that starts the unpacked program with the unpacked libraries. */
function writeStarter(folder, tool) {
  const root = join(folder, 'root');
  // The interpreter may be the system's while its modules are unpacked.
  const program = existsSync(join(root, tool.program)) ? `"$root/${tool.program}"` : `/${tool.program}`;
  const libraries = libraryFolders(root).map((path) => `$root/${path}`);
  const lines = [
    '#!/bin/sh',
    'root=$(dirname "$(readlink -f "$0")")/../root',
    `export LD_LIBRARY_PATH="${libraries.join(':')}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"`,
    ...findOpensslModules(root),
    ...(tool.program === 'usr/bin/python3'
      ? ['export PYTHONPATH="$root/usr/lib/python3/dist-packages"']
      : []),
    ...(existsSync(join(root, 'etc/fonts/waybill-fonts.conf'))
      ? ['export FONTCONFIG_FILE="$root/etc/fonts/waybill-fonts.conf"']
      : []),
    `exec ${program} "$@"`,
  ];
  writeFileSync(join(folder, 'bin', tool.name), `${lines.join('\n')}\n`, { mode: 0o755 });
}

/** Builds a complete folder beside the current one and then switches to it. */
async function buildFolder(base) {
  const system = await Promise.all(tools.map(findSystemProgram));
  const missing = tools.filter((_, i) => system[i] === undefined);
  const folder = join(base, `unpacked-${Date.now()}-${process.pid}`);
  // Whatever the caller's umask: servers that root starts go on as another user.
  const umask = process.umask(0o022);
  try {
    mkdirSync(join(folder, 'bin'), { recursive: true });
    if (missing.length > 0) unpackWithLists(missing, folder);
    if (existsSync(join(folder, 'root/usr/share/fonts'))) writeFontsConfig(join(folder, 'root'));
    tools.forEach((tool, i) => {
      if (system[i] === undefined) writeStarter(folder, tool);
      else symlinkSync(system[i], join(folder, 'bin', tool.name));
    });
    const link = join(base, `link-${process.pid}`);
    symlinkSync(basename(folder), link);
    renameSync(link, join(base, 'current'));
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  } finally {
    process.umask(umask);
  }
  removeOldFolders(base);
}

/** Removes what is no longer current, unless it is so new that another run may still be busy with it. */
function removeOldFolders(base) {
  const current = readlinkSync(join(base, 'current'));
  for (const name of readdirSync(base)) {
    if (!name.startsWith('unpacked-') || name === current) continue;
    if (Date.now() - statSync(join(base, name)).mtimeMs > 3600_000)
      rmSync(join(base, name), { recursive: true });
  }
}

function firstLine(error) {
  const text = String(error.stderr || error.message || error);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => line.startsWith('E:')) ?? lines[0] ?? 'no reason given').trim();
}

function say(text) {
  console.log(`test tools: ${text}`);
}

/**
 * Installs the tools unless they are there and answer.
 * @returns {Promise<string>} the folder with one program per tool; put it first in PATH
 * @throws {Error} with what is missing and what to do
 */
export async function installTestTools() {
  const folders = toolsFolders();
  let faults = [];
  for (const folder of folders) {
    faults = await findFaults(folder);
    if (faults.length === 0) return join(folder, 'current/bin');
  }
  const base = folders[0];
  try {
    await buildFolder(base);
  } catch (error) {
    throw new Error(explainFailure(firstLine(error)), { cause: error });
  }
  faults = await findFaults(base);
  if (faults.length > 0) throw new Error(explainFailure(`they do not start: ${faults.join('; ')}`));
  say(`unpacked into ${join(base, readlinkSync(join(base, 'current')))}`);
  return join(base, 'current/bin');
}

const conflicting = new Set([
  'vsftpd',
  'proftpd-core',
  'proftpd-mod-crypto',
  'pure-ftpd',
  'pure-ftpd-common',
]);

function explainFailure(reason) {
  const packages = [...new Set(tools.flatMap((tool) => tool.packages))];
  return [
    `the programs that the tests need could not be unpacked: ${reason}`,
    'They come from Debian by `apt-get download`, which needs apt and a package mirror, but not root. Either make',
    `  apt-get download ${packages.join(' ')}`,
    'work for this user, or have an administrator install those that do not conflict with each other:',
    `  apt-get install --no-install-recommends ${packages.filter((p) => !conflicting.has(p)).join(' ')}`,
    `and unpack the others (${[...conflicting].join(', ')}) with:`,
    '  sudo node scripts/install-test-tools.mjs',
  ].join('\n');
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    say(`ready in ${await installTestTools()}`);
  } catch (error) {
    console.error(`test tools: ${error.message}`);
    process.exitCode = 1;
  }
}
