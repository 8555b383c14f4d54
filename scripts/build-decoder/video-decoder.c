// What the Worker needs of FFmpeg, behind a few exported functions. One instance of the module opens one clip and is then
// thrown away, so next to nothing here is freed: the memory goes with the instance, and no state can leak into another clip.
//
// The file is read through one import, `host_read`, which may suspend the whole stack (JSPI) until the bytes are there. If
// the host's read fails it throws through these frames and the instance is dead, so a failing store is never taken for
// the end of a file.
#include <errno.h>
#include <math.h>

#include "config.h"
#include "libavcodec/avcodec.h"
#include "libavformat/avformat.h"
// Private to FFmpeg, and the sources are pinned: the public index of an MP4 has no presentation times.
#include "libavformat/isom.h"
#include "libavutil/opt.h"
#include "libavutil/pixdesc.h"
#include "libswscale/swscale.h"

#include "damage.h"

#define EXPORT(name) __attribute__((export_name(#name)))

__attribute__((import_module("env"), import_name("host_read"))) int host_read(void *target, double offset, int length);

// The codes of native-decoder.ts. None of them may fall together with "no more frames".
enum {
  VD_NOT_A_VIDEO = -1,
  VD_NO_VIDEO = -2,
  VD_UNSUPPORTED_CODEC = -3,
  VD_TOO_LARGE = -4,
  VD_NO_MEMORY = -5,
  VD_DAMAGED = -6,
  VD_TOO_LONG = -7,
  VD_TOO_MANY_FRAMES = -8,
  VD_CANNOT_SEEK = -9,
};

// Enough to find the first picture behind a long header or a block of audio.
#define PROBE_BYTES (2 << 20)
#define PROBE_MICROSECONDS 2000000
// A request to the host is answered from a block of 1 MiB; smaller pieces cost calls, larger ones memory.
#define IO_BUFFER_BYTES 65536
// A file that yields nothing but errors is given up rather than read to its end.
#define MAX_ERRORS 500

enum { FRAME_IS_KEY = 1, FRAME_IS_HIDDEN = 2 };

typedef struct {
  double time_ms;
  // What vd_seek takes to land exactly here, in units of the stream.
  double seek_to;
  // A double like the rest, so that all of it reads as one Float64Array.
  double flags;
} ListedFrame;

static AVFormatContext *format;
static AVCodecContext *codec;
static AVPacket *packet;
static AVFrame *frame;
static AVStream *stream;

static double file_bytes, file_position;
static int limit_pixels, keys_only, is_draining, is_tainted, failed_packets;
static ListedFrame *listed;
static int listed_count, is_reordered;
static int32_t info[16];

static struct SwsContext *scaler;
static uint8_t *rgba;
static int rgba_bytes;

// malloc leaves ENOMEM behind. Decoders often say "invalid data" when what they lacked was memory, and a file must not
// be called damaged because it was too large for us.
static int failure(int error, int otherwise) {
  return error == AVERROR(ENOMEM) || errno == ENOMEM ? VD_NO_MEMORY : otherwise;
}

static int read_bytes(void *opaque, uint8_t *target, int length) {
  if (file_position >= file_bytes) return AVERROR_EOF;
  if (length > file_bytes - file_position) length = (int)(file_bytes - file_position);
  int count = host_read(target, file_position, length);
  if (count <= 0) return AVERROR(EIO);
  file_position += count;
  return count;
}

static int64_t seek_bytes(void *opaque, int64_t offset, int whence) {
  if (whence & AVSEEK_SIZE) return (int64_t)file_bytes;
  whence &= ~AVSEEK_FORCE;
  double base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? file_position : file_bytes;
  if (base + (double)offset < 0) return AVERROR(EINVAL);
  file_position = base + (double)offset;
  return (int64_t)file_position;
}

static int is_demuxer(const char *name) { return !strncmp(format->iformat->name, name, strlen(name)); }

