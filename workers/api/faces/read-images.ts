import { type Problem, validationFailure } from '#shared/contract/validation.ts';
import { sha256Hex } from '#shared/lib/hash.ts';
import type { PublicFetchLimits } from '#shared/public-fetch/fetch-public.ts';
import { checkPublicUrl } from '#shared/public-fetch/public-url.ts';
import { PublicFetchFailure } from '#shared/public-fetch/refusal.ts';
import { decodePicture } from '../checks/decode-picture.ts';
import type { FacePorts } from './face-services.ts';

/** A picture as it came, and where in the request it stands. */
export interface Image {
  index: number;
  bytes: Uint8Array;
  /** SHA-256, hex. */
  hash: string;
}

const MAX_IMAGE_BYTES = 10 * 2 ** 20;
/** Of what is fetched for one request, together: the pictures are held until they are read. */
const MAX_FETCHED_BYTES = 24 * 2 ** 20;
const FETCH_TIMEOUT_MS = 10_000;
const MOST_REDIRECTS = 3;
/** What storage services say of a file when nobody has told them what it is. */
const UNNAMED_TYPES: readonly (string | null)[] = ['application/octet-stream', 'binary/octet-stream', null];

const LIMITS: Omit<PublicFetchLimits, 'maxBytes'> = {
  totalTimeoutMs: FETCH_TIMEOUT_MS,
  mostRedirects: MOST_REDIRECTS,
  acceptsType: (contentType) => contentType?.startsWith('image/') === true || UNNAMED_TYPES.includes(contentType),
};

const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/** Every image of a request, in order. One that cannot be had refuses them all: they were sent to be looked at together. */
export async function readImages(
  { fetchPublic }: Pick<FacePorts, 'fetchPublic'>,
  images: readonly string[],
): Promise<Image[]> {
  const read: Image[] = [];
  const problems: Problem[] = [];
  let fetchedBytes = 0;
  // What is wrong with a text is found before anything is fetched, and one after the other keeps the memory down.
  const parsed = images.map(parseImage);
  for (const [index, image] of parsed.entries()) if (!image.ok) problems.push(problem(index, image.message));
  if (problems.length > 0) throw validationFailure(problems);
  for (const [index, image] of parsed.entries()) {
    if (!image.ok) continue;
    const bytes = 'bytes' in image ? image.bytes : await fetchImage(fetchPublic, image.url, index, fetchedBytes);
    if ('url' in image) fetchedBytes += bytes.length;
    read.push({ index, bytes, hash: await sha256Hex(bytes) });
  }
  return read;
}

type ParsedImage = { ok: true; bytes: Uint8Array } | { ok: true; url: string } | { ok: false; message: string };

function parseImage(text: string): ParsedImage {
  if (HAS_SCHEME.test(text)) {
    const checked = checkPublicUrl(text);
    return checked.ok ? { ok: true, url: checked.url.href } : { ok: false, message: checked.message };
  }
  const bytes = decodePicture(text);
  if (bytes === null) return { ok: false, message: 'must be base64, a data URL or an HTTPS URL' };
  if (bytes.length > MAX_IMAGE_BYTES) return { ok: false, message: `must be at most ${MAX_IMAGE_BYTES} bytes` };
  return { ok: true, bytes };
}

async function fetchImage(
  fetchPublic: FacePorts['fetchPublic'],
  url: string,
  index: number,
  fetchedBytes: number,
): Promise<Uint8Array> {
  const maxBytes = Math.min(MAX_IMAGE_BYTES, MAX_FETCHED_BYTES - fetchedBytes);
  const fetched = await fetchPublic(url, { ...LIMITS, maxBytes });
  if (!fetched.ok) throw notFetched(index, fetched.message);
  try {
    return await new Response(fetched.body).bytes();
  } catch (error) {
    // It was good at first: too long, or broken off.
    if (error instanceof PublicFetchFailure) throw notFetched(index, error.refusal.message);
    throw notFetched(index, 'the connection broke off');
  }
}

function notFetched(index: number, reason: string) {
  return validationFailure([problem(index, `could not be fetched: ${reason}`)]);
}

export function problem(index: number, complaint: string): Problem {
  const field = `images.${index}`;
  return { field, message: `${field} ${complaint}`, missing: false };
}
