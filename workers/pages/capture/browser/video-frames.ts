/** Calls back with the time of each new frame that the video shows, until the signal aborts. */
export function onEachFrame(video: HTMLVideoElement, signal: AbortSignal, seen: (atMs: number) => void): void {
  if ('requestVideoFrameCallback' in video) {
    const next = (atMs: number) => {
      if (signal.aborted) return;
      seen(atMs);
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
    return;
  }
  everyNewTime(video, signal, seen);
}

/** For browsers that do not say when a frame is new: the time of a live video moves with its frames. */
function everyNewTime(video: HTMLVideoElement, signal: AbortSignal, seen: (atMs: number) => void): void {
  let lastTime = -1;
  const timer = setInterval(() => {
    if (video.currentTime === lastTime) return;
    lastTime = video.currentTime;
    seen(performance.now());
  }, 15);
  signal.addEventListener('abort', () => clearInterval(timer));
}