static void discard_all_but(int index) {
  for (unsigned i = 0; i < format->nb_streams; i++) {
    if ((int)i != index) format->streams[i]->discard = AVDISCARD_ALL;
  }
}

// Finding out what a stream holds may decode pictures of it: under the same limit as ours.
static int probe_streams(int max_pixels, int index) {
  AVCodecParameters *known = index < 0 ? NULL : format->streams[index]->codecpar;
  int width = known ? known->width : 0, height = known ? known->height : 0;
  unsigned count = format->nb_streams;
  AVDictionary **options = av_calloc(count ? count : 1, sizeof(*options));
  if (!options) return AVERROR(ENOMEM);
  for (unsigned i = 0; i < count; i++) av_dict_set_int(&options[i], "max_pixels", max_pixels, 0);
  int result = avformat_find_stream_info(format, options);
  for (unsigned i = 0; i < count; i++) av_dict_free(&options[i]);
  av_free(options);
  // Where the decoder found them too large, the sizes are gone.
  if (known && !known->width) {
    known->width = width;
    known->height = height;
  }
  return result;
}

static void fill_info(void) {
  AVRational aspect = av_guess_sample_aspect_ratio(format, stream, NULL);
  int32_t *matrix = (int32_t *)av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, NULL);
  info[0] = stream->codecpar->width;
  info[1] = stream->codecpar->height;
  info[2] = aspect.num;
  info[3] = aspect.den;
  info[4] = matrix ? matrix[0] : 1 << 16;
  info[5] = matrix ? matrix[1] : 0;
  info[6] = matrix ? matrix[3] : 0;
  info[7] = matrix ? matrix[4] : 1 << 16;
  // Whether frames have times. AVI numbers its chunks in the order of decoding and knows no other.
  info[8] = !is_demuxer("avi");
  info[9] = format->duration > 0 ? (int32_t)FFMIN(format->duration / 1000, INT32_MAX) : 0;
}

// The demuxer stays as it is; the decoder starts anew, with all of its pictures given back. With `only_keys` it decodes key
// frames alone, which needs no room for others to build upon.
EXPORT(vd_restart) int vd_restart(int only_keys) {
  errno = 0;
  keys_only = only_keys;
  is_draining = 0;
  failed_packets = 0;
  av_frame_unref(frame);
  avcodec_free_context(&codec);
  codec = avcodec_alloc_context3(avcodec_find_decoder(stream->codecpar->codec_id));
  if (!codec) return VD_NO_MEMORY;
  int result = avcodec_parameters_to_context(codec, stream->codecpar);
  if (result < 0) return failure(result, VD_DAMAGED);
  codec->thread_count = 1;
  codec->pkt_timebase = stream->time_base;
  codec->max_pixels = limit_pixels;
  if (keys_only) codec->skip_frame = AVDISCARD_NONKEY;
  result = avcodec_open2(codec, NULL, NULL);
  return result < 0 ? failure(result, VD_DAMAGED) : 0;
}

