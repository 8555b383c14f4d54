import type { CueReading } from '#shared/rpc/inference.ts';
import type { TemporalEvidence } from '../temporal/temporal-evidence.ts';
import type { Fused } from './fuse.ts';
import { BLURRED_SHARPNESS, DARK_BRIGHTNESS, SMALL_FACE_PIXELS, TIGHT_CROP_SHARE } from './quality-warning.ts';
import type { RecordingQuality } from './recording-quality.ts';

/** Log-odds of the threshold 0.65, and of its mirror: between them a side has not made up its mind. */
const LIVE_FROM_LOG_ODDS = Math.log(0.65 / 0.35);
const FAKE_TO_LOG_ODDS = -LIVE_FROM_LOG_ODDS;
const UNEVEN_LIGHT = 0.55;
const CLIPPED_SHARE = 0.25;
const FULL_BLINK = 0.45;

type Side = CueReading['speaksFor'];

/** What each cue says, and what the person in front of the camera can do about it: a genuine user who fails asks why. */
export function cueReadings(
  evidence: TemporalEvidence,
  quality: RecordingQuality | null,
  fused: Fused | null,
): CueReading[] {
  const readings = [
    reading('faces_found', evidence.faceShare, evidence.faceShare < 0.5 ? 'fake' : 'neither', {
      when: evidence.faceShare < 0.9,
      advice: 'Keep the whole face in view, upright and towards the camera.',
    }),
    reading('distinct_frames', evidence.distinctShare, evidence.distinctShare < 0.5 ? 'fake' : 'neither', {
      when: evidence.distinctShare < 0.8,
      advice: 'Send each frame of the camera once.',
    }),
  ];
  if (fused) readings.push(...verdictCues(evidence, fused));
  if (evidence.landmarks) {
    const { blinkDepth, mouthRange } = evidence.landmarks;
    readings.push(reading('eyes_closed_by', blinkDepth, blinkDepth > FULL_BLINK ? 'live' : 'neither'));
    readings.push(reading('mouth_moved_by', mouthRange, 'neither'));
  }
  if (evidence.pulse) readings.push(reading('pulse_bpm', evidence.pulse.beatsPerMinute, 'neither'));
  if (quality) readings.push(...qualityCues(quality));
  return readings;
}

function verdictCues(evidence: TemporalEvidence, fused: Fused): CueReading[] {
  return [
    reading('texture', fused.texture, sideOf(fused.texture), {
      when: sideOf(fused.texture) !== 'live',
      advice: 'Face an even light, clean the lens, and leave room around the head.',
    }),
    // Part of `texture` where the model weighs it, shown for every model: for who compares the networks.
    ...(evidence.recaptureMargin === null
      ? []
      : [reading('texture_recapture', evidence.recaptureMargin, 'neither' as const)]),
    reading('texture_steadiness', -evidence.textureSpread, 'neither'),
    reading('motion', fused.motion, sideOf(fused.motion), {
      when: sideOf(fused.motion) !== 'live',
      advice: 'Move the head a little, blink, or say a word.',
    }),
    reading('continuity', fused.continuity, sideOf(fused.continuity), {
      when: sideOf(fused.continuity) !== 'live',
      advice: 'Move slowly, and send frames in the order and at the pace of the camera.',
    }),
  ];
}

function qualityCues(quality: RecordingQuality): CueReading[] {
  return [
    reading('face_share', quality.faceShare, 'neither', {
      when: quality.faceShare > TIGHT_CROP_SHARE,
      advice: 'Move back, so that there is room around the head.',
    }),
    reading('face_size_pixels', quality.faceSizePixels, 'neither', {
      when: quality.faceSizePixels < SMALL_FACE_PIXELS,
      advice: 'Come closer to the camera.',
    }),
    reading('faces_in_view', quality.faceCount, 'neither', {
      when: quality.faceCount > 1,
      advice: 'Make sure that nobody else is in view.',
    }),
    reading('brightness', quality.brightness, 'neither', {
      when: quality.brightness < DARK_BRIGHTNESS,
      advice: 'Add light in front of the face.',
    }),
    reading('clipped_light', quality.clippedShare, 'neither', {
      when: quality.clippedShare > CLIPPED_SHARE,
      advice: 'Avoid direct sun and lamps behind the head.',
    }),
    reading('light_balance', quality.lightBalance, 'neither', {
      when: quality.lightBalance < UNEVEN_LIGHT,
      advice: 'Turn towards the light, so that both sides of the face are lit.',
    }),
    reading('sharpness', quality.sharpness, 'neither', {
      when: quality.sharpness < BLURRED_SHARPNESS,
      advice: 'Hold the camera still and clean the lens.',
    }),
  ];
}

function sideOf(logOdds: number): Side {
  if (logOdds >= LIVE_FROM_LOG_ODDS) return 'live';
  return logOdds <= FAKE_TO_LOG_ODDS ? 'fake' : 'neither';
}

function reading(
  cue: string,
  value: number,
  speaksFor: Side,
  hint: { when: boolean; advice: string } = { when: false, advice: '' },
): CueReading {
  return { cue, value, speaksFor, advice: hint.when ? hint.advice : null };
}
