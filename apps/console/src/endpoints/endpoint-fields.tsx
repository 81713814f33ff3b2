import { NumberInput, Radio, Select, TextInput } from '@mantine/core';
import type { EndpointProtocol } from '@waybill/contracts/endpoints.js';
import { type ReactNode, useEffect } from 'react';
import { api } from '../api.js';
import { PartnerPick } from '../pickers.js';
import { FieldRow, FormSection } from '../ui/form-layout.js';
import { Notice } from '../ui/notice.js';
import { WEAKENING } from '../words.js';
import type { EndpointForm } from './endpoint-values.js';
import classes from './endpoints.module.css';

const CHOICES: { value: EndpointProtocol; label: string; description: string }[] = [
  {
    value: 'ftps_explicit',
    label: 'FTPS explicit',
    description: 'Starts in clear text and turns to TLS before the login (AUTH TLS), usually on port 21.',
  },
  {
    value: 'ftps_implicit',
    label: 'FTPS implicit',
    description: 'TLS from the first byte, usually on port 990.',
  },
  {
    value: 'ftps_implicit_zos',
    label: 'FTPS implicit, z/OS',
    description: 'TLS right after a greeting in the clear, as z/OS does with SECUREIMPLICITZOS.',
  },
  { value: 'ftp', label: 'FTP, not encrypted', description: 'Only for servers that know no TLS.' },
  {
    value: 'local_folder',
    label: 'Local folder',
    description: 'A folder of the machine that Waybill runs on, below a configured root.',
  },
];

/** Name, owner and protocol. A server stays a server, a folder a folder. */
export function ProtocolFields({ form, isNew }: { form: EndpointForm; isNew: boolean }) {
  const { protocol } = form.getValues();
  const isLocal = protocol === 'local_folder';
  return (
    <FormSection title="Endpoint">
      <TextInput
        label="Name"
        description="What people will call it when they make a route."
        required
        autoFocus={isNew}
        {...form.getInputProps('name')}
      />
      <PartnerPick
        label="Partner"
        description="Whose server it is. Leave it empty for a folder or server of yours."
        {...form.getInputProps('partnerId')}
      />
      <Radio.Group label="Protocol" {...form.getInputProps('protocol')}>
        <div className={classes.choices}>
          {CHOICES.map(({ value, label, description }) => (
            <Radio
              key={value}
              value={value}
              label={label}
              description={description}
              disabled={!isNew && isLocal !== (value === 'local_folder')}
            />
          ))}
        </div>
      </Radio.Group>
      {protocol === 'ftp' && (
        <Notice tone="warn" shape="question" title="Everybody on the way can read it">
          {WEAKENING.plain_ftp.warning}
        </Notice>
      )}
    </FormSection>
  );
}

const BASE_FOLDER = 'Routes name folders below this one. / is where the login arrives.';

/** The address, and how one logs in there. */
export function ServerFields({ form, login }: { form: EndpointForm; login: ReactNode }) {
  const { protocol } = form.getValues();
  const field = form.getInputProps;
  return (
    <FormSection title="Server and login">
      <FieldRow tracks="minmax(0, 1fr) 120px">
        <TextInput
          label="Host"
          description="A name or an IP address, without port and path."
          placeholder="ftps.example.com"
          required
          spellCheck={false}
          {...field('host')}
        />
        <NumberInput
          label="Port"
          placeholder={protocol.startsWith('ftps_implicit') ? '990' : '21'}
          min={1}
          max={65535}
          allowDecimal={false}
          hideControls
          {...field('port')}
        />
      </FieldRow>
      <TextInput label="Base folder" description={BASE_FOLDER} spellCheck={false} {...field('basePath')} />
      {login}
    </FormSection>
  );
}

export function FolderFields({ form }: { form: EndpointForm }) {
  const roots = api.useQuery('get', '/api/v1/local-roots', {});
  const names = (roots.data?.items ?? []).map(({ name }) => name);
  const { rootName } = form.getValues();
  const only = names.length === 1 && rootName === null ? names[0] : undefined;
  useEffect(() => {
    if (only !== undefined) form.setFieldValue('rootName', only);
    // The form is another object at each keystroke.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [only]);
  return (
    <FormSection title="Folder">
      <Select
        label="Local root"
        description="Roots are configured on the machine; routes cannot leave them."
        data={names}
        required
        allowDeselect={false}
        placeholder={names.length === 0 ? 'No root is configured' : 'Choose a root'}
        {...form.getInputProps('rootName')}
      />
      <TextInput
        label="Base folder"
        description="Routes name folders below this one. / is the root itself."
        spellCheck={false}
        {...form.getInputProps('basePath')}
      />
    </FormSection>
  );
}