EXPORT(vd_open) int vd_open(double size, int max_pixels) {
  av_log_set_callback(listen_to_log);
  errno = 0;
  file_bytes = size;
  limit_pixels = max_pixels;
  format = avformat_alloc_context();
  packet = av_packet_alloc();
  frame = av_frame_alloc();
  uint8_t *buffer = av_malloc(IO_BUFFER_BYTES);
  if (!format || !packet || !frame || !buffer) return VD_NO_MEMORY;
  format->pb = avio_alloc_context(buffer, IO_BUFFER_BYTES, 0, NULL, read_bytes, NULL, seek_bytes);
  if (!format->pb) return VD_NO_MEMORY;
  format->flags |= AVFMT_FLAG_CUSTOM_IO;
  format->probesize = PROBE_BYTES;
  format->max_analyze_duration = PROBE_MICROSECONDS;

  int result = avformat_open_input(&format, NULL, NULL, NULL);
  if (result < 0) return failure(result, VD_NOT_A_VIDEO);
  int index = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
  if (index >= 0) discard_all_but(index);
  result = probe_streams(max_pixels, index);
  if (result < 0) return failure(result, VD_DAMAGED);
  // Once more: AVI and Matroska may know only now.
  index = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
  // The cover of a song counts as video to FFmpeg, not to us.
  if (index < 0 || format->streams[index]->disposition & AV_DISPOSITION_ATTACHED_PIC) return VD_NO_VIDEO;
  discard_all_but(index);
  stream = format->streams[index];
  stream->discard = AVDISCARD_DEFAULT;
  fill_info();

  if (!avcodec_find_decoder(stream->codecpar->codec_id)) return VD_UNSUPPORTED_CODEC;
  if (stream->codecpar->width <= 0 || stream->codecpar->height <= 0) return VD_DAMAGED;
  if ((double)stream->codecpar->width * stream->codecpar->height > max_pixels) return VD_TOO_LARGE;
  return vd_restart(0);
}

EXPORT(vd_info) int32_t *vd_info(void) { return info; }
EXPORT(vd_container) const char *vd_container(void) { return format->iformat->name; }
EXPORT(vd_brand) const char *vd_brand(void) {
  AVDictionaryEntry *brand = av_dict_get(format->metadata, "major_brand", NULL, 0);
  return brand ? brand->value : "";
}
// A codec that FFmpeg has no number for still has the four letters that the container gives it.
EXPORT(vd_codec) const char *vd_codec(void) {
  static char letters[AV_FOURCC_MAX_STRING_SIZE];
  if (!stream) return "";
  if (stream->codecpar->codec_id != AV_CODEC_ID_NONE) return avcodec_get_name(stream->codecpar->codec_id);
  return av_fourcc_make_string(letters, stream->codecpar->codec_tag);
}

static double to_ms(int64_t ticks) { return (double)ticks * 1000.0 * av_q2d(stream->time_base); }

static int list_frame(int64_t pts, int64_t dts, int64_t seek_to, int flags, int limit) {
  if (listed_count >= limit) return VD_TOO_MANY_FRAMES;
  is_reordered |= pts != dts;
  ListedFrame *entry = &listed[listed_count++];
  entry->time_ms = to_ms(pts);
  entry->seek_to = (double)seek_to;
  entry->flags = flags;
  return 0;
}

// A seek in an MP4 takes what it is given for a time of presentation, and takes this away to get at one of decoding.
static int64_t seek_target(int64_t dts) {
  MOVStreamContext *track = stream->priv_data;
  return av_sat_add64(dts, av_sat_add64(track->min_corrected_pts, track->dts_shift));
}

// The table of samples in an MP4 or MOV gives it all without a byte of media, as mov_read_packet would see it.
static int list_from_index(int limit) {
  MOVStreamContext *track = stream->priv_data;
  int count = avformat_index_get_entries_count(stream);
  unsigned run = 0;
  int in_run = 0;
  for (int i = 0; i < count; i++) {
    const AVIndexEntry *entry = avformat_index_get_entry(stream, i);
    int64_t pts = entry->timestamp;
    if (track->ctts_data && run < track->ctts_count) {
      pts = av_sat_add64(pts, av_sat_add64(track->dts_shift, track->ctts_data[run].duration));
      if (++in_run == (int)track->ctts_data[run].count) {
        run++;
        in_run = 0;
      }
    }
    int flags = (entry->flags & AVINDEX_KEYFRAME ? FRAME_IS_KEY : 0) |
                (entry->flags & AVINDEX_DISCARD_FRAME ? FRAME_IS_HIDDEN : 0);
    int result = list_frame(pts, entry->timestamp, seek_target(entry->timestamp), flags, limit);
    if (result < 0) return result;
  }
  return 0;
}

#define MAX_PACKED 4

