import { describe, expect, test } from '@jest/globals';
import { offeredAlgorithm, parseBareHash, parseHashReply } from './server-hash.js';

const SHA256 = 'BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD';
const MD5 = '900150983CD24FB0D6963F7D28E17F72';

describe('which hash a server can be asked for', () => {
  const offered = (lines: Record<string, string>) => offeredAlgorithm(new Map(Object.entries(lines)));

  test('SHA-256 goes before all others, by whatever command, and then the strongest', () => {
    expect(offered({ HASH: 'CRC32;MD5;SHA-1*;SHA-256;SHA-512;' })).toBe('SHA-256');
    expect(offered({ HASH: 'SHA-512;MD5', XSHA256: '' })).toBe('SHA-256');
    expect(offered({ HASH: 'SHA-512*;MD5' })).toBe('SHA-512');
    expect(offered({ XCRC: '"filename" SP EP', XMD5: 'filename' })).toBe('MD5');
    expect(offered({ XCRC: 'filename;start;end' })).toBe('CRC32');
    expect(offered({ XSHA: '' })).toBe('SHA-1');
  });

  test('a server that lists none has none, and a name that is only like one is none', () => {
    expect(offered({ SIZE: '', MLST: 'type*;size*;' })).toBeNull();
    expect(offered({ HASH: 'SHA-256X;SHA-3' })).toBeNull();
  });
});

describe('answers with a hash', () => {
  test('HASH as ProFTPD, FileZilla Server and the draft have it', () => {
    const hex = SHA256.toLowerCase();
    expect(
      parseHashReply(`213-Computing SHA-256 digest\n213 SHA-256 0-100 ${hex} /in/a b.txt`, 'SHA-256'),
    ).toBe(hex);
    expect(parseHashReply(`213 SHA-256 0-99 ${SHA256} filename.ext`, 'SHA-256')).toBe(hex);
  });

  test('HASH of another algorithm, another part or another length is no answer', () => {
    expect(parseHashReply(`213 SHA-1 0-100 ${SHA256} a`, 'SHA-256')).toBeNull();
    expect(parseHashReply(`213 SHA-256 5-100 ${SHA256} a`, 'SHA-256')).toBeNull();
    expect(parseHashReply(`213 SHA-256 0-100 ${SHA256}00 a`, 'SHA-256')).toBeNull();
    expect(parseHashReply(`550 SHA-256 0-100 ${SHA256} a`, 'SHA-256')).toBeNull();
    expect(parseHashReply(`213 SHA-256 0-100 ${SHA256} a`, 'SHA-256', 50)).toBeNull();
    expect(parseHashReply(`213 SHA-256 0-49 ${SHA256} a`, 'SHA-256', 50)).not.toBeNull();
    expect(parseHashReply(`213 SHA-256 0-50 ${SHA256} a`, 'SHA-256', 50)).not.toBeNull();
  });

  test('XSHA256, XMD5, MD5 and XCRC as ProFTPD, Serv-U and others have them', () => {
    expect(parseBareHash(`250-Computing SHA256 digest\n250 ${SHA256}`, 'SHA-256')).toBe(SHA256.toLowerCase());
    expect(parseBareHash(`250 ${MD5}`, 'MD5')).toBe(MD5.toLowerCase());
    expect(parseBareHash(`251-Computing MD5 digest\n251 /in/a.txt ${MD5}`, 'MD5')).toBe(MD5.toLowerCase());
    expect(parseBareHash(`251 "a file" ${MD5}`, 'MD5')).toBe(MD5.toLowerCase());
    expect(parseBareHash('250 B1FC4BBC', 'CRC32')).toBe('b1fc4bbc');
    expect(parseBareHash('250 FC4BBC', 'CRC32')).toBe('00fc4bbc');
  });

  test('what is not clearly the hash is none', () => {
    expect(parseBareHash(`550 ${MD5}`, 'MD5')).toBeNull();
    expect(parseBareHash(`250-${MD5}\n250 Done`, 'MD5')).toBeNull();
    expect(parseBareHash(`250 ${MD5} ${MD5.replace('9', '8')}`, 'MD5')).toBeNull();
    expect(parseBareHash(`250 ${MD5}0`, 'MD5')).toBeNull();
    expect(parseBareHash('250 Done at 20261121', 'CRC32')).toBeNull();
    expect(parseBareHash(`250 ${'x'.repeat(60_000)} ${MD5}`, 'MD5')).toBeNull();
  });
});
