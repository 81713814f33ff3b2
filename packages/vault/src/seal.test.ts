import { describe, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { type PasswordBinding, type SecretBinding, canonicalBinding } from './binding.js';
import { makeVaultKeyPair } from './keys.js';
import { openWith } from './open.js';
import { sealWith } from './seal.js';
import { Secret } from './secret.js';

const binding: PasswordBinding = {
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

  test.each<[string, Partial<PasswordBinding>]>([
    ['another host', { host: 'ftp.evil.example' }],
    ['another credential', { credentialId: '0190f3a0-0000-7000-8000-000000000002' }],
    ['another server name', { serverName: 'ftp.acme.example' }],
    ['another trust mode', { trustMode: 'system_cas' }],
    ['a server without encryption', { trustMode: 'plain_ftp', trustAnchors: [] }],
    ['a proxy of that name', { trustMode: 'proxy', trustAnchors: [] }],
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

test('a private key opens for its certificate alone', async () => {
  const pair = await makeVaultKeyPair();
  const open = await openWith(pair.privateKey);
  const key: SecretBinding = { certificateSha256: 'AB'.repeat(32) };
  const { sealed } = await (await sealWith(pair.publicKey))(new Secret('the key'), key);
  expect((await open(sealed, { certificateSha256: 'ab'.repeat(32) })).reveal()).toBe('the key');
  await expect(open(sealed, { certificateSha256: 'cd'.repeat(32) })).rejects.toThrow('cannot be opened');
  await expect(open(sealed, binding)).rejects.toThrow('cannot be opened');
});

test('the form of a binding stays, or no stored password could be opened any more', () => {
  expect(canonicalBinding({ ...binding, host: 'FTP.acme.example' })).toBe(
    '["waybill secret binding v1","0190f3a0-0000-7000-8000-000000000001","ftp.acme.example",null,"chosen_cas",["aa","bb"]]',
  );
  expect(canonicalBinding({ certificateSha256: 'AB' })).toBe('["waybill private key binding v1","ab"]');
});

test('a secret does not show in text, JSON or inspection', () => {
  const secret = new Secret('hunter2');
  for (const shown of [String(secret), JSON.stringify({ secret }), inspect({ secret }, { showHidden: true })])
    expect(shown).not.toContain('hunter2');
});