// How many pictures a packet shows. An "altref" of VP8 shows none. MPEG-4 in AVI may pack a P and a B picture into one
// chunk and fill the next with a few bytes that show nothing.
// Answers whether each is a B picture, too.
static int shown_by(const AVPacket *from, uint8_t is_b[MAX_PACKED]) {
  is_b[0] = 0;
  if (stream->codecpar->codec_id == AV_CODEC_ID_VP8) return from->size > 0 && (from->data[0] & 0x10) != 0;
  if (stream->codecpar->codec_id != AV_CODEC_ID_MPEG4) return from->size > 0;
  if (from->size <= 8) return 0;
  int pictures = 0;
  for (int i = 0; i + 4 < from->size && pictures < MAX_PACKED; i++) {
    if (from->data[i] || from->data[i + 1] || from->data[i + 2] != 1 || from->data[i + 3] != 0xb6) continue;
    is_b[pictures++] = from->data[i + 4] >> 6 == 2;
  }
  return pictures;
}

// Elsewhere only reading to the end tells, which is what a recording of MediaRecorder needs anyway: it carries no duration.
static int list_from_packets(int limit, double max_span_ms) {
  int64_t next = 0, free_slot = INT64_MIN;
  int seen = 0, reference = -1;
  double earliest_ms = INFINITY;
  for (;;) {
    av_packet_unref(packet);
    int result = av_read_frame(format, packet);
    if (result < 0) {
      if (failure(result, 0) == VD_NO_MEMORY) return VD_NO_MEMORY;
      // Cut off or damaged from here on. What comes before may still be enough.
      return 0;
    }
    if (packet->stream_index != stream->index) continue;
    // A bound on packets too, for those that show nothing.
    if (++seen > 2 * limit) return VD_TOO_MANY_FRAMES;
    int64_t dts = packet->dts != AV_NOPTS_VALUE ? packet->dts : packet->pts != AV_NOPTS_VALUE ? packet->pts : next;
    int64_t pts = packet->pts != AV_NOPTS_VALUE && info[8] ? packet->pts : dts;
    int64_t duration = packet->duration > 0 ? packet->duration : 1;
    int64_t seek_to = dts;
    if (is_demuxer("matroska")) seek_to = pts;
    if (is_demuxer("mov")) seek_to = seek_target(dts);
    next = av_sat_add64(dts, duration);
    uint8_t is_b[MAX_PACKED];
    int shown = shown_by(packet, is_b);
    for (int i = 0; i < shown; i++) {
      int flags = (packet->flags & AV_PKT_FLAG_KEY && !i ? FRAME_IS_KEY : 0) |
                  (packet->flags & AV_PKT_FLAG_DISCARD ? FRAME_IS_HIDDEN : 0);
      // Of two pictures in one chunk the second pushes those behind it on, up to the chunk that shows nothing.
      int64_t at = info[8] ? pts : FFMAX(pts, free_slot);
      free_slot = av_sat_add64(at, duration);
      result = list_frame(at, dts, seek_to, flags, limit);
      if (result < 0) return result;
      if (info[8]) continue;
      // A B picture is shown where the one before it, which it builds upon, seemed to be.
      if (is_b[i] && reference >= 0) FFSWAP(double, listed[reference].time_ms, listed[listed_count - 1].time_ms);
      if (!is_b[i]) reference = listed_count - 1;
    }
    earliest_ms = fmin(earliest_ms, to_ms(pts));
    if (to_ms(pts) - earliest_ms > max_span_ms) return VD_TOO_LONG;
  }
}

