import { describe, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import type { SecretBinding } from './binding.js';
import { makeVaultKeyPair } from './keys.js';
import { openWith } from './open.js';
import { sealWith } from './seal.js';
import { Secret } from './secret.js';

const binding: SecretBinding = {
  credentialId: '0190f3a0-0000-7000-8000-000000000001',
  host: 'ftp.acme.example',
  serverName: null,
  trustMode: 'chosen_cas',
  trustAnchors: ['bb', 'aa'],
};

describe('a sealed secret', () => {
  test('opens for its own binding, whatever the order of the anchors', async () => {
    const pair = await makeVaultKeyPair();
    const seal = await sealWith(pair.publicKey);
    const open = await openWith(pair.privateKey);
    const { sealed, vaultKeyId } = await seal(new Secret('pässword 1'), binding);
    expect(vaultKeyId).toBe(pair.keyId);
    const opened = await open(sealed, {
      ...binding,
      host: 'FTP.acme.example',
      trustAnchors: ['aa', 'bb', 'aa'],
    });
    expect(opened.reveal()).toBe('pässword 1');
  });

  test.each<[string, Partial<SecretBinding>]>([
    ['another host', { host: 'ftp.evil.example' }],
    ['another credential', { credentialId: '0190f3a0-0000-7000-8000-000000000002' }],
    ['another server name', { serverName: 'ftp.acme.example' }],
    ['another trust mode', { trustMode: 'system_cas' }],
    ['another anchor', { trustAnchors: ['aa', 'cc'] }],
    ['one anchor more', { trustAnchors: ['aa', 'bb', 'cc'] }],
  ])('does not open for %s', async (_, other) => {
    const pair = await makeVaultKeyPair();
    const { sealed } = await (await sealWith(pair.publicKey))(new Secret('x'), binding);
    await expect((await openWith(pair.privateKey))(sealed, { ...binding, ...other })).rejects.toThrow(
      'cannot be opened',
    );
  });

  test('does not open with another key, or after a change of one byte', async () => {
    const pair = await makeVaultKeyPair();
    const other = await makeVaultKeyPair();
    const { sealed } = await (await sealWith(pair.publicKey))(new Secret('x'), binding);
    await expect((await openWith(other.privateKey))(sealed, binding)).rejects.toThrow('cannot be opened');
    sealed[sealed.length - 1]! ^= 1;
    await expect((await openWith(pair.privateKey))(sealed, binding)).rejects.toThrow('cannot be opened');
  });
});

test('a secret does not show in text, JSON or inspection', () => {
  const secret = new Secret('hunter2');
  for (const shown of [String(secret), JSON.stringify({ secret }), inspect({ secret }, { showHidden: true })])
    expect(shown).not.toContain('hunter2');
});
