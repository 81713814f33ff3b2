/** Writes `docs/endpoint-settings.md` from the contract, so that the page says what the API and the console say. */
import { writeFileSync } from 'node:fs';
import { DEFAULT_FTPS_SETTINGS, ftpsSettings } from '@waybill/contracts/ftps-settings.js';
import { z } from 'zod';

interface Json {
  enum?: unknown[];
  const?: unknown;
  type?: string;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  anyOf?: Json[];
}

/** What may be given, in words: "1 to 32", "`any`, `ipv4`", "yes or no". */
function valuesOf(schema: Json): string {
  const { anyOf, enum: choices, type, minimum, maximum, maxItems } = schema;
  if (anyOf) return [...new Set(anyOf.map(valuesOf))].join(', or ');
  if (choices) return choices.map((choice) => `\`${String(choice)}\``).join(', ');
  switch (type) {
    case 'boolean':
      return 'yes or no';
    case 'integer':
    case 'number':
      return `${minimum} to ${maximum}`;
    case 'array':
      return `a list, ${maxItems} at most`;
    case 'object':
      return '`kind`, `host`, `port`, `resolvesNames`';
    case 'null':
      return 'none';
    default:
      return 'text';
  }
}

const { properties } = z.toJSONSchema(z.object(ftpsSettings.shape)) as unknown as {
  properties: Record<keyof typeof DEFAULT_FTPS_SETTINGS, Json & { description: string }>;
};
const rows = Object.entries(properties).map(([name, schema]) => {
  const value = DEFAULT_FTPS_SETTINGS[name as keyof typeof DEFAULT_FTPS_SETTINGS];
  const isEmpty = value === null || (Array.isArray(value) && value.length === 0);
  const byDefault = isEmpty ? 'none' : `\`${value as string}\``;
  return `| \`${name}\` | ${schema.description} | ${valuesOf(schema)} | ${byDefault} |`;
});

writeFileSync(
  new URL('../../../docs/endpoint-settings.md', import.meta.url),
  `<!-- Generated from packages/contracts/src/ftps-settings.ts by npm run generate; do not edit. -->

# Settings of an endpoint

How Waybill speaks with a server, field by field. Each has a default that suits most servers; state only what differs. In the API they are \`settings\` of an endpoint, in the console they are in the groups below the trust of its form. What is left out of a change stays as it is.

| field | what it does | values | default |
| --- | --- | --- | --- |
${rows.join('\n')}

Beside them stand \`tlsMinVersion\` (\`TLSv1.2\`), \`connectTimeoutMs\` (20000), \`idleTimeoutMs\` (60000), \`clientCertificateId\` (mutual TLS: a certificate of the kind \`client\`) and the login of a proxy (\`proxyCredentialId\`, or \`proxyUsername\` and \`proxyPassword\`). \`idleTimeoutMs\` is how long the server may leave a command without an answer. It has longer where it has work to do: twice that, and 120 s at least, to confirm a transfer after its last byte, and 30 minutes to hash a file.

## Rules between them

- \`activePortFrom\` and \`activePortTo\` come together, the first not above the last.
- \`dataMode\` is not \`active\` where there is a \`proxy\`: nobody can connect to us through one.
- \`activeAddress\` is of the family (IPv4, IPv6) of the control connection, and public or on the network allow-list: the server connects there.
- \`authCommand\` is \`TLS\` where the protocol is not \`ftps_explicit\`: no other asks for TLS.
- \`ipFamily\` is \`any\` or the family of the host where that is an address.
- \`ipFamily\` is \`any\` where the \`proxy\` looks up names (\`resolvesNames\`): it chooses the address.
- \`tlsMaxVersion\` is not below \`tlsMinVersion\`.
- \`temporaryName\` of \`folder\` needs a \`temporaryFolder\`.
- \`transferType\` of \`ascii\` goes with \`verification\` of \`best\` or \`none\`: nothing can be compared where the server changes line ends.
- With the protocol \`ftp\` whatever else is about TLS means nothing, and is kept for the day on which it does.

## What needs an exception

The protocol \`ftp\`, \`dataProtection\` of \`clear\`, \`verification\` of \`none\` and \`transferType\` of \`ascii\` (as nothing is compared then) work only while an [exception](operations.md#exceptions) covers them. Without one a worker opens no session, and the endpoint goes on hold with \`exception_needed\`.
`,
);
