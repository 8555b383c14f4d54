/** When this fails, the hourly look finds the recording, and the answer is still what it was. */
export async function discardRecording(recordings: R2Bucket, objectKey: string): Promise<void> {
  try {
    await recordings.delete(objectKey);
  } catch (error) {
    console.error(JSON.stringify({ level: 'error', event: 'recording_not_deleted', reason: String(error) }));
  }
}