// Lists every frame, in the order of the file. Answers how many. vd_seek must follow before vd_next.
EXPORT(vd_list) int vd_list(int limit, double max_span_ms) {
  errno = 0;
  listed = av_calloc(limit, sizeof(*listed));
  if (!listed) return VD_NO_MEMORY;
  int has_whole_index = 0;
  if (is_demuxer("mov")) {
    MOVContext *mov = format->priv_data;
    // A fragmented file has tables here and there, known only once it is read.
    has_whole_index = !mov->trex_count && !mov->frag_index.nb_items && avformat_index_get_entries_count(stream) > 0;
  }
  int result = has_whole_index ? list_from_index(limit) : list_from_packets(limit, max_span_ms);
  // Pictures that must change places, and times that do not: those are the times of decoding.
  if (!is_reordered && stream->codecpar->video_delay > 0) info[8] = 0;
  return result < 0 ? result : listed_count;
}
EXPORT(vd_listed) ListedFrame *vd_listed(void) { return listed; }

EXPORT(vd_seek) int vd_seek(double seek_to) {
  errno = 0;
  int result = av_seek_frame(format, stream->index, (int64_t)seek_to, AVSEEK_FLAG_BACKWARD);
  if (result < 0) return failure(result, VD_CANNOT_SEEK);
  avcodec_flush_buffers(codec);
  is_draining = 0;
  forget_damage();
  return 0;
}

static int note_error(int error) {
  note_damage(current_packet);
  if (failure(error, 0) == VD_NO_MEMORY) return VD_NO_MEMORY;
  return ++failed_packets > MAX_ERRORS ? VD_DAMAGED : 0;
}

// Gives the decoder the next packet, or tells it that there is none.
static int feed(void) {
  int result;
  do {
    av_packet_unref(packet);
    result = av_read_frame(format, packet);
  } while (result >= 0 && (packet->stream_index != stream->index || (keys_only && !(packet->flags & AV_PKT_FLAG_KEY))));
  if (result < 0) {
    is_draining = 1;
    if (result != AVERROR_EOF) {
      int fatal = note_error(result);
      if (fatal) return fatal;
    }
    avcodec_send_packet(codec, NULL);
    note_complaints(current_packet);
    return 0;
  }
  codec->reordered_opaque = tag_packet(packet);
  // What the demuxer had to skip is missing to this packet, unless it begins anew.
  if (packet->flags & AV_PKT_FLAG_KEY) was_complaint = 0;
  int fatal = 0;
  // Half a packet, where the file was cut off.
  if (packet->flags & AV_PKT_FLAG_CORRUPT) fatal = note_error(AVERROR_INVALIDDATA);
  result = avcodec_send_packet(codec, packet);
  av_packet_unref(packet);
  if (!fatal && result < 0 && result != AVERROR(EAGAIN)) fatal = note_error(result);
  if (keys_only && !fatal) {
    // One key frame for each seek, out at once: without what follows, nothing need wait for its turn.
    is_draining = 1;
    avcodec_send_packet(codec, NULL);
  }
  note_complaints(current_packet);
  return fatal;
}

// 1 with a frame, 0 at the end, or what went wrong.
EXPORT(vd_next) int vd_next(void) {
  errno = 0;
  for (;;) {
    int result = avcodec_receive_frame(codec, frame);
    note_complaints(current_packet);
    if (result == 0) {
      is_tainted = !is_whole(frame);
      return is_tainted && errno == ENOMEM ? VD_NO_MEMORY : 1;
    }
    if (result == AVERROR_EOF) return 0;
    if (result != AVERROR(EAGAIN)) {
      int fatal = note_error(result);
      if (fatal) return fatal;
    }
    if (is_draining) {
      if (result == AVERROR(EAGAIN)) return 0;
      continue;
    }
    int fatal = feed();
    if (fatal) return fatal;
  }
}

// To the bit what vd_list says of the same frame. NaN if it has no time.
EXPORT(vd_time) double vd_time(void) {
  int64_t pts = frame->pts != AV_NOPTS_VALUE ? frame->pts : frame->best_effort_timestamp;
  return pts == AV_NOPTS_VALUE ? NAN : to_ms(pts);
}
EXPORT(vd_tainted) int vd_tainted(void) { return is_tainted; }
EXPORT(vd_damage) int vd_damage(void) { return damage_count; }
EXPORT(vd_width) int vd_width(void) { return frame->width; }
EXPORT(vd_height) int vd_height(void) { return frame->height; }
EXPORT(vd_pixel_format) const char *vd_pixel_format(void) {
  const char *name = av_get_pix_fmt_name(frame->format);
  return name ? name : "";
}

