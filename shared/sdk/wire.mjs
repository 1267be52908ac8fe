// Writes src/wire.ts: the types of requests and answers, from shared/api/openapi.json. The SDK, the hosted page and the
// console use them. The file is committed. With `--check`, writes nothing and says whether it is current.

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const path = (from) => fileURLToPath(new URL(from, import.meta.url));
const FILE = path('src/wire.ts');
const WIDTH = 120;

const { components } = JSON.parse(await readFile(path('../api/openapi.json'), 'utf8'));

/** A type in one line. */
function type(schema) {
  const { $ref, const: only, enum: names, anyOf, oneOf, allOf, type: kind, items, properties } = schema;
  if ($ref) return $ref.split('/').pop();
  if (only !== undefined) return literal(only);
  if (names) return names.map(literal).join(' | ');
  if (anyOf ?? oneOf) return (anyOf ?? oneOf).map(type).join(' | ');
  if (allOf) return allOf.map(operand).join(' & ');
  if (Array.isArray(kind)) return kind.map((kind) => type({ ...schema, type: kind })).join(' | ');
  if (kind === 'array') return `${operand(items ?? {})}[]`;
  if (properties) return `{ ${members(schema).join('; ')} }`;
  return { string: 'string', integer: 'number', number: 'number', boolean: 'boolean', null: 'null', object: 'Record<string, unknown>' }[kind] ?? 'unknown';
}

const literal = (value) => (typeof value === 'string' ? `'${value}'` : String(value));

function operand(schema) {
  const made = type(schema);
  return / [|&] /.test(made) && !made.startsWith('{') ? `(${made})` : made;
}

const members = ({ properties, required = [] }) =>
  Object.entries(properties).map(([name, schema]) => `${name}${required.includes(name) ? '' : '?'}: ${type(schema)}`);

function declaration([name, schema]) {
  if (schema.properties && !schema.oneOf && !schema.anyOf) {
    const all = members(schema);
    const line = `export interface ${name} { ${all.join('; ')} }`;
    return line.length <= WIDTH ? line : [`export interface ${name} {`, ...all.map((one) => `  ${one};`), '}'].join('\n');
  }
  const line = `export type ${name} = ${type(schema)};`;
  return line.length <= WIDTH || !line.includes(' | ') ? line : wrapped(line);
}

/** A union over several lines. */
function wrapped(line) {
  const lines = [];
  for (const word of line.split(' | ')) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} | ${word}`.length <= WIDTH) lines[lines.length - 1] = `${last} | ${word}`;
    else lines.push(last === undefined ? word : `  | ${word}`);
  }
  return lines.join('\n');
}

const made = [
  '// The types of requests and answers. Made from shared/api/openapi.json, which describes them, by',
  '// `npm --prefix shared/sdk run build`.',
  '',
  ...Object.entries(components.schemas).map(declaration),
  '',
].join('\n');

if (!process.argv.includes('--check')) {
  await writeFile(FILE, made);
} else if (made !== (await readFile(FILE, 'utf8').catch(() => ''))) {
  console.error('shared/sdk/src/wire.ts is not what openapi.json makes: run npm --prefix shared/sdk run build, and commit it');
  process.exitCode = 1;
}
