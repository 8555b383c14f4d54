import type { Language } from '../../languages.ts';
import { announce, NOTHING_SAID } from '../announcer.ts';
import { type CaptureState, MESSAGES } from '../messages.ts';
import { GUIDE } from '../oval-guide.ts';
import { STYLE } from './style.ts';

const SVG = 'http://www.w3.org/2000/svg';
const BEFORE_THE_CAMERA = { width: 640, height: 480 };

export interface View {
  readonly video: HTMLVideoElement;
  showState(state: CaptureState): void;
  /** On the screen at once, aloud when it is its turn. */
  showText(text: string): void;
  showProgress(taken: number, total: number): void;
  showCamera(stream: MediaStream | null): Promise<void>;
  speak(language: Language): void;
}

/** What is seen and heard of the element. Nothing in it takes the focus, so nothing can hold it. */
export function createView(root: ShadowRoot): View {
  // A browser without them cannot do the check either, and has to be able to say so.
  if ('replaceSync' in CSSStyleSheet.prototype) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  }

  const stage = make('div', { part: 'stage', class: 'stage' });
  const video = make('video', { part: 'video', 'aria-hidden': 'true' });
  video.muted = true;
  video.playsInline = true;
  const ring = makeSvg('path', { class: 'ring', pathLength: '100', 'stroke-dasharray': '0 100' });
  const shade = makeSvg('path', { class: 'shade' });
  const rim = makeSvg('path', { class: 'rim' });
  const oval = makeSvg('path', { class: 'oval', pathLength: '100' });
  const drawing = makeSvg('svg', { 'aria-hidden': 'true', preserveAspectRatio: 'xMidYMid slice' });
  drawing.append(shade, rim, oval, ring);
  const progress = make('div', { class: 'said', role: 'progressbar', 'aria-valuemin': '0' });
  progress.hidden = true;
  stage.append(video, drawing);
  // Twice, because what is read aloud must come more slowly than what is shown.
  const text = make('p', { part: 'text', class: 'text', 'aria-hidden': 'true' });
  const said = make('div', { class: 'said', role: 'status', 'aria-live': 'polite' });
  root.append(stage, progress, text, said);

  function draw({ width, height }: { width: number; height: number }): void {
    const side = Math.min(width, height);
    const path = ovalPath(GUIDE.x * width, GUIDE.y * height, (GUIDE.width * side) / 2, (GUIDE.height * side) / 2);
    drawing.setAttribute('viewBox', `0 0 ${width} ${height}`);
    shade.setAttribute('d', `M0 0H${width}V${height}H0Z${path}`);
    for (const [line, width] of [
      [rim, 0.025],
      [oval, 0.007],
      [ring, 0.017],
    ] as const) {
      line.setAttribute('d', path);
      line.setAttribute('stroke-width', `${width * side}`);
    }
    stage.style.setProperty('--ratio', `${width} / ${height}`);
  }
  draw(BEFORE_THE_CAMERA);

  let language: Language = 'en';
  let picture: 'mirrored' | 'plain' | null = null;
  /** A stage without a picture is nothing to be told of. */
  function describe(): void {
    if (picture === null) {
      stage.removeAttribute('role');
      stage.removeAttribute('aria-label');
    } else {
      stage.setAttribute('role', 'img');
      stage.setAttribute('aria-label', MESSAGES[language].preview[picture]);
    }
  }
  // A phone that is turned turns its picture too.
  video.addEventListener('resize', () => {
    if (video.videoWidth > 0) draw({ width: video.videoWidth, height: video.videoHeight });
  });

  return {
    video,
    showState(state) {
      stage.className = `stage ${state}`;
      progress.hidden = state !== 'capturing';
    },
    showText: createSpeaker(text, said),
    showProgress(taken, total) {
      ring.setAttribute('stroke-dasharray', `${(100 * taken) / total} 100`);
      progress.setAttribute('aria-valuenow', `${taken}`);
      progress.setAttribute('aria-valuemax', `${total}`);
    },
    async showCamera(stream) {
      video.srcObject = stream;
      video.classList.toggle('live', stream !== null);
      // Who holds a camera that looks away wants to see what it sees.
      const looksAway = stream?.getVideoTracks()[0]?.getSettings().facingMode === 'environment';
      video.classList.toggle('mirrored', !looksAway);
      picture = stream === null ? null : looksAway ? 'plain' : 'mirrored';
      describe();
      if (stream) await video.play();
    },
    speak(spoken) {
      language = spoken;
      describe();
      progress.setAttribute('aria-label', MESSAGES[language].progress);
      // What was said keeps the language in which it was.
      for (const element of [stage, progress, text]) element.lang = language;
    },
  };
}

function createSpeaker(shown: HTMLElement, said: HTMLElement): (text: string) => void {
  let announced = NOTHING_SAID;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const sayNow = () => {
    clearTimeout(timer);
    const { now, againInMs } = announce(announced, shown.textContent ?? '', performance.now());
    if (now !== announced) {
      said.lang = shown.lang;
      said.textContent = now.said;
    }
    announced = now;
    if (againInMs !== null) timer = setTimeout(sayNow, againInMs);
  };
  return (text) => {
    shown.textContent = text;
    sayNow();
  };
}

/** From the top clockwise, so that the ring fills like a clock. */
function ovalPath(x: number, y: number, radiusX: number, radiusY: number): string {
  const half = `A${radiusX} ${radiusY} 0 0 1`;
  return `M${x} ${y - radiusY}${half} ${x} ${y + radiusY}${half} ${x} ${y - radiusY}Z`;
}

function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string>,
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function makeSvg<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Record<string, string>,
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
