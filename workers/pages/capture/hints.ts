/** What a person can mend, the first that applies is told. */
export const HINTS = [
  'no_face',
  'several_faces',
  'too_far',
  'too_near',
  'off_centre',
  'too_dark',
  'too_bright',
  'too_blurred',
  'hold_still',
] as const;
export type HintCode = (typeof HINTS)[number];
