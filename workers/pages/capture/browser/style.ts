/**
 * A page sets these on the element, or on any parent:
 *
 *   --liveness-text     text under the preview; else that of the page, light or dark as it is
 *   --liveness-surface  the preview before there is a picture
 *   --liveness-shade    laid over what is outside of the oval
 *   --liveness-guide    the oval while a face is looked for, on the surface or on any picture: it has a dark rim
 *   --liveness-accent   the ring while frames are taken, likewise
 *   --liveness-radius   corners of the preview
 *   --liveness-font     font of the text; else that of the page
 *
 * and styles `::part(stage)`, `::part(video)`, `::part(text)`. A camera's picture lies on dark in both colour schemes, as films do.
 */
export const STYLE = `
:host {
  display: block;
  position: relative;
  color: var(--liveness-text, inherit);
  font-family: var(--liveness-font, inherit);
}
:host([hidden]) { display: none; }
.stage {
  position: relative;
  overflow: hidden;
  aspect-ratio: var(--ratio, 4 / 3);
  max-height: 70vh;
  max-width: 100%;
  margin-inline: auto;
  border-radius: var(--liveness-radius, 1rem);
  background: var(--liveness-surface, #1b2530);
}
video, svg { position: absolute; inset: 0; width: 100%; height: 100%; }
video { object-fit: cover; opacity: 0; }
video.live { opacity: 1; }
video.mirrored { transform: scaleX(-1); }
.shade { fill: var(--liveness-shade, rgb(9 14 20 / 55%)); fill-rule: evenodd; }
.rim, .oval, .ring { fill: none; stroke-linecap: round; }
.rim { stroke: rgb(9 14 20 / 60%); }
.oval { stroke: var(--liveness-guide, #ffffff); stroke-dasharray: 2 2; }
.ring { stroke: var(--liveness-accent, #3ddc97); visibility: hidden; }
.capturing .oval, .sending .oval { stroke-dasharray: none; }
.capturing .ring, .sending .ring { visibility: visible; }
.text { min-height: 2.8em; margin: 0.75rem 0 0; font-size: 1.125rem; line-height: 1.4; text-align: center; text-wrap: balance; }
.said {
  position: absolute;
  width: 1px;
  height: 1px;
  margin: -1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
@media (prefers-reduced-motion: no-preference) {
  .ring { transition: stroke-dasharray 0.12s linear; }
}
`;
