/** Renders the API document as a page to read. Everything is set as text: nothing of the document runs. */

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** Makes an element: `element('p', { class: 'x' }, 'text', child)`. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Text in which `code` stands between backticks. */
function prose(text) {
  const parts = text.split('`').map((part, index) => (index % 2 === 1 ? element('code', {}, part) : part));
  return element('p', {}, ...parts);
}

function nameOf(schema) {
  if (schema.$ref) return schema.$ref.split('/').at(-1);
  const union = schema.oneOf ?? schema.anyOf;
  if (union) return union.map(nameOf).join(' or ');
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.type === 'array') return `list of ${nameOf(schema.items ?? {})}`;
  const bounds = [
    schema.minLength ?? schema.minimum ?? schema.minItems,
    schema.maxLength ?? schema.maximum ?? schema.maxItems,
  ];
  const range = bounds.some((bound) => bound !== undefined)
    ? ` (${bounds.map((b) => b ?? '').join('–')})`
    : '';
  const type = schema.format ?? schema.type ?? 'anything';
  return `${type}${range}${schema.nullable ? ' or null' : ''}`;
}

/** The fields of a schema as a table; named shapes open on demand. */
function fieldsOf(schema, components, open) {
  const target = schema.$ref ? components[nameOf(schema)] : schema;
  const union = target.oneOf ?? target.anyOf;
  if (union) return element('div', {}, ...union.map((part) => shapeOf(part, components, open)));
  if (target.type === 'array') return fieldsOf(target.items ?? {}, components, open);
  const rows = Object.entries(target.properties ?? {}).map(([name, field]) =>
    element(
      'tr',
      {},
      element(
        'td',
        {},
        element('code', {}, name),
        target.required?.includes(name)
          ? element('span', { class: 'needed', title: 'always there' }, ' ●')
          : null,
      ),
      element('td', {}, nameOf(field), field.description ? prose(field.description) : null, nested(field)),
    ),
  );
  return element('table', {}, element('tbody', {}, ...rows));

  function nested(field) {
    const inner = field.type === 'array' ? (field.items ?? {}) : field;
    return inner.$ref || inner.properties || inner.oneOf ? shapeOf(inner, components, false) : null;
  }
}

/** A named shape by its name, one of several by the value that tells it from the others. */
function titleOf(schema) {
  if (schema.$ref) return nameOf(schema);
  const [field, { enum: [value] } = { enum: [] }] =
    Object.entries(schema.properties ?? {}).find(([, part]) => part.enum?.length === 1) ?? [];
  return value === undefined ? 'fields' : `${field}: ${value}`;
}

function shapeOf(schema, components, open) {
  const details = element('details', {}, element('summary', {}, titleOf(schema)));
  const fill = () => details.childElementCount === 1 && details.append(fieldsOf(schema, components, false));
  details.addEventListener('toggle', fill);
  if (open) {
    details.open = true;
    fill();
  }
  return details;
}

function exampleOf(path, method, operation) {
  const verb = method === 'get' ? '' : `-X ${method.toUpperCase()} `;
  const lines = [`curl ${verb}${location.origin}${path}`];
  if (operation['x-permission'] !== 'open') lines.push(`-H 'Authorization: Bearer wbk_…'`);
  for (const { in: place, required, name } of operation.parameters ?? [])
    if (place === 'header' && required) lines.push(`-H '${name}: …'`);
  if (operation.requestBody) lines.push(`-H 'Content-Type: application/json' -d '{ … }'`);
  return element('pre', { tabindex: '0' }, lines.join(' \\\n  '));
}

function articleOf(path, method, operation, components) {
  const permission = operation['x-permission'];
  const parts = [
    element('h3', {}, operation.summary),
    element('div', {}, element('span', { class: 'method' }, method.toUpperCase()), element('code', {}, path)),
    element(
      'p',
      { class: 'facts' },
      permission === 'open'
        ? 'Open to everybody.'
        : permission === 'signed_in'
          ? 'For everybody who has signed in.'
          : `Needs the permission ${permission}.`,
    ),
    exampleOf(path, method, operation),
  ];
  if (operation.parameters?.length)
    parts.push(
      element('h4', {}, 'Parameters'),
      fieldsOf(
        {
          properties: Object.fromEntries(
            operation.parameters.map((one) => [one.name, { ...one.schema, description: one.description }]),
          ),
          required: operation.parameters.filter((one) => one.required).map((one) => one.name),
        },
        components,
      ),
    );
  const body = operation.requestBody?.content?.['application/json']?.schema;
  if (body) parts.push(element('h4', {}, 'Body'), shapeOf(body, components, true));
  for (const [status, response] of Object.entries(operation.responses)) {
    if (!status.startsWith('2')) continue;
    const [[type, { schema } = {}] = []] = Object.entries(response.content ?? {});
    parts.push(element('h4', {}, `Answer ${status}${type ? `, ${type}` : ''}`));
    if (response.description) parts.push(element('p', { class: 'facts' }, response.description));
    if (schema?.$ref || schema?.properties) parts.push(shapeOf(schema, components, false));
  }
  return element(
    'article',
    { id: operation.operationId, 'data-text': `${path} ${operation.summary}`.toLowerCase() },
    ...parts,
  );
}

function render(api) {
  document.getElementById('introduction').append(...api.info.description.split('\n\n').map(prose));
  const groups = new Map();
  for (const [path, item] of Object.entries(api.paths))
    for (const method of METHODS)
      if (item[method]) {
        const tag = item[method].tags?.[0] ?? 'Other';
        groups.set(tag, [...(groups.get(tag) ?? []), [path, method, item[method]]]);
      }
  const sections = [];
  const contents = [];
  for (const [tag, operations] of [...groups].sort(([a], [b]) => a.localeCompare(b))) {
    const title = tag.replace(/([a-z])([A-Z])/g, '$1 $2');
    const articles = operations.map((one) => articleOf(...one, api.components.schemas));
    sections.push(element('section', {}, element('h2', {}, title), ...articles));
    const links = operations.map(([, , operation]) =>
      element('li', {}, element('a', { href: `#${operation.operationId}` }, operation.summary)),
    );
    contents.push(element('div', {}, element('h2', {}, title), element('ul', {}, ...links)));
  }
  document.getElementById('operations').replaceChildren(...sections);
  document.getElementById('contents').replaceChildren(...contents);
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

/** Hides what does not hold every word of the filter. */
function filter(text) {
  const words = text.toLowerCase().split(/\s+/);
  for (const article of document.querySelectorAll('article')) {
    article.hidden = !words.every((word) => article.dataset.text.includes(word));
    const entry = document.querySelector(`nav a[href="#${article.id}"]`)?.parentElement;
    if (entry) entry.hidden = article.hidden;
  }
  for (const group of document.querySelectorAll('section, #contents > div'))
    group.hidden = !group.querySelector('article:not([hidden]), li:not([hidden])');
}

document.getElementById('filter').addEventListener('input', (event) => filter(event.target.value));
const answer = await fetch('/api/openapi.json');
if (answer.ok) render(await answer.json());
else document.getElementById('operations').textContent = `The document could not be read (${answer.status}).`;
