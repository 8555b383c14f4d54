/** What belongs to every second person by name, from the first on, and what to the others: one half to tune on, one to judge by. */
export function halvesOf<Item extends { person: string }>(items: readonly Item[]): [tuned: Item[], judged: Item[]] {
  const people = [...new Set(items.map(({ person }) => person))].sort();
  const tuned = new Set(people.filter((_, place) => place % 2 === 0));
  return [items.filter(({ person }) => tuned.has(person)), items.filter(({ person }) => !tuned.has(person))];
}
