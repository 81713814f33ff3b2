import { describe, expect, test } from '@jest/globals';
import { parseEpsvPort, parsePasvTarget } from './passive.js';

describe('passive replies', () => {
  test.each([
    ['229 Entering Extended Passive Mode (|||6446|)', 6446],
    ['229 ok (!!!1!)', 1],
    ['229 ok (|||65535|)', 65_535],
    ['229 ok (|||0|)', null],
    ['229 ok (|||65536|)', null],
    ['229 ok (|||-21|)', null],
    ['229 ok (|||12x|)', null],
    ['229 ok (||!6446|)', null],
    ['229 ok |||6446|', null],
    ['229', null],
  ])('EPSV %j gives %j', (reply, port) => expect(parseEpsvPort(reply)).toBe(port));

  test.each([
    ['227 Entering Passive Mode (192,168,1,2,10,229)', 2789],
    ['227 Entering Passive Mode 192,168,1,2,10,229', 2789],
    ['227 ok (1,2,3,4,0,0)', null],
    ['227 ok (1,2,3,4,256,1)', null],
    ['227 ok (1,2,3,4,5)', null],
    ['227 ok (1,2,3,4,1,2', 258],
    ['227', null],
  ])('PASV %j gives %j', (reply, port) => expect(parsePasvTarget(reply)?.port ?? null).toBe(port));

  test('a long answer costs no time', () => {
    const before = process.cpuUsage();
    parsePasvTarget(`227 ${'1,'.repeat(30_000)}`);
    parseEpsvPort(`229 ${'('.repeat(60_000)}`);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
  });
});
