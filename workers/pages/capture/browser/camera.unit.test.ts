import { expect, test, vi } from 'vitest';
import { closeCamera, onCameraLost } from './camera.ts';

/** A stream as far as it is looked at here. */
function streamOf(track: EventTarget & { stop?: () => void }): MediaStream {
  return { getTracks: () => [track], getVideoTracks: () => [track] } as unknown as MediaStream;
}

test('a camera that is unplugged is told of once, and only until the recording has ended', () => {
  const [unplugged, unheard] = [new EventTarget(), new EventTarget()];
  const [lost, notHeard] = [vi.fn<() => void>(), vi.fn<() => void>()];
  const ended = new AbortController();
  onCameraLost(streamOf(unplugged), ended.signal, lost);
  onCameraLost(streamOf(unheard), ended.signal, notHeard);
  unplugged.dispatchEvent(new Event('ended'));
  unplugged.dispatchEvent(new Event('ended'));
  expect(lost).toHaveBeenCalledTimes(1);
  ended.abort();
  unheard.dispatchEvent(new Event('ended'));
  expect(notHeard).not.toHaveBeenCalled();
});

test('every track of a camera is stopped, and no camera is nothing to stop', () => {
  const stop = vi.fn<() => void>();
  closeCamera(streamOf(Object.assign(new EventTarget(), { stop })));
  closeCamera(null);
  expect(stop).toHaveBeenCalledTimes(1);
});
