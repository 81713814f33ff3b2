import { NumberInput, Radio, Select, TextInput } from '@mantine/core';
import { useEffect } from 'react';
import { api } from '../api.js';
import { PartnerPick } from '../pickers.js';
import { FieldRow, FormSection } from '../ui/form-layout.js';
import type { EndpointForm } from './endpoint-values.js';
import classes from './endpoints.module.css';

/** Name, owner and protocol. The protocol may change between explicit and implicit only. */
export function ProtocolFields({ form, isNew }: { form: EndpointForm; isNew: boolean }) {
  const isLocal = form.getValues().protocol === 'local_folder';
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
          <Radio
            value="ftps_explicit"
            label="FTPS explicit"
            description="Starts in clear text and turns to TLS before the login (AUTH TLS), usually on port 21."
            disabled={!isNew && isLocal}
          />
          <Radio
            value="ftps_implicit"
            label="FTPS implicit"
            description="TLS from the first byte, usually on port 990."
            disabled={!isNew && isLocal}
          />
          <Radio
            value="local_folder"
            label="Local folder"
            description="A folder of the machine that Waybill runs on, below a configured root."
            disabled={!isNew && !isLocal}
          />
        </div>
      </Radio.Group>
    </FormSection>
  );
}

const BASE_FOLDER = 'Routes name folders below this one. / is where the login arrives.';

export function ServerFields({ form }: { form: EndpointForm }) {
  const { protocol } = form.getValues();
  const field = form.getInputProps;
  return (
    <FormSection title="Server">
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
          placeholder={protocol === 'ftps_implicit' ? '990' : '21'}
          min={1}
          max={65535}
          allowDecimal={false}
          hideControls
          {...field('port')}
        />
      </FieldRow>
      <TextInput label="Base folder" description={BASE_FOLDER} spellCheck={false} {...field('basePath')} />
      <FieldRow>
        <NumberInput
          label="Time to connect, in seconds"
          description="How long the server may take to answer at first."
          min={1}
          max={600}
          {...field('connectTimeoutS')}
        />
        <NumberInput
          label="Time of silence, in seconds"
          description="How long it may say nothing before it is given up."
          min={1}
          max={600}
          {...field('idleTimeoutS')}
        />
      </FieldRow>
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
