/** How FFmpeg is told to code a clip. */
export const CODECS = {
  'h264-baseline': '-c:v libx264 -profile:v baseline -preset ultrafast -pix_fmt yuv420p',
  'h264-main': '-c:v libx264 -profile:v main -preset veryfast -bf 2 -pix_fmt yuv420p',
  'h264-high': '-c:v libx264 -profile:v high -preset veryfast -bf 3 -g 12 -pix_fmt yuv420p',
  hevc: '-c:v libx265 -preset ultrafast -x265-params log-level=none:bframes=2 -pix_fmt yuv420p -tag:v hvc1',
  'hevc-10bit': '-c:v libx265 -preset ultrafast -x265-params log-level=none -pix_fmt yuv420p10le -tag:v hvc1',
  vp8: '-c:v libvpx -deadline realtime -cpu-used 8 -b:v 800k',
  'vp8-altref': '-c:v libvpx -deadline good -cpu-used 5 -b:v 800k -auto-alt-ref 1 -lag-in-frames 12',
  vp9: '-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 800k -pix_fmt yuv420p',
  'vp9-10bit': '-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 800k -pix_fmt yuv420p10le',
  av1: '-c:v libaom-av1 -strict experimental -cpu-used 8 -b:v 500k -frames:v 8',
  mpeg4: '-c:v mpeg4 -q:v 3 -bf 2',
  xvid: '-c:v libxvid -q:v 3 -bf 2',
  mjpeg: '-c:v mjpeg -q:v 3 -pix_fmt yuvj420p',
  'mjpeg-422': '-c:v mjpeg -q:v 3 -pix_fmt yuvj422p',
} as const;

export type CodecName = keyof typeof CODECS;