// The formats whose name says "full range" are old; the scaler wants the plain one and the range apart.
static enum AVPixelFormat plain_format(int *is_full_range) {
  *is_full_range = frame->color_range == AVCOL_RANGE_JPEG;
  switch (frame->format) {
    case AV_PIX_FMT_YUVJ420P: *is_full_range = 1; return AV_PIX_FMT_YUV420P;
    case AV_PIX_FMT_YUVJ422P: *is_full_range = 1; return AV_PIX_FMT_YUV422P;
    case AV_PIX_FMT_YUVJ440P: *is_full_range = 1; return AV_PIX_FMT_YUV440P;
    case AV_PIX_FMT_YUVJ444P: *is_full_range = 1; return AV_PIX_FMT_YUV444P;
    case AV_PIX_FMT_YUVJ411P: *is_full_range = 1; return AV_PIX_FMT_YUV411P;
    default: return frame->format;
  }
}

// What a file leaves unsaid is taken as players take it: BT.709 from 720 lines up, BT.601 below, and 601 for JPEG always.
// HDR (PQ, HLG) keeps its own curve and looks pale; HLG, which phones record, was made to be watchable so.
static const int *matrix_coefficients(void) {
  switch (frame->colorspace) {
    case AVCOL_SPC_BT709: return sws_getCoefficients(SWS_CS_ITU709);
    case AVCOL_SPC_FCC: return sws_getCoefficients(SWS_CS_FCC);
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M: return sws_getCoefficients(SWS_CS_ITU601);
    case AVCOL_SPC_SMPTE240M: return sws_getCoefficients(SWS_CS_SMPTE240M);
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL: return sws_getCoefficients(SWS_CS_BT2020);
    default: break;
  }
  int is_hd = FFMAX(frame->width, frame->height) >= 1280 || FFMIN(frame->width, frame->height) >= 720;
  return sws_getCoefficients(is_hd && codec->codec_id != AV_CODEC_ID_MJPEG ? SWS_CS_ITU709 : SWS_CS_ITU601);
}

// The frame at hand as rows of RGBA, scaled to the size asked for. NULL: no memory, or pixels that the scaler does not know.
EXPORT(vd_rgba) uint8_t *vd_rgba(int width, int height) {
  errno = 0;
  int is_full_range;
  enum AVPixelFormat source = plain_format(&is_full_range);
  // Without the last three the scaler takes short cuts that halve the colour resolution, of 4:2:2 above all. By area or
  // linearly it is twice as fast, but puts colours half a pixel beside where they belong.
  int flags = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;
  scaler = sws_getCachedContext(scaler, frame->width, frame->height, source, width, height, AV_PIX_FMT_RGBA, flags, NULL,
                                NULL, NULL);
  if (!scaler) return NULL;
  sws_setColorspaceDetails(scaler, matrix_coefficients(), is_full_range, sws_getCoefficients(SWS_CS_DEFAULT), 1, 0,
                           1 << 16, 1 << 16);
  int stride = width * 4;
  // The scaler may write a few bytes past a row.
  int needed = stride * height + 64;
  if (needed > rgba_bytes) {
    av_freep(&rgba);
    rgba = av_malloc(needed);
    rgba_bytes = rgba ? needed : 0;
    if (!rgba) return NULL;
  }
  uint8_t *planes[4] = {rgba};
  int strides[4] = {stride};
  int rows = sws_scale(scaler, (const uint8_t *const *)frame->data, frame->linesize, 0, frame->height, planes, strides);
  return rows > 0 ? rgba : NULL;
}
