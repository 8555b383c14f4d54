export const LANGUAGES = ['en', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The one asked for in the address, else the first that the person reads, else English. */
export function choosePageLanguage({ search, preferred }: { search: string; preferred: readonly string[] }): Language {
  const asked = new URLSearchParams(search).get('lang');
  const wanted = asked === null ? preferred : [asked, ...preferred];
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split('-')[0];
    const known = LANGUAGES.find((language) => language === primary);
    if (known !== undefined) return known;
  }
  return 'en';
}
