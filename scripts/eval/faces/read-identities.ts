import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface Photograph {
  person: string;
  file: string;
}

/** What is wrong with the folder that was named; said without a stack. */
export class FacesUsage extends Error {}

const PICTURE = /\.(jpe?g|png|webp)$/i;

/** Every picture of a folder that holds a folder per person, by name. */
export async function readIdentities(directory: string): Promise<Photograph[]> {
  const people = (await entriesOf(directory)).filter((entry) => entry.isDirectory());
  const photographs: Photograph[] = [];
  for (const { name: person } of people) {
    const files = (await entriesOf(join(directory, person))).filter(({ name }) => PICTURE.test(name));
    photographs.push(...files.map(({ name }) => ({ person, file: join(directory, person, name) })));
  }
  const byPerson = [...Map.groupBy(photographs, ({ person }) => person).values()];
  if (byPerson.length < 2) throw new FacesUsage(`${directory} holds no two folders with pictures, one for each person`);
  if (byPerson.every((own) => own.length < 2)) throw new FacesUsage(`Nobody in ${directory} has two pictures`);
  return photographs;
}

async function entriesOf(directory: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    throw new FacesUsage(`${directory} cannot be read`, { cause });
  }
}
