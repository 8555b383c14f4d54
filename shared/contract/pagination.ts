import { decodeBase64Url, encodeBase64Url } from 'hono/utils/encode';
import { z } from 'zod';
import { invalidField } from './errors.ts';

export const PAGE_LIMIT_DEFAULT = 20;
export const PAGE_LIMIT_MAXIMUM = 100;

export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT_MAXIMUM).default(PAGE_LIMIT_DEFAULT).meta({
    description: 'How many items a page holds.',
    example: PAGE_LIMIT_DEFAULT,
  }),
  cursor: z.string().max(200).optional().meta({ description: '`next_cursor` of the page before.' }),
});
export type PageQuery = z.infer<typeof PageQuery>;

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next_cursor: z.string().nullable().meta({ description: 'Ask with it for the next page; null on the last one.' }),
  });
}

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

/** Lists run from the newest to the oldest; a position is the last row seen. Ids break ties within a millisecond. */
export interface PagePosition {
  createdAtMs: number;
  id: string;
}

const Position = z.tuple([z.int().nonnegative(), z.string().min(1).max(64)]);

/** What a list query needs to know; it fetches one row more than `limit`, to see whether there is a next page. */
export interface PageRequest {
  after: PagePosition | null;
  limit: number;
}

export function pageRequest({ cursor, limit }: PageQuery): PageRequest {
  return { after: cursor === undefined ? null : decodeCursor(cursor), limit };
}

function encodeCursor(position: PagePosition): string {
  const bytes = new TextEncoder().encode(JSON.stringify([position.createdAtMs, position.id]));
  return encodeBase64Url(bytes.buffer).replace(/=+$/, '');
}

function decodeCursor(cursor: string): PagePosition {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(decodeBase64Url(cursor));
    const [createdAtMs, id] = Position.parse(JSON.parse(text));
    return { createdAtMs, id };
  } catch {
    throw invalidField('cursor', 'cursor is not one that this route has given out');
  }
}

/** `rows` as a list query gives them. */
export function toPage<Row extends PagePosition, Item>(
  rows: Row[],
  { limit }: PageRequest,
  present: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(present), next_cursor: rows.length > limit && last ? encodeCursor(last) : null };
}
