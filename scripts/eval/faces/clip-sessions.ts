import { COMPARED_PICTURES } from '../../../workers/api/checks/session-attempt.ts';
import { readFaces } from '../../../workers/faces/read-faces.ts';
import type { Networks } from '../../../workers/inference/frame/networks.ts';
import { type ReadPerson, readPerson } from '../../../workers/sessions/users/read-person.ts';
import type { LabelledClip } from '../../calibrate/read-manifest.ts';
import { clipRecordings, timelineOf } from '../clip-recordings.ts';
import { nativeFaceTools } from './native-face-tools.ts';

/** As a page records for a session of standard risk. At most so many sessions of one clip. */
const CUTTING = { count: 10, fps: 12, atMost: 5, withCrops: true };

export interface ClipSession {
  clip: string;
  person: string;
  embedding: Float32Array;
}

export interface ClipSessions {
  sessions: ClipSession[];
  /** Recordings of which the sessions Worker would compare nothing. */
  missed: { clip: string; outcome: string }[];
}

/**
 * What the sessions Worker makes of recordings of each clip, by its own code: some of the crops, read and fused. The service draws
 * them by chance; here they stand at even distances, so that a run can be repeated.
 */
export async function clipSessions(
  clips: readonly LabelledClip[],
  personOf: (clip: LabelledClip) => string,
  networks: Networks,
  progress: (line: string) => void,
): Promise<ClipSessions> {
  const tools = await nativeFaceTools();
  const found: ClipSessions = { sessions: [], missed: [] };
  for (const [place, clip] of clips.entries()) {
    progress(`${place + 1} of ${clips.length}: ${clip.file}`);
    const recordings = await clipRecordings(clip, await timelineOf(clip), CUTTING, networks);
    for (const { crops } of recordings) {
      const person = crops === null ? null : await read(crops, tools);
      if (person?.outcome === 'read') {
        found.sessions.push({ clip: clip.file, person: personOf(clip), embedding: person.embedding });
      } else found.missed.push({ clip: clip.file, outcome: person?.outcome ?? 'no crops' });
    }
  }
  return found;
}

async function read(
  crops: readonly Uint8Array[],
  tools: Awaited<ReturnType<typeof nativeFaceTools>>,
): Promise<ReadPerson> {
  const places = Array.from({ length: COMPARED_PICTURES }, (_, n) =>
    Math.round((n * (crops.length - 1)) / (COMPARED_PICTURES - 1)),
  );
  const pictures = places.flatMap((place) => crops[place] ?? []);
  const request = { pictures, framing: 'crop', embedding: 'flipped', thumbnails: 'none' } as const;
  const result = await readFaces(
    request,
    async () => tools,
    (message, error) => {
      throw new Error(message, { cause: error });
    },
  );
  if (!result.ok) throw new Error(result.reason);
  return readPerson(result.outcomes);
}
