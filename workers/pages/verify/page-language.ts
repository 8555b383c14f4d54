import { firstLanguage, type Language } from '../languages.ts';

/** The one asked for in the address, else the first that the person reads, else English. */
export function choosePageLanguage({ search, preferred }: { search: string; preferred: readonly string[] }): Language {
  return firstLanguage([new URLSearchParams(search).get('lang'), ...preferred]);
}
