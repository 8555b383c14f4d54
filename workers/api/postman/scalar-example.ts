import type { oas32 } from 'zod-openapi';

type SchemaValue = oas32.SchemaObjectValue;

// Nobody's: addresses and names from the ranges reserved for documentation.
const STRINGS: Readonly<Record<string, string>> = {
  date: '2026-01-01',
  'date-time': '2026-01-01T00:00:00.000Z',
  email: 'user@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  time: '00:00:00Z',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

/** A string of the format and length asked for. A `pattern` is beyond it: give such a schema an example. */
export function exampleString(schema: SchemaValue): string {
  const known = STRINGS[schema.format ?? ''];
  if (known !== undefined) return known;
  if (schema.contentEncoding === 'base64') return 'AAAA'.repeat(Math.max(1, Math.ceil((schema.minLength ?? 0) / 4)));
  const text = 'string'.padEnd(schema.minLength ?? 0, '.');
  return text.slice(0, schema.maxLength ?? text.length);
}

/** Zero where the limits allow it, else a number on or near one of them; `multipleOf` is kept, whole numbers are whole. */
export function exampleNumber(schema: SchemaValue): number {
  const { minimum = -Infinity, exclusiveMinimum = -Infinity, maximum = Infinity, exclusiveMaximum = Infinity } = schema;
  const low = Math.max(minimum, exclusiveMinimum);
  const high = Math.min(maximum, exclusiveMaximum);
  const grid = schema.multipleOf ?? (schema.type === 'integer' ? 1 : undefined);
  const step = grid ?? 1;
  const candidates = [
    ...[0, low, Math.ceil(low / step) * step, (Math.floor(low / step) + 1) * step],
    ...[high, Math.floor(high / step) * step, (Math.ceil(high / step) - 1) * step, (low + high) / 2],
  ];
  const fits = (value: number) =>
    Number.isFinite(value) &&
    value >= minimum &&
    value > exclusiveMinimum &&
    value <= maximum &&
    value < exclusiveMaximum &&
    (grid === undefined || Math.abs(value / grid - Math.round(value / grid)) < 1e-9);
  return candidates.find(fits) ?? 0;
}
