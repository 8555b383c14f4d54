import type { PictureKind } from '#shared/rpc/inference.ts';
import type { RecordingQuality } from './recording-quality.ts';

/** The public documentation draws the line at half of the crop. */
export const TIGHT_CROP_SHARE = 0.5;
/** Of 256 grey values. Below, noise outweighs skin. */
export const DARK_BRIGHTNESS = 45;
/** Of 100 genuine crops and frames that were measured, one lies below 6: this is blurred by any measure. */
export const BLURRED_SHARPNESS = 5;
/** The texture model was measured to weaken below. */
export const SMALL_FACE_PIXELS = 70;

/** What an integrator should mend in how pictures are taken; null when nothing stands out. */
export function qualityWarning(quality: RecordingQuality, kind: PictureKind): string | null {
  const warnings: string[] = [];
  if (kind === 'crop' && quality.faceShare > TIGHT_CROP_SHARE) {
    const percent = Math.round(quality.faceShare * 100);
    warnings.push(
      `Crop appears too tight (face is ${percent}% of image). Ensure crops include adequate margin around the face (face should be ~30% of crop).`,
    );
  }
  if (kind === 'frame' && quality.faceSizePixels < SMALL_FACE_PIXELS) {
    warnings.push(`Face is small (${Math.round(quality.faceSizePixels)} pixels). Come closer to the camera.`);
  }
  if (quality.faceCount > 1) warnings.push('Several faces are visible. Make sure that only one person is in view.');
  if (quality.brightness < DARK_BRIGHTNESS) warnings.push('The picture is too dark. Add light in front of the face.');
  if (quality.sharpness < BLURRED_SHARPNESS)
    warnings.push('The picture is too blurred. Hold still and clean the lens.');
  return warnings.length === 0 ? null : warnings.join(' ');
}
