import { scoreOf } from '#models/face-score.ts';
import { notFound } from '#shared/contract/errors.ts';
import type { VerifyAnswer, VerifyFaceBody } from '#shared/contract/face-search.ts';
import { findPerson } from '#shared/db/face-persons.ts';
import type { Services } from '../services.ts';
import type { KeyCaller } from '../use-cases/find-caller.ts';
import { finishAnyway } from '../use-cases/finish-anyway.ts';
import { askGallery } from './ask-gallery.ts';
import { fuseSubjects } from './fuse-subjects.ts';
import { requireCredits, takeCredits } from './paid-call.ts';
import { readImages } from './read-images.ts';
import { readSubjects } from './read-subjects.ts';
import { placeOf } from './read-thumbnails.ts';

/** 1:1: whether the images show this person. */
export function verifyFace(services: Services, caller: KeyCaller, body: VerifyFaceBody): Promise<VerifyAnswer> {
  return finishAnyway(services, verify());

  async function verify(): Promise<VerifyAnswer> {
    const startedAtMs = services.nowMs();
    await requireCredits(services, caller, 'verifyFace');
    const person = await findPerson(services.database, caller.organisation.id, body.person_id);
    if (person === null) throw notFound('Person');
    const images = await readImages(services, body.images);
    const embedding = body.search_mode === 'FAST' ? 'single' : 'flipped';
    // Good for crops, too: a face that fills the picture is looked for where none is found otherwise.
    const how = { framing: 'whole', embedding, thumbnails: 'none', strictness: 'any_face' } as const;
    const probe = fuseSubjects(await readSubjects(services, images, how));
    const compared = await askGallery(() => services.galleries.compare(placeOf(person), person.id, probe));
    // Removed since it was looked up.
    if (compared.cosine === null) throw notFound('Person');
    const score = scoreOf(compared.cosine);
    const id = services.newId();
    await takeCredits(services, caller, { id, operation: 'verifyFace', pictures: images.length, startedAtMs });
    const match = score >= body.min_score;
    return { id, data: { id: person.id, name: person.name, match, score, min_score: body.min_score } };
  }
}
