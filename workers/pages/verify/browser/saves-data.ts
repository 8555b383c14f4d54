import { memberOf } from '../../member-of.ts';

/** Who counts every byte gets the weights with the press on Start. Not every browser says so. */
export function savesData(browser: object): boolean {
  return memberOf(memberOf(browser, 'connection'), 'saveData') === true;
}
