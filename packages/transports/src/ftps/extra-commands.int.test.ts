import { describe, expect, test } from '@jest/globals';
import { answering } from '@waybill/ftps-server/behaviours.js';
import { startProftpd } from '@waybill/testing/servers/proftpd.js';
import { assertFails } from '../test-support/assert-fails.js';
import { open, start } from '../test-support/hostile-partner.js';
import { openOn, roundTrip, running } from '../test-support/real-session.js';
import { said } from '../test-support/said.js';

describe('commands of the endpoint', () => {
  test('are sent in their order, after the login under protection and before the end', async () => {
    const settings = {
      commandsAfterLogin: ['SYST', 'PWD'],
      commandsBeforeQuit: ['NOOP', 'SITE CHMOD 600 trip.bin'],
    };
    const transport = await openOn(await running(startProftpd()), { settings });
    await roundTrip(transport);
    await transport.close();
    const all = said(transport);
    expect(all.indexOf('SYST')).toBeGreaterThan(all.indexOf('PROT P'));
    expect(all.indexOf('PWD')).toBe(all.indexOf('SYST') + 1);
    expect(all.slice(-3)).toEqual(['NOOP', 'SITE CHMOD 600 trip.bin', 'QUIT']);
    expect(transport.record().timeline.at(-1)).toMatchObject({ step: 'cleanup', outcome: 'ok' });
  });

  test('that the server refuses after the login end the session, by name', async () => {
    const server = await start({ script: { onCommand: answering({ SITE: '500 What?' }) } });
    const settings = { commandsAfterLogin: ['NOOP', 'SITE RECFM=FB', 'PWD'] };
    const error = await assertFails(open(server, { settings }), 'setting_refused');
    expect(error.message).toMatch(
      /^The server refused SITE RECFM=FB, which .*after login: “500 What\?” Correct/,
    );
    expect(error.record?.dialogue.map(({ text }) => text)).not.toContain('PWD');
  });

  test('that the server refuses for now are a reason to come back later', async () => {
    const server = await start({ script: { onCommand: answering({ SITE: '421 Shutting down' }) } });
    const settings = { commandsAfterLogin: ['SITE UMASK 022'] };
    const error = await assertFails(open(server, { settings }), 'server_busy');
    expect(error.message).toContain('421 Shutting down');
  });

  test('that the server refuses before the end are a note', async () => {
    const server = await start({ script: { onCommand: answering({ SITE: '500 What?' }) } });
    const transport = await open(server, { settings: { commandsBeforeQuit: ['SITE RECFM=FB', 'PWD'] } });
    await transport.close();
    const { timeline } = transport.record();
    expect(timeline.at(-1)).toMatchObject({ step: 'cleanup', outcome: 'ok' });
    expect(timeline.at(-1)?.detail).toMatch(
      /^The server refused SITE RECFM=FB, which .*before the end: “500 What\?”/,
    );
    expect(said(transport).slice(-2)).toEqual(['SITE RECFM=FB', 'QUIT']);
  });

  test.each(['DELE /in/x', 'NOOP\r\nDELE x', 'SITE FILETYPE=JES', ' NOOP'])(
    '%j is not sent, however it came to be stored',
    async (command) => {
      const error = await assertFails(
        open(await start(), { settings: { commandsAfterLogin: [command] } }),
        'setting_refused',
      );
      expect(error.message).toMatch(/^The command .* may not be sent\. Take it out there\.$/);
      expect(error.record?.dialogue.map(({ text }) => text).join('\n')).not.toMatch(/DELE|JES|NOOP/);
    },
  );
});
