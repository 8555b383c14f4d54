import { Buffer } from 'node:buffer';
import type { UserTemplateRow } from '#shared/db/user-templates.ts';
import { DIMENSIONS, unitVector } from '#shared/lib/embedding.ts';
import { seal, unseal } from '#shared/lib/sealed.ts';

type Place = Pick<UserTemplateRow, 'id' | 'organisationId' | 'userIdentifier'>;

export async function sealEmbedding(embedding: Float32Array, place: Place, dataKey: string): Promise<string> {
  const numbers = Buffer.alloc(DIMENSIONS * Float32Array.BYTES_PER_ELEMENT);
  for (const [i, value] of embedding.entries()) numbers.writeFloatLE(value, i * Float32Array.BYTES_PER_ELEMENT);
  return await seal(numbers.toString('base64'), dataKey, purposeOf(place));
}

/** Throws for what was sealed for another place, or with another key. */
export async function unsealEmbedding(template: UserTemplateRow, dataKey: string): Promise<Float32Array<ArrayBuffer>> {
  const numbers = Buffer.from(await unseal(template.sealed, dataKey, purposeOf(template)), 'base64');
  const length = numbers.length / Float32Array.BYTES_PER_ELEMENT;
  return unitVector(Float32Array.from({ length }, (_, i) => numbers.readFloatLE(i * Float32Array.BYTES_PER_ELEMENT)));
}

/** A row that is moved to another user does not open. As JSON, because a user's name may hold anything. */
const purposeOf = ({ organisationId, userIdentifier, id }: Place) =>
  `user template ${JSON.stringify([organisationId, userIdentifier, id])}`;
