import { cosine } from '../../../shared/lib/embedding.ts';
import type { ClipSession } from './clip-sessions.ts';

export interface Trials {
  accepted: number;
  trials: number;
}

export interface UserRates {
  /** A session with the others of its clip: easy, for they share a room, a camera and a minute. */
  sameClip: Trials;
  /** With those of another clip of the same person. */
  otherClip: Trials;
  /** With those of a clip of somebody else. */
  strangers: Trials;
  /** Of people, any of whose sessions is taken for the other's. */
  pairsOfPeople: Trials;
}

/** Every session against all of every clip, as against the earlier sessions of a user: the best counts. */
export function userRates(sessions: readonly ClipSession[], cosineOver: number): UserRates {
  const rates = { sameClip: none(), otherClip: none(), strangers: none() };
  const mistakenPairs = new Map<string, boolean>();
  const clips = [...Map.groupBy(sessions, ({ clip }) => clip).values()];
  for (const probe of sessions) {
    for (const clip of clips) {
      const earlier = clip.filter((session) => session !== probe);
      const [one] = earlier;
      if (one === undefined) continue;
      const best = Math.max(...earlier.map(({ embedding }) => cosine(probe.embedding, embedding)));
      const isAccepted = best > cosineOver;
      const kind = one.clip === probe.clip ? 'sameClip' : one.person === probe.person ? 'otherClip' : 'strangers';
      rates[kind].trials++;
      if (isAccepted) rates[kind].accepted++;
      if (kind !== 'strangers') continue;
      const pair = JSON.stringify([one.person, probe.person].sort());
      mistakenPairs.set(pair, isAccepted || mistakenPairs.get(pair) === true);
    }
  }
  const pairs = [...mistakenPairs.values()];
  return {
    ...rates,
    pairsOfPeople: { accepted: pairs.filter((isMistaken) => isMistaken).length, trials: pairs.length },
  };
}

const none = (): Trials => ({ accepted: 0, trials: 0 });
