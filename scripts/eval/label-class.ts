/** What a label stands for, as far as the numbers are kept apart by it. */
export type LabelClass = 'live' | 'physical' | 'doctored' | 'still' | 'other';

const STILL = 'still: ';

/** Stills are made here of live clips, so no manifest has this label. */
export function stillLabel(attack: string): string {
  return STILL + attack;
}

export function labelClass(label: string): LabelClass {
  if (label === 'live') return 'live';
  if (label.startsWith(STILL)) return 'still';
  if (/deepfake|face_?swap/.test(label)) return 'doctored';
  if (/^spoof_(replay|print)/.test(label)) return 'physical';
  return 'other';
}
