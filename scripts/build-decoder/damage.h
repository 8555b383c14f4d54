// Which decoded frames are whole. Damage spreads through prediction, from the packet where it is up to the next key frame;
// decoders paint over what is missing, and what is painted over is no evidence. So packets are numbered, every key frame
// begins a group, and of each group the first damaged packet is remembered. A frame knows the number of its packet.
//
// Some decoders mark a frame that they mended (H.264, MPEG-4). Others only complain in the log (HEVC, VP8, VP9, AV1, JPEG),
// and so does a demuxer that skips over a hole; therefore the log is listened to. What no decoder can know stays unknown:
// VP8 and VP9 make some picture of any bytes, as long as those are as many as they should be.

#define KEPT_GROUPS 64

typedef struct {
  int32_t group;
  int32_t number;
} PacketTag;

typedef struct {
  int64_t key_pts;
  int32_t first_damaged;
} PacketGroup;

static PacketGroup groups[KEPT_GROUPS];
static PacketTag current_packet;
static int was_complaint, damage_count;

static int complains_in_vain(const char *format_string) {
  // Cameras write what they like into the application fields of a JPEG.
  return strstr(format_string, "APP field") != NULL;
}

static void listen_to_log(void *speaker, int level, const char *format_string, va_list arguments) {
  if ((level & 0xff) > AV_LOG_ERROR || !speaker || complains_in_vain(format_string)) return;
  const AVCodecContext *decoder = NULL;
  if (*(const AVClass **)speaker == avcodec_get_class()) decoder = speaker;
  // These two mark their frames, and complain of much that does no harm.
  if (decoder && (decoder->codec_id == AV_CODEC_ID_H264 || decoder->codec_id == AV_CODEC_ID_MPEG4)) return;
  was_complaint = 1;
}

static PacketGroup *group_of(int32_t group) { return &groups[group & (KEPT_GROUPS - 1)]; }

static void begin_group(int64_t key_pts) {
  current_packet.group++;
  *group_of(current_packet.group) = (PacketGroup){key_pts, INT32_MAX};
}

static void forget_damage(void) {
  begin_group(AV_NOPTS_VALUE);
  was_complaint = 0;
}

// What the decoder is to hand on from a packet to its frame.
static int64_t tag_packet(const AVPacket *packet) {
  current_packet.number++;
  if (packet->flags & AV_PKT_FLAG_KEY) begin_group(packet->pts);
  return (int64_t)current_packet.group << 32 | current_packet.number;
}

static void note_damage(PacketTag at) {
  PacketGroup *group = group_of(at.group);
  damage_count++;
  // A hole seldom begins where a packet does, and the end of the one before may have decoded to something.
  group->first_damaged = FFMIN(group->first_damaged, at.number - 1);
}

static void note_complaints(PacketTag at) {
  if (was_complaint) note_damage(at);
  was_complaint = 0;
}

static int is_whole(const AVFrame *frame) {
  // A frame that no packet is known for has come by no way that we know.
  if (frame->reordered_opaque <= 0) return 0;
  PacketTag at = {(int32_t)(frame->reordered_opaque >> 32), (int32_t)(frame->reordered_opaque & INT32_MAX)};
  if (frame->decode_error_flags || frame->flags & AV_FRAME_FLAG_CORRUPT) note_damage(at);
  const PacketGroup *group = group_of(at.group);
  if (group->first_damaged <= at.number) return 0;
  // Shown before the key frame of its group, it builds upon the group before, too.
  int is_leading = group->key_pts != AV_NOPTS_VALUE && frame->pts != AV_NOPTS_VALUE && frame->pts < group->key_pts;
  return !is_leading || group_of(at.group - 1)->first_damaged == INT32_MAX;
}
