/** What lies ready at the practice partner: small files of the kinds that partners really exchange. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './error-facts.js';

const PAYROLL = [
  'employee_id;family_name;given_name;iban;amount;currency;value_date',
  '10021;Okafor;Adaeze;DE02120300000000202051;3184.20;EUR;2026-10-30',
  '10034;Lindqvist;Maja;SE3550000000054910000003;2970.55;EUR;2026-10-30',
  '10047;García;José;ES9121000418450200051332;3312.00;EUR;2026-10-30',
  '10052;Müller;Jürgen;DE02500105170137075030;2745.90;EUR;2026-10-30',
  '',
].join('\r\n');

const STATEMENT = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
  <BkToCstmrStmt>
    <GrpHdr><MsgId>PRACTICE-20261030-0001</MsgId><CreDtTm>2026-10-30T18:05:00Z</CreDtTm></GrpHdr>
    <Stmt>
      <Id>2026-10-30</Id>
      <Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>
      <Bal>
        <Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp>
        <Amt Ccy="EUR">48210.77</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-10-30</Dt></Dt>
      </Bal>
      <Bal>
        <Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp>
        <Amt Ccy="EUR">35998.12</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-10-30</Dt></Dt>
      </Bal>
      <Ntry>
        <Amt Ccy="EUR">12212.65</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
        <BookgDt><Dt>2026-10-30</Dt></BookgDt><AddtlNtryInf>Salaries October</AddtlNtryInf>
      </Ntry>
    </Stmt>
  </BkToCstmrStmt>
</Document>
`;

const ORDER = [
  "UNB+UNOC:3+PRACTICE:14+WAYBILL:14+261030:1805+4711'",
  "UNH+1+ORDERS:D:96A:UN:EAN008'",
  "BGM+220+PO-2026-1180+9'",
  "DTM+137:20261030:102'",
  "NAD+BY+4012345000009::9'",
  "LIN+1++4000862141404:EN'",
  "QTY+21:48'",
  "UNS+S'",
  "UNT+8+1'",
  "UNZ+1+4711'",
  '',
].join('\n');

const OUTBOX: Record<string, string> = {
  'payroll-2026-10.csv': PAYROLL,
  'statement-2026-10-30.camt053.xml': STATEMENT,
  'order-po-2026-1180.edi': ORDER,
};

/** Makes inbox/ (empty) and outbox/ (with samples) in a folder that is not there yet; otherwise does nothing. */
export async function makeSampleFolders(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o750 });
  } catch (error) {
    // What a person has taken away or put there since is left as it is.
    if (errorCode(error) === 'EEXIST') return;
    throw error;
  }
  await mkdir(join(folder, 'inbox'));
  await mkdir(join(folder, 'outbox'));
  for (const [name, text] of Object.entries(OUTBOX)) await writeFile(join(folder, 'outbox', name), text);
}
